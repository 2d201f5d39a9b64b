"""The features of a place with one of the dates that its article offers: did the strike there happen then?"""

import datetime as dt
from collections.abc import Iterator, Sequence

from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.date_options import DateOption, Stated
from transforms.nlp.learned.mention_features import bucket
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.place_names import PlaceMention

_WINDOW_TOKENS = 4
_FAR = 60.0
"""Distances are cut here; it also stands for "none"."""
_HEADS = 3
_MOST_COMPARED = 64
"""So many mentions and times of one date are compared: for thousands the time would grow with their square."""
_MANY_DAYS = 20_000.0

Numbers = dict[str, float]


def date_pairs(
    candidate: Candidate,
    odds: Sequence[float],
    options: Sequence[DateOption],
    context: Context,
    published: dt.datetime,
) -> list[Pair]:
    """Return the features of one place with each date.

    Args:
        candidate: the place.
        odds: log-odds that a strike is told, for each mention of the place.
        options: the dates that the article offers.
        context: the document.
        published: local time of publication at the place.
    """
    scene = max(zip(odds, candidate.mentions, strict=True), key=lambda pair: pair[0])[1]
    ranked = _by_distance(scene, options, context)
    pairs = []
    for option in options:
        names: set[str] = set()
        numbers = _of_option(option, options, published)
        numbers["scene_odds"] = max(odds)
        _of_scene(scene, context, names, numbers)
        if option.stated:
            nearest = min(option.stated, key=lambda s: _distance(s, scene, context))
            names.update(_around(nearest, context))
            names.update(_parsed(nearest, context))
            names.update(_between(nearest, scene, context, numbers))
            numbers["rank"] = float(ranked.index((option.interval.start, option.interval.end)))
            closest = min(
                _distance(s, m, context)
                for s in option.stated[:_MOST_COMPARED]
                for m in candidate.mentions[:_MOST_COMPARED]
            )
            numbers["closest"] = min(closest, _FAR)
            numbers["times_stated"] = float(min(len(option.stated), 5))
            numbers["is_event"] = float(nearest.time.role == "event")
            numbers["is_anchored"] = float(nearest.is_anchored)
            numbers["possessive"] = float(nearest.time.is_possessive)
            numbers["in_title"] = float(any(s.time.start < context.findings.title_end for s in option.stated))
            numbers["in_lead"] = float(any(_paragraph(s.time.start, context) == 1 for s in option.stated))
            names.add(f"kind={nearest.time.kind}")
            names.add(f"role={nearest.time.role}")
            names.add(f"kind_role={nearest.time.kind}:{nearest.time.role}")
        else:
            names.add("kind=publication")
            names.update(f"pub:{name}" for name in list(names) if name.startswith("scene"))
        pairs.append(Pair(dict.fromkeys(names, 1.0), numbers))
    return pairs


def _of_option(option: DateOption, options: Sequence[DateOption], published: dt.datetime) -> Numbers:
    """Return what the dates are, and how they stand among the others."""
    day, interval = published.date(), option.interval
    near = [o for o in options if o.stated and o.interval.end >= day - dt.timedelta(days=2)]
    return {
        "is_publication": float(option.is_publication),
        "days_ago": float(min(max((day - interval.end).days, -1), _MANY_DAYS)),
        "days_ago_bucket": float(bucket((day - interval.end).days)),
        "days": float(min((interval.end - interval.start).days, 400)),
        "precision": float(interval.precision),
        "options": float(len(options)),
        "recent_options": float(len(near)),
        "is_only_recent": float(bool(near) and all(o is option for o in near)),
        "within_publication": float(interval.end >= day - dt.timedelta(days=1)),
        "older_options": float(sum(o.interval.end < interval.start for o in options)),
        "narrower_inside": float(
            sum(
                o is not option
                and o.interval.start >= interval.start
                and o.interval.end <= interval.end
                and (o.interval.end - o.interval.start) < (interval.end - interval.start)
                for o in options
            )
        ),
    }


def _of_scene(scene: PlaceMention, context: Context, names: set[str], numbers: Numbers) -> None:
    """Write where the scene stands, and which times are near it."""
    number = context.sentence_of(scene.start)
    sentence = context.sentence(number) if number is not None else None
    if sentence is None or number is None:
        return
    findings = context.findings
    times = findings.times_in(sentence.start, sentence.end)
    numbers["scene_paragraph"] = float(min(sentence.paragraph, 30))
    numbers["scene_at"] = scene.start / max(1, len(findings.text))
    numbers["scene_times"] = float(len(times))
    numbers["scene_event_times"] = float(sum(t.role == "event" for t in times))
    numbers["paragraph_times"] = float(
        sum(_paragraph(t.start, context) == sentence.paragraph for t in findings.times)
    )
    numbers["article_times"] = float(min(len(findings.times), 30))
    numbers["scene_in_title"] = float(scene.start < findings.title_end)
    tags = {t.tag_ for t in context.doc[sentence.first : sentence.last] if t.tag_.startswith("VB")}
    names.update(f"scene_tag={tag}" for tag in tags)
    names.update(f"scene={word}" for word in context.sentence_words[number])
    names.update(f"scene_scope={sentence.out_of_scope}" for _ in (0,) if sentence.out_of_scope)
    names.add(f"scene_time={'+'.join(sorted({t.kind for t in times})) or 'none'}")
    root = context.doc[scene.first : scene.last + 1].root
    for _ in range(4):
        if root.tag_.startswith(("VB", "MD")):
            names.add(f"scene_verb={root.tag_}")
            names.update(f"scene_aux={c.lower_}" for c in root.children if c.dep_ in ("aux", "auxpass"))
            break
        root = root.head


