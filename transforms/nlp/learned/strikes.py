"""The strikes of an article, as the learned models decide them, one decision after another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.nlp.blocks import Sentence
from transforms.nlp.counts import Count
from transforms.nlp.findings import Findings
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.actors_of_units import ActorChoice, actors_of
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.counts_of_units import Toll, counts_of
from transforms.nlp.learned.dated_units import dated_units
from transforms.nlp.learned.main_of_units import MainChoice, main_of
from transforms.nlp.learned.models import Models
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.verdicts import Verdict
from transforms.nlp.learned.weapons_of_units import WeaponChoice, weapons_of
from transforms.nlp.publication import Publication
from transforms.nlp.tellings import tellings


@dataclass(frozen=True, slots=True)
class Strike:
    """A strike with all that the article says of it. ``sentences``: those that tell of it, in text order."""

    unit: Unit
    toll: Toll
    weapon: WeaponChoice
    actor: ActorChoice
    main: MainChoice
    sentences: tuple[Sentence, ...]

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
    units = dated_units(verdicts, context, published, gazetteer, models.dates)
    tolls = counts_of(units, context, published, gazetteer, pack, models.counts)
    weapons = weapons_of(units, context, models.weapons, pack)
    actors = actors_of(units, context, gazetteer, models.actors, pack)
    mains = main_of(units, context, published, models.main)
    told = tellings(units, [_starts(toll) for toll in tolls], findings)
    tolls = [_with_children(toll, sentences, findings) for toll, sentences in zip(tolls, told, strict=True)]
    decided = zip(units, tolls, weapons, actors, mains, told, strict=True)
    return [Strike(*parts) for parts in decided]


def _starts(toll: Toll) -> list[int]:
    """Return where the counts of a toll begin."""
    return [count.start for count in (toll.killed, toll.injured) if count is not None]


def _with_children(toll: Toll, sentences: Sequence[Sentence], findings: Findings) -> Toll:
    """Return a toll with the children that another sentence on the strike counts: "Nine were children"."""
    killed = toll.children_killed or _children("killed", toll.killed, sentences, findings)
    injured = toll.children_injured or _children("injured", toll.injured, sentences, findings)
    return replace(toll, children_killed=killed, children_injured=injured)


def _children(
    kind: str, total: Count | None, sentences: Sequence[Sentence], findings: Findings
) -> Count | None:
    """Return the highest count of children in the sentences that a total allows, None without a total."""
    if total is None or total.low is None:
        return None
    counts = [c for s in sentences for c in findings.counts_in(s.start, s.end)]
    alone = [c for c in counts if c.kind == f"{kind}_children"]
    alone += [replace(c, low=c.children) for c in counts if c.kind == kind and c.children is not None]
    fitting = [c for c in alone if c.low is not None and (total.high is None or c.low <= total.high)]
    return max(fitting, key=lambda c: c.low or 0, default=None)
