"""The role of a named place: the scene of a strike, what locates a scene, a speaker, or something else."""

import re
from collections.abc import Sequence
from functools import cache

from transforms.nlp.language import LanguagePack
from transforms.nlp.locating_towns import lies_in_its_region
from transforms.nlp.place_names import PlaceMention

_NEAR_TOWN_CHARS, _NEAR_DISTRICT_CHARS = 60, 80
"""A town named at most this far before a place, or before a district, belongs to the same statement."""
_BEFORE_CHARS, _AFTER_CHARS, _DATELINE_CHARS = 60, 40, 80
"""How much text before a place, after it, and from the start of its line is searched for cues of its role."""
_NO_SCENE_CHARS = 40
"""How far before a place the words may stand that show that it is no scene."""
_BETWEEN_CHARS = 40
"""How far before "X and Y" the word "between" may stand."""


@cache
def _not_scenes(pack: LanguagePack) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the expressions for the words before and after a place that show that it is no scene."""
    cues = pack.lexicon["not_scenes"]
    optional = pack.patterns["places.optional_the"].pattern
    before, after = ("|".join(map(re.escape, cues[side])) for side in ("before", "after"))
    return re.compile(rf"(?:^|\W)(?:{before}){optional}"), re.compile(rf"\s*(?:{after})\b")


def role_of(
    text: str,
    m: PlaceMention,
    earlier: Sequence[PlaceMention],
    pack: LanguagePack,
    following: PlaceMention | None = None,
) -> str:
    """Return the role of a mention, as ``PlaceMention.role`` lists them.

    Args:
        text: of the document.
        m: the mention.
        earlier: the mentions before it, the nearest last.
        pack: the language.
        following: the mention after it, if any.
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
    between = text[m.end : following.start] if is_town_next and following is not None else ""
    is_of_town = is_district and pack.patterns["places.of_town"].fullmatch(between)
    if is_of_town and following is not None:
        # "the Shevchenkivskyi district of Kharkiv", but "the Abs district of Hajjah" is 40 km from that town
        is_apart = m.place.kind == "district" and lies_in_its_region(m.place, following.place)
        return "scene" if is_apart else "frame"
    if m.place.kind == "district":
        near = (o for o in earlier if o.end < m.start and m.start - o.end < _NEAR_DISTRICT_CHARS)
        return "frame" if any(o.place.geo_precision == 1 for o in near) else "scene"
    if m.place.geo_precision > 1:
        return "frame"
    line_start = text.rfind("\n", 0, m.start) + 1
    rules = pack.patterns
    dateline = rules["places.dateline"].match(text[line_start : line_start + _DATELINE_CHARS])
    if dateline and m.end <= line_start + dateline.end():
        return "dateline"
    before = re.split(r"[.;:\n]", text[max(0, m.start - _BEFORE_CHARS) : m.start].lower())[-1]
    after = text[m.end : m.end + _AFTER_CHARS].lower()
    if _locates_last(text, m, earlier, pack):
        return "frame"
    if rules["places.unnamed_near"].search(before):
        return "near"
    is_struck = rules["places.struck_there"].search(before)
    if rules["places.official_after"].match(after) and not is_struck:
        return "official"
    before = rules["places.apposed_kind"].sub("", before)[-_NO_SCENE_CHARS:]
    has_town = any(o.place.geo_precision == 1 and m.start - o.end < _NEAR_TOWN_CHARS for o in earlier)
    if has_town and _is_near_last(text, m, earlier, pack):
        return "frame"  # "shelled the Zamzam camp for displaced people near El Fasher"
    # "the road between X and Y": X is taken as the scene, where no other place is named
    is_first = not has_town and rules["places.between"].search(before)
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


def _locates_last(text: str, m: PlaceMention, earlier: Sequence[PlaceMention], pack: LanguagePack) -> bool:
    """Return whether a place only locates the one before it: "Maya near Zawiya", "between X and Y"."""
    rules = pack.patterns
    for other in earlier[-1:]:
        between = text[other.end : m.start]
        if other.place.geo_precision == 1 and rules["places.near_another"].match(between):
            return True
        if rules["places.between_and"].match(between):
            return bool(
                rules["places.between"].search(text[max(0, other.start - _BETWEEN_CHARS) : other.start])
            )
    return False


def _is_near_last(text: str, m: PlaceMention, earlier: Sequence[PlaceMention], pack: LanguagePack) -> bool:
    """Return whether a place only locates the last town: "Zamzam camp ... near El Fasher"."""
    last = next((o for o in reversed(earlier) if o.place.geo_precision == 1), None)
    between = text[last.end : m.start] if last is not None else ""
    return bool(pack.patterns["places.near_before"].fullmatch(between))


def _speaks(after: str, before: str, pack: LanguagePack) -> bool:
    """Return whether a capital stands for its government here, not for the city."""
    rules = pack.patterns
    if rules["places.institution_after"].match(after) or rules["places.institution_in"].search(before):
        return True
    if rules["places.struck_there"].search(before) or rules["places.own_thing"].match(after):
        return False
    if rules["places.possessive"].match(after):
        return True
    return bool(_not_scenes(pack)[1].match(after) or rules["places.acts_before"].search(before))
