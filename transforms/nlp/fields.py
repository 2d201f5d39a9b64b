"""The fields of one incident of an article: weapon, actor, targets, standing, evidence."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from schemas.vocabulary import WEAPON_FAMILY, Weapon
from transforms.nlp.frames import ATTACKER_SAYS, Found, Mention
from transforms.nlp.gazetteer import open_gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term, cue_patterns
from transforms.nlp.merge import Draft

_SPECIFIC = (
    Weapon.BALLISTIC_MISSILE, Weapon.CRUISE_MISSILE, Weapon.GUIDED_BOMB, Weapon.DRONE, Weapon.ROCKET,
    Weapon.MORTAR, Weapon.AIRSTRIKE, Weapon.MISSILE, Weapon.ARTILLERY, Weapon.CLUSTER_MUNITION,
    Weapon.MINE_OR_IED,
)  # fmt: skip
_STATE_OF = {
    "Russia": "RU", "Ukraine": "UA", "Israel": "IL", "Iran": "IR", "India": "IN", "Pakistan": "PK",
    "Thailand": "TH", "Cambodia": "KH", "United States": "US", "Turkey": "TR", "Saudi Arabia": "SA",
    "Azerbaijan": "AZ", "Armenia": "AM", "United Kingdom": "GB", "North Korea": "KP",
    "South Korea": "KR", "Ethiopia": "ET", "Eritrea": "ER", "Afghanistan": "AF",
}  # fmt: skip
_JOIN = re.compile(r"^\W*(?:and|or|as well as|with|plus|,)\W*(?:\w+\W+){0,2}$", re.I)
_TAKEN = re.compile(
    r"\b(?:taken|brought|moved|died|dies|treated|care|flown|remain|still|clinic|people are) (?:\w+ ){0,3}(?:to|in|at) (?:a |the |an )?(?:\w+ ){0,2}$|\bin $",
    re.I,
)


def weapon_of(draft: Draft, text: str) -> tuple[str, Term | None, str | None]:
    """Return (weapon, the term it was read from, model) of a draft: from its own clauses, the body
    before the headline; a weapon of another incident never fills a gap."""
    ordered = sorted(draft.mentions, key=lambda m: (m.is_title, m.place is None and not m.counts, m.start))
    named = {m.start: _weapons_in(m, text) for m in ordered}
    terms = next((named[m.start] for m in ordered if named[m.start]), [])
    if not terms:
        return _implied_weapon(ordered, text)
    # All clauses together decide how specific it is ("missile" in one, "ballistic" in the other).
    every = [t for m in ordered for t in named[m.start]]
    first = terms[0]
    names = [t for t in every if t.name]
    families = {WEAPON_FAMILY[Weapon(t.value)] for t in terms}
    if len(families) > 1 and _joined(terms, text):
        return Weapon.MIXED, first, None
    family = WEAPON_FAMILY[Weapon(first.value)]
    alike = [t for t in every if WEAPON_FAMILY[Weapon(t.value)] == family]
    chosen = min(alike, key=lambda t: _SPECIFIC.index(Weapon(t.value)))
    if chosen.value == Weapon.CLUSTER_MUNITION and any(t.value == Weapon.MISSILE for t in alike):
        chosen = next(t for t in alike if t.value == Weapon.MISSILE)
    name = next((t.name for t in names if WEAPON_FAMILY[Weapon(t.value)] == family), None)
    return chosen.value, chosen, name


def _weapons_in(mention: Mention, text: str) -> list[Term]:
    """Return the weapons of a clause that struck here."""
    return [
        t
        for t in mention.terms
        if t.group == "weapon" and t.start not in mention.other_weapons and not _elsewhere(t, mention, text)
    ]


_FROM_THE_AIR = re.compile(r"\b(?:aircraft|planes?|jets?|bomb(?:s|ed|ing)?|bombardment)\b", re.I)


def _implied_weapon(mentions: Sequence[Mention], text: str) -> tuple[str, Term | None, str | None]:
    """Read a weapon that is only implied: "aircraft bombed", "five bombs hit the town"."""
    for mention in mentions:
        for term in mention.terms:
            if term.group in ("hit", "strike") and _FROM_THE_AIR.fullmatch(text[term.start : term.end]):
                return Weapon.AIRSTRIKE, term, None
    return Weapon.UNKNOWN, None, None


def _elsewhere(term: Term, mention: Mention, text: str) -> bool:
    """A weapon that is only compared, shot down or talked of."""
    before = text[max(mention.start, term.start - 40) : term.start].lower()
    return bool(
        re.search(r"\b(?:air[- ]defen[cs]e|anti-|not a |no |rumours of a |interceptor )\W*$", before)
    ) or bool(
        re.match(
            r"\W*(?:defen[cs]e|defen[cs]es|alert|alarm|interceptor)", text[term.end : term.end + 14].lower()
        )
    )


def _joined(terms: Sequence[Term], text: str) -> bool:
    """Return whether two kinds of weapon stand side by side: "with missiles and drones"."""
    for a, b in pairwise(terms):
        if WEAPON_FAMILY[Weapon(a.value)] != WEAPON_FAMILY[Weapon(b.value)] and b.start - a.end < 60:
            between = text[a.end : b.start]
            if _JOIN.match(between) or (re.search(r"\band\b[^.;]{0,45}$", between) and "." not in between):
                return True
    return False


def actor_of(draft: Draft, found: Found, text: str) -> tuple[str | None, Term | None]:
    """Return who struck: named in the draft's clauses as striking, else the article's own striker."""
    local = _strikers(draft.mentions, found, text, draft.place.country)
    if local:
        return local[0].value, local[0]
    everywhere = _strikers(None, found, text, draft.place.country)
    if not everywhere:
        return _only_neighbour(draft, found)
    counted = Counter(t.value for t in everywhere)
    best = counted.most_common(1)[0][0]
    return best, next(t for t in everywhere if t.value == best)


def _only_neighbour(draft: Draft, found: Found) -> tuple[str | None, Term | None]:
    """Return the one state next door that an article names at all: where nobody is said to have struck,
    it is plainly implied ("Russia's envoy claimed that a funeral was under way there")."""
    near = open_gazetteer().neighbours(draft.place.country)
    named = [t for t in found.terms if t.group == "actor" and _STATE_OF.get(t.value) in near]
    if len({t.value for t in named}) != 1:
        return None, None
    return named[0].value, named[0]


def _strikers(mentions: Sequence[Mention] | None, found: Found, text: str, country: str) -> list[Term]:
    ranked: list[tuple[int, int, Term]] = []
    for term in found.terms:
        if term.group != "actor":
            continue
        if mentions is not None and not any(m.start <= term.start < m.end for m in mentions):
            continue
        strength = _strikes(term, found, text)
        if strength == 0:
            continue
        # A state does not strike its own towns, unless the words leave no doubt.
        if _STATE_OF.get(term.value) == country and strength < 4:
            continue
        ranked.append((-strength, term.start, term))
    return [term for _, _, term in sorted(ranked, key=lambda r: r[:2])]


_SUBJECT = re.compile(
    r"^(?:'s)?\W*(?:(?:forces|army|military|troops|air force|aircraft|jets|warplanes|have|has|had|also|again|overnight|then|with|ballistic|aerial|guided|cruise|glide)\W+){0,4}"
    r"(?:strik|struck|hit|fir|launch|attack|bomb|shell|target|kill|drop|carr|pound|destroy|air ?strike|raid|missile|rocket|drone|bomb|artillery|attack|assault|shell|glide|airstrike|campaign|salvo|barrage|fire\b|incursion|bombardment|offensive|air raid|cluster|shahed)",
    re.I,
)  # fmt: skip


# How words around an actor's name tell that it struck: (before, after, how surely). 4 leaves no doubt,
# so that even a state is believed to have struck a place that is filed as its own.
_STRIKER_RULES: tuple[tuple[str | None, str | None, int], ...] = (
    (r"\b(?:fired|launched|dropped|carried out|staged|sent|planted) (?:\w+ ){0,3}(?:by|from) (?:the |near |paramilitary )*$", None, 4),
    (None, r"\W*(?:had |has |have )?(?:said it |confirmed )?(?:had |has )?(?:fired|launched|dropped|carried out)\b", 4),
    (r"\b(?:blam(?:es?|ed|ing)|accus(?:es?|ed|ing)|attributed to|responsibility on)\b (?:\w+ ){0,4}$", None, 3),
    (r"\b(?:strikes?|attacks?|fire|hit|struck|killed|shell\w*|bomb\w*|drones?|missiles?|rockets?)\b.{0,45}\b(?:by|from) (?:the |paramilitary |a )*$", None, 3),
    (r"\b(?:under|from) $", r"\W*fire\b", 3),
    (None, r"\W*(?:confirmed|admitted|acknowledged|said)\b[^.]{0,40}\bit had (?:carried out|struck|bombed|hit|fired|attacked|targeted)\b", 3),
    (None, r"\W*(?:maintains?|insists?|claims?|said|says)\b[^.]{0,25}\bit (?:was aiming|had aimed|aimed|targeted|was targeting|had hit|struck)\b", 3),
    (None, r"\W*(?:forces|army|troops|military|air force|aircraft|jets|warplanes|navy)\b", 2),
)  # fmt: skip
_DIRECT_HIT = re.compile(
    r"^(?: (?:has|have|had|also|again|then|forces|troops|army|military))* "
    r"(?:struck|strikes|hit|hits|bombed|bombs|shelled|attacked|attacks|targeted|killed|kills|pounded)\b",
    re.I,
)


def _strikes(term: Term, found: Found, text: str) -> int:
    """Return how surely a word for an actor names the striker here: 0 not at all, 4 in so many words."""
    before = re.split(r"[.;\n]", text[max(0, term.start - 75) : term.start])[-1].lower()
    after = text[term.end : term.end + 60]
    if _DIRECT_HIT.match(after):
        return 4
    strength = 3 if _SUBJECT.match(after) else 0
    for left, right, sure in _STRIKER_RULES:
        if (left is None or re.search(left, before)) and (right is None or re.match(right, after, re.I)):
            strength = max(strength, sure)
    return strength


def targets_of(draft: Draft, text: str) -> tuple[list[str], list[Term]]:
    """Return what was hit: targets in clauses that tell of a hit, in the order of the text."""
    kept: list[Term] = []
    for mention in draft.mentions:
        hits = [t for t in mention.terms if t.group in ("hit", "strike", "weapon")]
        if not hits:
            continue
        for term in mention.terms:
            if term.group != "target" or term.value in {k.value for k in kept}:
                continue
            before = text[max(mention.start, term.start - 45) : term.start]
            if (
                term.value == "hospital"
                and re.search(r"\b(?:to|in) (?:a |the )?(?:\w+ )?$", before)
                and not re.search(r"\b(?:hit|struck|on|at)\b[^,]*$", before)
            ):
                continue
            if term.value == "hospital" and _TAKEN.search(before):
                continue
            nearest = min(min(abs(h.start - term.end), abs(term.start - h.end)) for h in hits)
            if nearest <= 90:
                kept.append(term)
    values = {t.value for t in kept}
    if "military" in values and "hospital" in values and len(values) == 2:
        return ["hospital", "military"], kept
    return [t.value for t in kept], kept


def status_of(draft: Draft, text: str, pack: LanguagePack, is_main: bool) -> str:
    """Return how the account stands: disputed, claimed or reported."""
    cues = cue_patterns(pack)
    own = " ".join(text[m.start : m.end] for m in draft.mentions)
    scope = text if is_main else own
    if cues["dispute"].search(scope) or ATTACKER_SAYS.search(scope):
        return "disputed"
    return "claimed" if cues["claim"].search(scope) else "reported"


_ATTRIBUTION = re.compile(
    r"(?:,|according to)\s+((?:the |local |regional |a |an )?[A-Z]?[^,.;\n]{3,70}?)\s*(?:said|says|reported|wrote|told|confirmed|announced|added|report)\b",
)
_ACCORDING = re.compile(r"according to ((?:the |local |a )?[^,.;\n]{3,60})", re.I)


def attributed_to(sentence: str) -> str | None:
    """Return whose count a sentence gives, as it names them."""
    match = _ACCORDING.search(sentence) or _ATTRIBUTION.search(sentence)
    if match is None:
        return None
    who = match.group(1).strip()
    return who if 3 <= len(who) <= 70 else None
