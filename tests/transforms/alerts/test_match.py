"""Which incidents fit which conditions."""

from __future__ import annotations

from typing import Any

import pytest
from alerts import a_telling

from transforms.alerts.match import matches
from transforms.alerts.watches import Circle, Conditions

NEAR, FAR = Circle(50.45, 36.25, 60.0), Circle(50.45, 30.52, 60.0)
CASES: list[tuple[Conditions, dict[str, Any], bool]] = [
    (Conditions(), {}, True),
    (Conditions(countries=("UA", "RU")), {}, True),
    (Conditions(countries=("RU",)), {}, False),
    (Conditions(countries=("UA",)), {"country": None}, False),
    (Conditions(weapons=("drone",)), {}, True),
    (Conditions(weapons=("missile",)), {}, False),
    (Conditions(actors=("russia",)), {"actor": "Russia"}, True),
    (Conditions(actors=("shabaab",)), {"actor": "al-Shabaab"}, True),
    (Conditions(actors=("russia",)), {"actor": None}, False),
    (Conditions(killed_at_least=5), {}, True),
    (Conditions(killed_at_least=6), {}, False),
    (Conditions(killed_at_least=5), {"fatalities_low": 0, "fatalities_best": 20, "fatalities_high": 20}, True),
    (Conditions(killed_at_least=24), {"fatalities_low": 24, "fatalities_best": None, "fatalities_high": None}, True),
    (Conditions(killed_at_least=1), {"fatalities_low": None, "fatalities_best": None, "fatalities_high": 9}, False),
    (Conditions(killed_at_least=0), {"fatalities_low": None, "fatalities_best": None}, False),
    (Conditions(killed_at_least=0), {"fatalities_low": 0, "fatalities_best": 0}, True),
    (Conditions(injured_at_least=20), {}, True),
    (Conditions(killed_at_least=5, injured_at_least=21), {}, False),
    (Conditions(circle=NEAR), {}, True),
    (Conditions(circle=FAR), {}, False),
    (Conditions(circle=NEAR), {"geo_precision": 2}, True),
    (Conditions(circle=NEAR), {"geo_precision": 3}, False),
    (Conditions(circle=NEAR), {"latitude": None, "longitude": None}, False),
    (Conditions(circle=Circle(0.0, 179.9, 50.0)), {"latitude": 0.0, "longitude": -179.9}, True),
    (Conditions(), {"status": "needs_review"}, False),
    (Conditions(), {"status": "rejected"}, False),
    (Conditions(), {"status": "confirmed"}, True),
    (Conditions(), {"status": "corrected"}, True),
    (Conditions(publishable_only=False), {"status": "needs_review"}, True),
    (Conditions(publishable_only=False), {"status": "rejected"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "change", "fits"), CASES, ids=range(len(CASES)))
def test_conditions(conditions: Conditions, change: dict[str, Any], fits: bool) -> None:
    assert matches(conditions, a_telling(**change)) is fits
