"""Every rule is needed: without it a report of an annotated article changes, or a case of ``rules.yaml`` fails."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ablation import unneeded_rules

CASES = Path(__file__).parents[1] / "transforms" / "nlp" / "rules.yaml"
TESTED_ELSEWHERE = {"quantities.year_before"}  # in tests/transforms/nlp/test_quantities.py


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_rule_is_needed() -> None:
    with_case = {case["rule"] for case in yaml.safe_load(CASES.read_text("utf-8"))} | TESTED_ELSEWHERE
    assert set(unneeded_rules()) <= with_case
