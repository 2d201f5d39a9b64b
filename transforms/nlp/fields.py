"""The fields of one incident of an article: weapon, actor, targets, standing, evidence."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from schemas.vocabulary import WEAPON_FAMILY, Target, Weapon
from transforms.nlp.attribution import Attribution
from transforms.nlp.blocks import Sentence
from transforms.nlp.drafts import Draft
from transforms.nlp.found import Found
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term

_BEFORE = 45  # characters that say what became of a target
_FAR = 91  # characters from a hit: what lies farther off was not hit by it


def weapon_of(draft: Draft, text: str, pack: LanguagePack) -> tuple[str, Term | None, str | None]:
    """Return (weapon, the term it was read from, model) of a draft: from its own clauses, the body
    before the headline; a weapon of another incident never fills a gap."""
    ordered = sorted(draft.mentions, key=lambda m: (m.is_title, m.place is None and not m.counts, m.start))
    named = {m.start: _weapons_in(m, text, pack) for m in ordered}
    terms = next((named[m.start] for m in ordered if named[m.start]), [])
    if not terms:
        return _implied_weapon(ordered, text, pack)
    # All clauses together decide how specific it is ("missile" in one, "ballistic" in the other).
    every = [t for m in ordered for t in named[m.start]]
    first = _specific_missile(terms, every) or terms[0]
    names = [t for t in every if t.name]
    families = {WEAPON_FAMILY[Weapon(t.value)] for t in terms}
    if len(families) > 1 and _joined(terms, text, pack):
        return Weapon.MIXED, first, None
    family = WEAPON_FAMILY[Weapon(first.value)]
    alike = [t for t in every if WEAPON_FAMILY[Weapon(t.value)] == family]
    chosen = max(alike, key=lambda t: Weapon(t.value).traits.specificity)
    # "a missile with cluster munitions": the munitions are the load, and the report is of the missile
    if chosen.value == Weapon.CLUSTER_MUNITION and any(t.value == Weapon.MISSILE for t in alike):
        chosen = next(t for t in alike if t.value == Weapon.MISSILE)
    name = next((t.name for t in names if WEAPON_FAMILY[Weapon(t.value)] == family), None)
    return chosen.value, chosen, name


def _specific_missile(terms: Sequence[Term], every: Sequence[Term]) -> Term | None:
    """Return the missile of a stated kind where the first clause has only "rocket": residents' word for
    whatever flies in."""
    if {t.value for t in terms} != {Weapon.ROCKET} or any(t.name for t in terms):
        return None
    return next((t for t in every if t.value in (Weapon.BALLISTIC_MISSILE, Weapon.CRUISE_MISSILE)), None)


def _weapons_in(mention: Mention, text: str, pack: LanguagePack) -> list[Term]:
    """Return the weapons of a clause that struck here."""
    return [
        t
        for t in mention.terms
        if t.group == "weapon"
        and t.start not in mention.other_weapons
        and not is_elsewhere(t, mention, text, pack)
    ]


def _implied_weapon(
    mentions: Sequence[Mention], text: str, pack: LanguagePack
) -> tuple[str, Term | None, str | None]:
    """Read a weapon that is only implied: "aircraft bombed", "five bombs hit the town"."""
    for mention in mentions:
        for term in mention.terms:
            is_from_the_air = pack.patterns["fields.from_the_air"].fullmatch(text[term.start : term.end])
            if term.group in ("hit", "strike") and is_from_the_air:
                return Weapon.AIRSTRIKE, term, None
    return Weapon.UNKNOWN, None, None


def is_elsewhere(term: Term, mention: Mention, text: str, pack: LanguagePack) -> bool:
    """Return whether a weapon is only compared, shot down or talked of."""
    before = text[max(mention.start, term.start - 40) : term.start]
    return bool(
        pack.patterns["fields.weapon_elsewhere_before"].search(before)
        or pack.patterns["fields.weapon_elsewhere_after"].match(text[term.end : term.end + 14])
    )


def _joined(terms: Sequence[Term], text: str, pack: LanguagePack) -> bool:
    """Return whether two kinds of weapon stand side by side: "with missiles and drones"."""
    for a, b in pairwise(terms):
        if WEAPON_FAMILY[Weapon(a.value)] != WEAPON_FAMILY[Weapon(b.value)] and b.start - a.end < 60:
            between = text[a.end : b.start]
            if pack.patterns["fields.weapon_joint"].match(between):
                return True
            if pack.patterns["fields.weapon_and"].search(between) and "." not in between:
                return True
    return False


def targets_of(
    draft: Draft, drafts: Sequence[Draft], found: Found, pack: LanguagePack
) -> tuple[list[str], list[Term]]:
    """Return what was hit, in the order of the text: targets in clauses that tell of a hit, what lies in
    ruins, and where people were killed; the last two also in sentences that tell of no hit themselves."""
    kept: dict[str, Term] = {}
    for mention in draft.mentions:
        hits = [t for t in mention.terms if t.group in ("hit", "strike", "weapon")]
        for term in mention.terms:
            if term.group == "target" and _is_hit(term, mention.start, hits, found.text, pack):
                kept.setdefault(term.value, term)
    if draft is _main(drafts):
        for sentence, term in _loose_targets(drafts, found):
            if _is_ruined(term, found.text[sentence.start : sentence.end], sentence.start, pack):
                kept.setdefault(term.value, term)
    ordered = sorted(kept.values(), key=lambda t: t.start)
    return [t.value for t in ordered], ordered


def _main(drafts: Sequence[Draft]) -> Draft | None:
    return next((d for d in drafts if not d.is_background), drafts[0] if drafts else None)


def _loose_targets(drafts: Sequence[Draft], found: Found) -> Iterator[tuple[Sentence, Term]]:
    """Yield targets of sentences that no incident holds, and that name no place of another one."""
    told = {m.sentence for d in drafts for m in d.mentions}
    for number, sentence in enumerate(found.sentences):
        if number in told or sentence.out_of_scope is not None:
            continue
        places = {p.place for p in found.places_in(sentence.start, sentence.end) if p.role == "locus"}
        if len(drafts) > 1 and not places:
            continue  # whose ruins these are is not said
        if places and not places & {_place_of(drafts)}:
            continue
        for term in found.terms_in(sentence.start, sentence.end):
            if term.group == "target":
                yield sentence, term


def _place_of(drafts: Sequence[Draft]) -> Place | None:
    main = _main(drafts)
    return main.place if main is not None else None


def _is_hit(term: Term, start: int, hits: Sequence[Term], text: str, pack: LanguagePack) -> bool:
    """Return whether a clause that begins at ``start`` says that a target was hit."""
    before = text[max(start, term.start - _BEFORE) : term.start]
    if term.value == Target.HOSPITAL and _is_care(before, pack):
        return False
    if _is_ruined(term, text[start : term.end + _BEFORE], start, pack):
        return True
    nearest = min((min(abs(h.start - term.end), abs(term.start - h.end)) for h in hits), default=_FAR)
    return nearest < _FAR


def _is_ruined(term: Term, stretch: str, start: int, pack: LanguagePack) -> bool:
    """Return whether a target lies in ruins, or people were killed at it."""
    rules = pack.patterns
    before, after = stretch[: term.start - start], stretch[term.end - start :]
    if term.value == Target.HOSPITAL and _is_care(before[-_BEFORE:], pack):
        return False
    return bool(
        rules["fields.ruin_of"].search(before)
        or rules["fields.lies_ruined"].match(after)
        or rules["fields.killed_at"].search(before)
    )


def _is_care(before: str, pack: LanguagePack) -> bool:
    """Return whether a hospital is where the wounded were taken, not what was hit."""
    rules = pack.patterns
    if rules["fields.is_in"].search(before) and not rules["fields.is_hit"].search(before):
        return True
    return bool(rules["fields.taken_to"].search(before))


def status_of(draft: Draft, drafts: Sequence[Draft], found: Found) -> str:
    """Return how the account stands: disputed, claimed or reported. A cue outside all clauses on strikes
    is about the incident told last before it."""
    kinds = {a.kind for a in found.attributions if a.kind != "source" and _owner(a, drafts) is draft}
    if kinds & {"dispute", "attacker"}:
        return "disputed"
    return "claimed" if "claim" in kinds else "reported"


def _owner(cue: Attribution, drafts: Sequence[Draft]) -> Draft | None:
    own = [d for d in drafts if any(m.start <= cue.start < m.end for m in d.mentions)]
    if own:
        return own[0]
    before = [(m.start, n) for n, d in enumerate(drafts) for m in d.mentions if m.start < cue.start]
    return drafts[max(before)[1]] if before else None
