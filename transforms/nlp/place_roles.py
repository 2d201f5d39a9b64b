"""What a named place is to the text: where something may have struck, or only a frame, a speaker, a
place somebody comes from."""

import re
from collections.abc import Sequence
from functools import cache

from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import PlaceMention

_SAME_SENTENCE = 60  # characters


@cache
def _not_scenes(pack: LanguagePack) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what stands before, and what behind, a place that is where somebody is or goes."""
    cues = pack.lexicon["not_scenes"]
    optional = pack.patterns["places.optional_the"].pattern
    before, after = ("|".join(map(re.escape, cues[side])) for side in ("before", "after"))
    return re.compile(rf"(?:^|\W)(?:{before}){optional}"), re.compile(rf"\s*(?:{after})\b")


def role_of(
    text: str,
    m: PlaceMention,
    before_it: Sequence[PlaceMention],
    pack: LanguagePack,
    following: PlaceMention | None = None,
) -> str:
    """Return scene, frame, dateline, official, actor or other.

    Args:
        text: of the document.
        m: the mention.
        before_it: the mentions just before.
        pack: the language.
        following: the mention behind it.
    """
    districts = pack.words["own_district_after"]
    is_town_next = following is not None and following.place.geo_precision == 1
    if (
        is_town_next
        and following is not None
        and pack.patterns["places.part_of"].fullmatch(text[m.end : following.start])
    ):
        return "frame"
    is_district = m.place.kind == "district" or text[m.start : m.end].split()[-1].lower() in districts
    behind = text[m.end : following.start] if is_town_next and following is not None else ""
    if is_district and pack.patterns["places.of_town"].fullmatch(behind):
        return "frame"  # "the Shevchenkivskyi district of Kharkiv"
    if m.place.kind == "district":
        earlier = (o for o in before_it if o.end < m.start and m.start - o.end < 80)
        return "frame" if any(o.place.geo_precision == 1 for o in earlier) else "scene"
    if m.place.geo_precision > 1:
        return "frame"
    line_start = text.rfind("\n", 0, m.start) + 1
    rules = pack.patterns
    dateline = rules["places.dateline"].match(text[line_start : line_start + 80])
    if dateline and m.end <= line_start + dateline.end():
        return "dateline"
    before = re.split(r"[.;:\n]", text[max(0, m.start - 60) : m.start].lower())[-1]
    after = text[m.end : m.end + 40].lower()
    if _is_beside(text, m, before_it, pack):
        return "frame"
    if rules["places.unnamed_near"].search(before):
        return "near"
    is_there = rules["places.struck_there"].search(before)
    if rules["places.official_after"].match(after) and not is_there:
        return "official"
    before = rules["places.apposed_kind"].sub("", before)[-40:]
    is_named = any(o.place.geo_precision == 1 and m.start - o.end < _SAME_SENTENCE for o in before_it)
    if is_named and _is_near_last(text, m, before_it, pack):
        return "frame"  # "shelled the Zamzam camp for displaced people near El Fasher"
    # "the road between X and Y": X will do, where no place is named
    is_first = not is_named and rules["places.between"].search(before)
    if m.place.is_capital and _speaks(after, before, pack):
        return "actor"
    if (
        not is_first
        and _not_scenes(pack)[0].search(before)
        and not rules["places.in_the_north_of"].search(before)
    ):
        return "other"
    if rules["places.treated_in"].search(before) or rules["places.distance_from"].search(before):
        return "other"
    return "scene"


def _is_beside(text: str, m: PlaceMention, before_it: Sequence[PlaceMention], pack: LanguagePack) -> bool:
    """Return whether a place only says where the one before it lies: "Maya near Zawiya", "between X and
    Y"."""
    rules = pack.patterns
    for other in before_it[-1:]:
        between = text[other.end : m.start]
        if other.place.geo_precision == 1 and rules["places.near_another"].match(between):
            return True
        if rules["places.between_and"].match(between):
            return bool(rules["places.between"].search(text[max(0, other.start - 40) : other.start]))
    return False


def _is_near_last(text: str, m: PlaceMention, before_it: Sequence[PlaceMention], pack: LanguagePack) -> bool:
    last = next((o for o in reversed(before_it) if o.place.geo_precision == 1), None)
    between = text[last.end : m.start] if last is not None else ""
    return bool(pack.patterns["places.near_before"].fullmatch(between))


def _speaks(after: str, before: str, pack: LanguagePack) -> bool:
    """Return whether a capital is a government here, not a place."""
    rules = pack.patterns
    if rules["places.institution_after"].match(after) or rules["places.institution_in"].search(before):
        return True
    if rules["places.struck_there"].search(before) or rules["places.own_thing"].match(after):
        return False
    if rules["places.possessive"].match(after):
        return True
    return bool(_not_scenes(pack)[1].match(after) or rules["places.acts_before"].search(before))
