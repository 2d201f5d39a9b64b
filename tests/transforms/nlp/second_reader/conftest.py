"""An article, and a raw report on it that is right in every field."""

from __future__ import annotations

from typing import Any

import pytest
from sample_records import an_article

from schemas.records import Article

HIT = (
    "A Russian Iskander-M ballistic missile hit a playground in Kryvyi Rih on Friday evening, killing at least 14 "
    "people, including three children, the mayor said."
)
HURT = "Dozens were injured in the strike on the city’s Saksahanskyi district."
BACKGROUND = "A day earlier, drones struck Nikopol, wounding a woman."


@pytest.fixture
def article() -> Article:
    return an_article("Missile kills 14 in Kryvyi Rih", f"{HIT}\n\n{HURT} {BACKGROUND}", text_sha256="t1")


@pytest.fixture
def raw() -> dict[str, Any]:
    """Return a raw report that is right in every field."""
    return {
        "location": {"name": "Kryvyi Rih", "country": "UA", "sentence": HIT},
        "event_date": {"start": "2025-04-04", "end": "2025-04-04", "sentence": HIT},
        "weapon": {"value": "ballistic_missile", "sentence": HIT},
        "weapon_name": {"value": "Iskander-M", "sentence": HIT},
        "actor": {"value": "Russia", "sentence": HIT},
        "targets": [{"value": "playground", "sentence": HIT}],
        "fatalities": {"low": 14, "best": 14, "high": None, "sentence": HIT},
        "injured": {"low": 24, "best": None, "high": None, "sentence": HURT},
        "child_fatalities": {"value": 3, "sentence": HIT},
        "child_injured": None,
        "sublocation": {"value": "Saksahanskyi district", "sentence": HURT},
        "event_time": {"value": "evening", "sentence": HIT},
        "claim_status": None,
        "is_main": True,
    }
