"""Whatever the runs see on the way, at the end every channel was told what the ledger says."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from alerts import a_telling, a_watch, begun

from schemas.alert_records import AlertDelivery, AlertFacts, Telling
from transforms.alerts.due import Heard, find_due, sent_row
from transforms.alerts.match import matches
from transforms.alerts.watches import Conditions

WATCH = a_watch(conditions=Conditions(killed_at_least=5))
REPORTS = 6


@dataclass
class World:
    """A ledger: current incidents, and where every id leads that is no longer current."""

    current: dict[str, Telling] = field(default_factory=dict)
    leads: dict[str, str | None] = field(default_factory=dict)


def a_world(dice: random.Random) -> World:
    """Return a world in which each of six reports founds an incident, has joined another's, or is not there."""
    world = World()
    for n in range(REPORTS):
        name = f"i-{n}"
        fate = dice.random()
        if fate < 0.2:
            world.leads[name] = None
        elif fate < 0.45 and world.current:
            world.leads[name] = dice.choice(sorted(world.current))
        else:
            killed = dice.randint(2, 9)
            status = dice.choice(
                ["auto", "auto", "auto", "needs_review", "rejected", "corrected", "confirmed"]
            )
            world.current[name] = a_telling(
                incident_id=name,
                fatalities_low=killed,
                fatalities_best=killed,
                fatalities_high=killed,
                status=status,
            )
    return world


class Reader:
    """A channel, and what its reader believes."""

    def __init__(self) -> None:
        self.rows: dict[str, AlertDelivery] = {}
        self.last: dict[str, tuple[AlertFacts, bool]] = {}
        self.revisions: dict[str, int] = {}

    def watch(self, world: World, skips: random.Random | None = None) -> None:
        """Deliver what is due. ``skips``: the process dies before some of the messages."""
        found = {name: t for name, t in world.current.items() if matches(WATCH.conditions, t)}
        others = {name: t for name, t in world.current.items() if name not in found}
        heard = [
            Heard(row, name if name in world.current else world.leads.get(name))
            for name, row in self.rows.items()
        ]
        for message in find_due(WATCH, "atom", found, [begun(WATCH), *heard], others).messages:
            if skips is not None and skips.random() < 0.3:
                return
            assert message.revision == self.revisions.get(message.thread, 0) + 1
            self.revisions[message.thread] = message.revision
            self.last[message.thread] = message.telling.facts, message.withdrawn is not None
            self.rows[message.thread] = sent_row(
                message, self.rows.get(message.thread), "2025-04-06T00:00:00Z"
            )

    def believes(self, world: World) -> Mapping[str, AlertFacts]:
        """Return the facts by the current id of each incident that was told and not withdrawn."""
        held: dict[str, AlertFacts] = {}
        for thread, (facts, is_withdrawn) in self.last.items():
            if not is_withdrawn:
                current = thread if thread in world.current else world.leads[thread]
                assert current is not None
                assert current not in held, "two threads of one incident"
                held[current] = facts
        return held


@pytest.mark.parametrize("seed", range(300))
def test_any_way_to_a_ledger_tells_what_it_says(seed: int) -> None:
    dice = random.Random(seed)
    final = a_world(dice)
    truth = {name: t.facts for name, t in final.current.items() if matches(WATCH.conditions, t)}
    for steps in (0, 1, 3):
        reader = Reader()
        for _ in range(steps):
            reader.watch(a_world(dice), dice)
        reader.watch(final)
        assert reader.believes(final) == truth
        told = dict(reader.revisions)
        reader.watch(final)
        assert reader.revisions == told, "a second run told something again"