def _between(stated: Stated, scene: PlaceMention, context: Context, numbers: Numbers) -> Iterator[str]:
    """Yield how a time stands to the scene, and write the distances."""
    time, findings = stated.time, context.findings
    here, there = context.sentence_of(time.start), context.sentence_of(scene.start)
    same = here is not None and here == there
    before = time.start < scene.start
    apart = abs(here - there) if here is not None and there is not None else _FAR
    numbers["same_sentence"] = float(same)
    numbers["time_before"] = float(before)
    numbers["sentences_apart"] = min(float(apart), _FAR)
    numbers["paragraphs_apart"] = min(
        float(abs(_paragraph(time.start, context) - _paragraph(scene.start, context))), 30.0
    )
    numbers["distance"] = min(_distance(stated, scene, context), _FAR)
    first, last = sorted((time.start, scene.start))
    numbers["times_between"] = float(sum(first < t.start < last for t in findings.times))
    numbers["places_between"] = float(
        sum(first < p.start < last and p.place.name != scene.place.name for p in context.certain)
    )
    side = "before" if before else "after"
    yield f"{side}:{'same' if same else bucket(float(apart))}"
    if same:
        yield f"{side}:tokens{bucket(numbers['distance'])}"
    sentence = context.sentence(here) if here is not None else None
    terms = context.terms_of(sentence)
    for group in STRIKE_GROUPS:
        of_group = [abs(t.start - time.start) for t in terms if t.group == group]
        numbers[f"to_{group}"] = min(min(of_group, default=400), 400) / 5
    if sentence is not None:
        counts = findings.counts_in(sentence.start, sentence.end)
        numbers["time_counts"] = float(len(counts))
        yield from (f"time_scope={sentence.out_of_scope}" for _ in (0,) if sentence.out_of_scope)
    yield from (f"time_group={group}" for group in {t.group for t in terms})


def _around(stated: Stated, context: Context) -> Iterator[str]:
    """Yield the words around a time."""
    first, last = _tokens(stated, context)
    before = context.words[max(0, first - _WINDOW_TOKENS) : first]
    after = context.words[last + 1 : last + 1 + _WINDOW_TOKENS]
    yield f"-1={before[-1] if before else ''}"
    yield f"-2={' '.join(before[-2:])}"
    yield f"+1={after[0] if after else ''}"
    yield f"+2={' '.join(after[:2])}"
    yield from (f"l={word}" for word in before)
    yield from (f"r={word}" for word in after)


def _parsed(stated: Stated, context: Context) -> Iterator[str]:
    """Yield the heads of a time in the parse."""
    first, last = _tokens(stated, context)
    token = context.doc[first : last + 1].root
    for height in range(1, _HEADS + 1):
        if token.head.i == token.i:
            break
        token = token.head
        yield f"up{height}={context.words[token.i]}"
        group = context.term_tokens.get(token.i)
        if group is not None:
            yield f"up_group={group}"
        if token.tag_.startswith("VB"):
            yield f"verb={context.words[token.i]}"
            yield f"verb_tag={token.tag_}"
            yield from (f"aux={c.lower_}" for c in token.children if c.dep_ in ("aux", "auxpass"))
            break


def _tokens(stated: Stated, context: Context) -> tuple[int, int]:
    """Return the first and last token of a time."""
    first = context.token_at(stated.time.start)
    return first, max(first, context.token_at(stated.time.end - 1))


def _by_distance(
    scene: PlaceMention, options: Sequence[DateOption], context: Context
) -> list[tuple[dt.date, dt.date]]:
    """Return the dates by the distance of their nearest time to the scene."""
    stated = [o for o in options if o.stated]
    ordered = sorted(stated, key=lambda o: min(_distance(s, scene, context) for s in o.stated))
    return [(o.interval.start, o.interval.end) for o in ordered]


def _distance(stated: Stated, mention: PlaceMention, context: Context) -> float:
    """Return the distance of a time to a mention in tokens; another sentence or paragraph adds to it."""
    first, last = _tokens(stated, context)
    tokens = mention.first - last if mention.first > last else first - mention.last
    here, there = context.sentence_of(stated.time.start), context.sentence_of(mention.start)
    return float(max(tokens, 0)) + (0.0 if here == there else 20.0)


def _paragraph(start: int, context: Context) -> int:
    """Return the paragraph at a character; the headline is 0."""
    number = context.sentence_of(start)
    return context.findings.sentences[number].paragraph if number is not None else 0
