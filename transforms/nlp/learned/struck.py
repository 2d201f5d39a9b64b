"""Which places of a document were struck, by the learned model, and where that is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.nlp.findings import Findings
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.candidates import Candidate, find_candidates, is_possible
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.digests import with_items
from transforms.nlp.learned.encoder_windows import Span
from transforms.nlp.learned.further_strikes import spans_to_read
from transforms.nlp.learned.model import Judged, StruckModel, Thresholds
from transforms.nlp.learned.pair_model import probability
from transforms.nlp.learned.place_features import candidate_features
from transforms.nlp.learned.reader import Reader
from transforms.nlp.learned.reading import Reading, Settings, mean_odds
from transforms.nlp.learned.verdicts import Verdict
from transforms.nlp.place_names import PlaceMention

_UNTOLD = frozenset({"cumulative", "hypothetical", "exercise"})
"""Kinds of sentences that tell of no strike of their own."""

_LAUNCH_CHARS = 140
"""So far before a place the words stand that something was fired from it."""
_MOST_STRUCK = 60
"""An article reports at most so many struck places, the likeliest: the time for what belongs to them grows with their
square."""
_MOST_MENTIONS = 64
"""The encoder reads the words around so many mentions of one article: a second of CPU at most."""
_SHORT_CHARACTERS = 2500
"""Of a text of at most so many characters the encoder also says whether it reports a strike at all. In 970 notes the AUC
of that was .96, and .91 by the likeliest place. Longer texts tell of much else: in 90 real articles, most of them longer,
it was .84 and .95."""
_LEAST_OF_SHORT = 0.1
"""The likeliest place of a short text that reports a strike needs this probability. Of 11 reports more than with .3 in
notes seven are right."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What the encoder says of a short text as a whole: log-odds that it reports a strike.

    ``share``: its share beside the log-odds of the likeliest place. ``least``: the probability that both need.
    """

    odds: float
    share: float
    least: float


def judge_places(
    context: Context, gazetteer: Gazetteer, model: StruckModel, reader: Reader | None = None
) -> list[Verdict]:
    """Return a verdict for each place of a document that could be struck, in text order.

    The items of a digest are judged as texts of their own too.

    Args:
        context: the document. It keeps what the encoder read.
        gazetteer: of its places.
        model: judges all places.
        reader: is asked about places in doubt.
    """
    verdicts = _judge(context, gazetteer, model, reader)
    pack = reader.pack if reader is not None else None
    found = with_items(verdicts, context, lambda item: _judge(item, gazetteer, model, reader), pack)
    if reader is not None and any(v.is_struck for v in found):
        context.further_reading = reader.read(context, spans_to_read(context, found, reader.pack))
    return found


def _judge(
    context: Context, gazetteer: Gazetteer, model: StruckModel, reader: Reader | None
) -> list[Verdict]:
    candidates = find_candidates(context.findings.places)
    features = candidate_features(candidates, context, gazetteer)
    judged = model.judge(features)
    context.reading = None
    if reader is not None:
        context.reading = reader.read(context, asked_about(judged, candidates, reader.settings))
    thresholds = model.thresholds
    if context.reading is not None:
        judged = second_opinion(judged, candidates, context.reading)
        thresholds = replace(thresholds, place=context.reading.settings.place)
    whole = _said_of_whole(context.reading, len(context.findings.text))
    verdicts = without_untold(decide(candidates, judged, thresholds, whole), context.findings)
    return without_places_not_hit(verdicts, context.findings, reader.pack) if reader is not None else verdicts


def _said_of_whole(reading: Reading | None, characters: int) -> Whole | None:
    if reading is None or characters > _SHORT_CHARACTERS:
        return None
    return Whole(reading.article_odds, reading.settings.article_share, reading.settings.article)


def second_opinion(
    judged: Sequence[Judged], candidates: Sequence[Candidate], reading: Reading
) -> list[Judged]:
    """Return the judgements, where the encoder has its share in those that are in doubt."""
    settings, result = reading.settings, []
    for own, candidate in zip(judged, candidates, strict=True):
        by_encoder = reading.struck_odds(_spans(candidate)) if own.probability >= settings.least else None
        if by_encoder is not None and own.probability <= settings.most:
            reason = ("encoder", settings.share * by_encoder)
            mean = mean_odds(own.odds, by_encoder, settings.share)
            own = replace(own, odds=mean, reasons=(reason, *own.reasons))
        result.append(own)
    return result


def asked_about(judged: Sequence[Judged], candidates: Sequence[Candidate], settings: Settings) -> list[Span]:
    """Return the mentions that the encoder reads: of places that may be struck; of too many those in most doubt."""
    possible = [n for n, j in enumerate(judged) if j.probability >= settings.least]
    kept: list[Span] = []
    for n in sorted(possible, key=lambda n: abs(judged[n].odds)):
        own = _spans(candidates[n])
        if len(kept) + len(own) <= _MOST_MENTIONS:
            kept += own
    return sorted(kept)


def _spans(candidate: Candidate) -> list[Span]:
    return [(m.start, m.end) for m in candidate.mentions]


def decide(
    candidates: Sequence[Candidate],
    judged: Sequence[Judged],
    thresholds: Thresholds,
    whole: Whole | None = None,
) -> list[Verdict]:
    """Return the verdict on each candidate of an article.

    An article must have one place that is likely to be struck. Its other places then need less: this halves
    the false alarms in articles without a strike, at a small loss in those with several. Of a short text the encoder
    says whether it reports a strike; if so, its likeliest place was struck even where it is in doubt. "A landmine went
    off between Pirakata and Dahijuri, in Paschim Medinipur" leaves the place in doubt, not the strike.
    """
    least = [thresholds.possible if is_possible(c) else thresholds.place for c in candidates]
    may_be = [n for n, (j, t) in enumerate(zip(judged, least, strict=True)) if j.probability >= t]
    likeliest = sorted(may_be, key=lambda n: -judged[n].odds)[:_MOST_STRUCK]
    reasons = [j.reasons for j in judged]
    if whole is not None:
        best = max(range(len(judged)), key=lambda n: judged[n].odds)
        reasons[best] = (("article", whole.share * whole.odds), *reasons[best])
        is_told = _tells_of_strike(judged[best], whole)
        struck = {*likeliest, best} if is_told and judged[best].probability >= _LEAST_OF_SHORT else set()
    else:
        is_likely = any(judged[n].probability >= thresholds.article for n in likeliest)
        struck = set(likeliest) if is_likely else set()
    return [
        Verdict(c, n in struck, j.probability, j.mention_scores, reasons[n])
        for n, (c, j) in enumerate(zip(candidates, judged, strict=True))
    ]


def _tells_of_strike(best: Judged, whole: Whole) -> bool:
    """Return whether a short text reports a strike, by its likeliest place and as a whole."""
    return probability(mean_odds(best.odds, whole.odds, whole.share)) >= whole.least


def without_untold(verdicts: Sequence[Verdict], findings: Findings) -> list[Verdict]:
    """Return the verdicts, where a place whose scenes are all a total, a threat, a drill or another harm is not struck.

    Out of fold the model took three places of the first kinds for struck, and all three were not. Of 111 annotated places
    of which the text tells only another harm ("killed 26 in a street fight for the bridge") one was struck.
    """
    untold = [(s.start, s.end) for s in findings.sentences if s.out_of_scope in _UNTOLD or s.tells_no_strike]

    def is_untold(scene: int) -> bool:
        return any(start <= scene < end for start, end in untold)

    return [
        replace(v, is_struck=False) if v.is_struck and all(is_untold(m.start) for m in v.scenes) else v
        for v in verdicts
    ]


def without_places_not_hit(
    verdicts: Sequence[Verdict], findings: Findings, pack: LanguagePack
) -> list[Verdict]:
    """Return the verdicts, where a place from which something was fired, or that only lost its power, is not struck.

    "Mortar fire from Al-Hawban reached a yard". In articles that no weights saw 14 such rows went;
    none of their places was hit, and five had been taken for a hit place near them.
    """
    text, patterns = findings.text, pack.patterns

    def is_not_hit(scene: PlaceMention) -> bool:
        before, behind = (
            text[max(0, scene.start - _LAUNCH_CHARS) : scene.start],
            text[scene.end :][:_LAUNCH_CHARS],
        )
        if patterns["places.launched_from"].search(before) is not None:
            return True
        if patterns["places.affected"].search(before) is not None:
            return True  # "cutting power to Dongola and Wadi Halfa"
        is_stationed = patterns["places.stationed_in"].search(before) is not None
        return is_stationed and patterns["places.fires_behind"].match(behind) is not None

    return [
        replace(v, is_struck=False) if v.is_struck and all(map(is_not_hit, v.scenes)) else v for v in verdicts
    ]


def with_learned_roles(places: Sequence[PlaceMention], verdicts: Sequence[Verdict]) -> list[PlaceMention]:
    """Return the mentions with the roles that follow from the verdicts.

    A mention of a struck place is its scene where the model says so of the mention. Other places keep the
    role of the rules: a clause about a place without a strike must not give its toll to another place.
    """
    scenes = {m.start for v in verdicts if v.is_struck for m in v.scenes}
    return [replace(m, role="scene") if m.start in scenes else m for m in places]
