"""Every rule is needed: without it something changes in the annotated articles, or a case of ``rules.yaml`` fails."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ablation import unneeded_rules

CASES = Path(__file__).parents[1] / "transforms" / "nlp" / "rules.yaml"
TESTED_ELSEWHERE = {
    "day_times.clock",  # in tests/transforms/nlp/learned/test_whereabouts.py
    *(  # in tests/transforms/nlp/learned/test_actors.py
        f"frames.{name}" for name in ("blamed_after", "blamed_before", "claims_after", "denies_after")
    ),
    *(  # in tests/transforms/nlp/test_quantities.py
        f"quantities.{name}" for name in ("year_before", "named_before", "place_leads", "numbered_before")
    ),
    *(  # in tests/transforms/nlp/learned/test_label_lists.py
        f"casualties.list_{name}" for name in ("group", "joint", "number")
    ),
    *(f"times.rule_{n}" for n in (21, 22, 23, 24, 29)),  # in test_times.py beside it
    *(
        f"casualties.{name}"  # in tests/transforms/nlp/learned/test_counts.py
        for name in (
            "cumulative_toll", "partial_toll", "other_event", "joint_toll", "newer_toll", "older_toll",
            "attacker_dead", "nobody",
        )
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_rule_is_needed() -> None:
    with_case = {case["rule"] for case in yaml.safe_load(CASES.read_text("utf-8"))} | TESTED_ELSEWHERE
    assert set(unneeded_rules()) <= with_case
