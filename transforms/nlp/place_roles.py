"""What a named place is to the text: where something may have struck, or only a frame, a speaker, a
place somebody comes from."""

import re
from collections.abc import Sequence

from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import PlaceMention

_DATELINE = re.compile(r"^\s*[A-Z][A-Z' .-]{2,}(?:, [A-Za-z. ]+)?(?: \([^)]{2,30}\))? ?[-\u2013\u2014:]+ ")


def role_of(text: str, m: PlaceMention, before_it: Sequence[PlaceMention], pack: LanguagePack) -> str:
    """Return locus, frame, dateline, actor or other; ``before_it`` are the mentions just before."""
    if m.place.kind == "district":
        earlier = (o for o in before_it if o.end < m.start and m.start - o.end < 80)
        return "frame" if any(o.place.geo_precision == 1 for o in earlier) else "locus"
    if m.place.geo_precision > 1:
        return "frame"
    line_start = text.rfind("\n", 0, m.start) + 1
    dateline = _DATELINE.match(text[line_start : line_start + 80])
    if dateline and m.end <= line_start + dateline.end():
        return "dateline"
    before = text[max(0, m.start - 40) : m.start].lower()
    before = re.split(r"[.;:\n]", before)[-1]
    after = text[m.end : m.end + 40].lower()
    if m.place.is_capital and _speaks(m, after, before, pack):
        return "actor"
    for cue in pack.lexicon["not_loci"]["before"]:
        if re.search(rf"(?:^|\W){re.escape(cue)} (?:the )?$", before) and not re.search(
            r"\bin the (?:far )?(?:north|south|east|west)(?:-?\w+)? of $", before
        ):
            return "other"
    if re.search(r"\b(?:treated|operated on|cared for)\b.{0,30}\bin $", before):
        return "other"
    if re.search(r"\b(?:kilomet(?:re|er)s|km|miles) (?:\w+ )?(?:of|from|to)(?: the \w+ of)? $", before):
        return "other"
    if _follows_place(m, before_it, before):
        return "frame"
    return "locus"


def _speaks(m: PlaceMention, after: str, before: str, pack: LanguagePack) -> bool:
    if re.match(r"\s(?:clinics?|hospitals?|talks|envoys?|summit)\b", after):
        return True
    if re.search(
        r"\b(?:staff|ministry|government|officials|sources|service|authorities|spokesman|council) in $",
        before,
    ):
        return True  # "the general staff in Kyiv said"
    if re.search(
        r"\b(?:in|on|at|near|of|across|outside|over|hit|hits|struck|strikes|around)(?: the)? $", before
    ):
        return False
    if re.match(r"'s (?:toll|death|centre|center|residential|suburb|streets|hospital|hotel)", after):
        return False
    if after.startswith("'s "):
        return True
    cues = "|".join(re.escape(c) for c in pack.lexicon["not_loci"]["after"])
    return bool(re.match(rf"\s*(?:{cues})\b", after)) or bool(
        re.search(r"\b(?:by|and|which|that|or) $", before)
    )


def _follows_place(m: PlaceMention, before_it: Sequence[PlaceMention], before: str) -> bool:
    """ "Yarova, near Lyman", "the village of X, south of Y", "Batroun district": the second only says
    where the first lies."""
    if not re.search(
        r"(?:,| village| town) (?:a \w+ )?(?:near|outside|close to|not far from|in the [\w-]+ district of|north of|south of|east of|west of) (?:the \w+ of )?$",
        before,
    ):
        return False
    return any(
        o.end < m.start and m.start - o.end < 30 and o.place.geo_precision == 1 and o is not m
        for o in before_it
    )
