"""The features of a strike with one named spot or one time of day: do the words of the article say so of it?"""

from collections.abc import Iterator, Mapping, Sequence

from transforms.nlp.learned.context import STRIKE_GROUPS
from transforms.nlp.learned.mention_features import Numbers, bucket
from transforms.nlp.learned.nearness import FAR, Nearness
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.parse_paths import heads, path_between
from transforms.nlp.learned.spans import NamedSpan
from transforms.nlp.learned.units import Unit

_WINDOW_TOKENS = 4
_NEAR_OTHER = 3.0
"""Words at least so much nearer to another strike belong to it."""


def span_pairs(unit: Unit, spans: Sequence[NamedSpan], nearness: Nearness) -> list[Pair]:
    """Return the features of a strike with each span."""
    away = [nearness.nearest(s.first, unit)[0] for s in spans]
    own_time = unit.time.start if unit.time is not None else None
    scenes = {nearness.sentence_at(m.first) for m in unit.scenes}
    paragraphs = {nearness.paragraph_at(m.first) for m in unit.scenes}
    found = []
    for n, span in enumerate(spans):
        zone = _zone(span, scenes, paragraphs, nearness)
        others = nearness.to_others(span.first, unit)
        same_kind = [a for a, s in zip(away, spans, strict=True) if s.kind == span.kind]
        numbers: Numbers = {
            "away": away[n],
            "to_others": others,
            "is_others": float(others + _NEAR_OTHER < away[n]),
            "to_hit": _to_hit(span, nearness),
            "rank": float(sum(a < away[n] for a in away)),
            "rank_kind": float(sum(a < away[n] for a in same_kind)),
            "spans": float(min(len(spans), 20)),
            "units": float(min(len(nearness.units), 8)),
            "paragraph": float(min(nearness.paragraph_at(span.first), 20)),
            "length": float(span.last - span.first),
            "to_time": float(min(abs(span.start - own_time), 999)) if own_time is not None else 999.0,
            **{f"in_{name}": float(zone == name) for name in ("scene", "title", "paragraph")},
        }
        around = set(_around(span, unit, nearness))
        names = {f"kind={span.kind}", f"zone={zone}", f"{span.kind}|zone={zone}", f"away={bucket(away[n])}"}
        names |= around | {f"{zone}|{name}" for name in around} | {f"{span.kind}|{name}" for name in around}
        found.append(Pair(dict.fromkeys(sorted(names), 1.0), numbers))
    return found


def best_spans(
    spans: Sequence[NamedSpan], odds: Sequence[float], least: float
) -> Mapping[str, tuple[NamedSpan, float]]:
    """Return the likeliest span of each kind that is likely enough, with its log-odds."""
    best: dict[str, tuple[NamedSpan, float]] = {}
    for span, value in zip(spans, odds, strict=True):
        if value >= least and (span.kind not in best or value > best[span.kind][1]):
            best[span.kind] = (span, value)
    return best


def _zone(span: NamedSpan, scenes: set[int], paragraphs: set[int], nearness: Nearness) -> str:
    if nearness.sentence_at(span.first) in scenes:
        return "scene"
    paragraph = nearness.paragraph_at(span.first)
    return "title" if paragraph == 0 else "paragraph" if paragraph in paragraphs else "else"


def _to_hit(span: NamedSpan, nearness: Nearness) -> float:
    """Return the distance in tokens of the nearest word for a strike in the same sentence."""
    context = nearness.context
    sentence = context.sentence(nearness.sentence_at(span.first))
    terms = [t for t in context.terms_of(sentence) if t.group in STRIKE_GROUPS]
    return float(min((max(t.first - span.last, span.first - t.last, 0) for t in terms), default=FAR))


def _around(span: NamedSpan, unit: Unit, nearness: Nearness) -> Iterator[str]:
    """Yield what stands around a span, its heads, and its way to the nearest scene in the parse."""
    context, words = nearness.context, nearness.words
    before = words[max(0, span.first - _WINDOW_TOKENS) : span.first]
    after = words[span.last + 1 : span.last + 1 + _WINDOW_TOKENS]
    yield f"-1={before[-1] if before else ''}"
    yield f"-2={' '.join(before[-2:])}"
    yield f"+1={after[0] if after else ''}"
    yield from (f"l={w}" for w in before)
    yield from (f"r={w}" for w in after)
    yield from (f"in={w}" for w in words[span.first : span.last + 1])
    for n, token in enumerate(heads(context, span.first, span.last), 1):
        yield f"up{n}={context.term_tokens.get(token.i) or words[token.i]}"
    scene = nearness.nearest(span.first, unit)[1]
    path = path_between(context, (span.first, span.last), (scene.first, scene.last))
    if path:
        yield f"path={path}"
    sentence = context.sentence(nearness.sentence_at(span.first))
    if sentence is not None:
        yield f"scope={sentence.out_of_scope}"
        yield from (f"has={t.group}" for t in context.terms_of(sentence))
