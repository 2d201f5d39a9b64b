"""The strikes of an article, as the learned models decide them, one decision after another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.nlp.blocks import Sentence
from transforms.nlp.counts import Count
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.actors_of_units import ActorChoice, actors_of
from transforms.nlp.learned.children import children_of
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.counts_of_units import Toll, counts_of
from transforms.nlp.learned.dated_units import dated_units
from transforms.nlp.learned.further_strikes import further_strikes
from transforms.nlp.learned.headline_units import without_headlines
from transforms.nlp.learned.located_units import without_locators
from transforms.nlp.learned.main_of_units import MainChoice, main_of
from transforms.nlp.learned.models import Models
from transforms.nlp.learned.placed_units import with_positions
from transforms.nlp.learned.said import said_in
from transforms.nlp.learned.targets_of_units import TargetChoice, targets_of
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.verdicts import Verdict
from transforms.nlp.learned.weapons_of_units import WeaponChoice, weapons_of
from transforms.nlp.learned.whereabouts import Whereabouts, whereabouts_of
from transforms.nlp.publication import Publication
from transforms.nlp.tellings import tellings


@dataclass(frozen=True, slots=True)
class Strike:
    """A strike with all that the article says of it. ``sentences``: those that tell of it, in text order."""

    unit: Unit
    toll: Toll
    weapon: WeaponChoice
    actor: ActorChoice
    targets: tuple[TargetChoice, ...]
    main: MainChoice
    whereabouts: Whereabouts
    sentences: tuple[Sentence, ...]
    children_killed: Count | None
    children_injured: Count | None

    @property
    def place(self) -> Place:
        """Return where it happened."""
        return self.unit.candidate.place


def decide_strikes(
    context: Context,
    verdicts: Sequence[Verdict],
    published: Publication,
    gazetteer: Gazetteer,
    pack: LanguagePack,
    models: Models,
) -> list[Strike]:
    """Return the strikes of a document in text order.

    Args:
        context: the document with its findings.
        verdicts: on its places.
        published: when the article was published.
        gazetteer: for time zones and neighbours.
        pack: the language.
        models: that decide.
    """
    if not any(v.is_struck for v in verdicts):
        return []
    findings = context.findings
    units = dated_units(verdicts, context, published, gazetteer, models.dates, models.twins)
    units = further_strikes(units, context, lambda place: published.at(place, gazetteer), models.dates, pack)
    units = without_headlines(sorted(units, key=lambda unit: unit.scenes[0].start), context, pack)
    units = without_locators(units, context, pack)
    units, tolls = without_bare_twins(
        units, counts_of(units, context, published, gazetteer, pack, models.counts)
    )
    said = said_in(context, units, pack)
    weapons = weapons_of(units, said, models.weapons, context.reading)
    actors = actors_of(units, said, gazetteer, pack, models.actors)
    targets = targets_of(units, context, pack, models.targets)
    mains = main_of(units, context, published, models.main)
    where = whereabouts_of(units, context, pack, models.spots, models.times)
    told = tellings(units, [_starts(toll) for toll in tolls], findings)
    placed = with_positions(units, context, pack)
    decided = zip(placed, tolls, weapons, actors, targets, mains, where, told, strict=True)
    return [
        Strike(
            unit, toll, weapon, actor, hit, main, whereabouts, sentences,
            children_killed=children_of("killed", toll.killed, sentences, findings),
            children_injured=children_of("injured", toll.injured, sentences, findings),
        )
        for unit, toll, weapon, actor, hit, main, whereabouts, sentences in decided
    ]  # fmt: skip


_LEAST_OF_TWIN = 0.5
"""A second strike of a place and a day has a number that is its own with at least this probability."""


def without_bare_twins(units: Sequence[Unit], tolls: Sequence[Toll]) -> tuple[list[Unit], list[Toll]]:
    """Return the strikes without those that have day and place of another one, and no toll of their own.

    Nothing tells them apart: "another missile had killed four in the same city" whose day the text gives relative
    to the first strike's. Nor does a number that is hardly theirs: "fifteen remain in hospitals in the city, and four
    children are being treated elsewhere". Their mentions go to the other strike. In articles that no weights saw,
    one row of 835 went because it had no number, and one of 845 because its number was doubtful; both were right.
    In the sample those that go are wrong, and split chains of reports. This can go when the model of dates has
    learned each of two strikes by its own mentions.
    """
    kept: list[int] = []
    own = [{unit.scenes} for unit in units]
    for n, (unit, toll) in enumerate(zip(units, tolls, strict=True)):
        twin = next(
            (
                m
                for m, other in enumerate(units)
                if m != n and other.candidate is unit.candidate and other.interval == unit.interval
                if tolls[m].killed is not None or tolls[m].injured is not None
            ),
            None,
        )
        if twin is None or max(toll.killed_probability, toll.injured_probability) >= _LEAST_OF_TWIN:
            kept.append(n)
        else:
            own[twin] |= own[n]
    joined = [
        replace(units[n], scenes=tuple(sorted((m for group in own[n] for m in group), key=lambda m: m.start)))
        for n in kept
    ]
    return joined, [tolls[n] for n in kept]


def _starts(toll: Toll) -> list[int]:
    """Return where the counts of a toll begin."""
    return [count.start for count in (toll.killed, toll.injured) if count is not None]
