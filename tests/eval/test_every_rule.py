"""Every rule is needed: without it a report of the annotated articles changes, or a case fails."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ablation import idle_rules

CASES = Path(__file__).parents[1] / "transforms" / "rules.yaml"
ELSEWHERE = {"quantities.year_before"}  # tests/transforms/test_quantities.py


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_rule_is_needed() -> None:
    held = {case["rule"] for case in yaml.safe_load(CASES.read_text("utf-8"))} | ELSEWHERE
    assert set(idle_rules()) <= held
