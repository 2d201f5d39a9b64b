"""Fields of one incident of an article: weapon, targets, claim status."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from schemas.vocabulary import WEAPON_FAMILY, Target, Weapon
from transforms.nlp.attribution import Attribution
from transforms.nlp.blocks import Sentence
from transforms.nlp.drafts import Draft
from transforms.nlp.findings import Findings
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term

_TARGET_CUE_CHARS = 45
"""Words around a target that say what happened to it stand within this distance."""
_TOO_FAR_CHARS = 91
"""A target at this distance from the word for a hit, or farther, was not hit by it."""
_MAX_WEAPON_GAP_CHARS = 60
"""Two weapons used together stand nearer to each other than this."""
_WEAPON_CUE_BEFORE_CHARS, _WEAPON_CUE_AFTER_CHARS = 40, 14
"""How far from a weapon a word may stand that says it was not used here."""


def weapon_of(draft: Draft, text: str, pack: LanguagePack) -> tuple[str, Term | None, str | None]:
    """Return (weapon, the term that names it, model) of a draft.

    Only the draft's own clauses count, those of the body before the headline. A weapon of another incident is
    never used.
    """
    ordered = sorted(draft.mentions, key=lambda m: (m.is_title, m.place is None and not m.counts, m.start))
    named = {m.start: _weapons_in(m, text, pack) for m in ordered}
    terms = next((named[m.start] for m in ordered if named[m.start]), [])
    if not terms:
        return _implied_weapon(ordered, text, pack)
    # All clauses together decide how specific the weapon is ("missile" in one, "ballistic" in another).
    all_terms = [t for m in ordered for t in named[m.start]]
    first = _specific_missile(terms, all_terms) or terms[0]
    models = [t for t in all_terms if t.name]
    families = {WEAPON_FAMILY[Weapon(t.value)] for t in terms}
    if len(families) > 1 and _are_joined(terms, text, pack):
        return Weapon.MIXED, first, None
    family = WEAPON_FAMILY[Weapon(first.value)]
    same_family = [t for t in all_terms if WEAPON_FAMILY[Weapon(t.value)] == family]
    chosen = max(same_family, key=lambda t: Weapon(t.value).traits.specificity)
    # "a missile with cluster munitions": the munitions are the load, and the report is of the missile
    if chosen.value == Weapon.CLUSTER_MUNITION and any(t.value == Weapon.MISSILE for t in same_family):
        chosen = next(t for t in same_family if t.value == Weapon.MISSILE)
    model = next((t.name for t in models if WEAPON_FAMILY[Weapon(t.value)] == family), None)
    return chosen.value, chosen, model


def _specific_missile(terms: Sequence[Term], all_terms: Sequence[Term]) -> Term | None:
    """Return a ballistic or cruise missile of another clause where the first clause says only "rocket".

    Residents call any incoming weapon a rocket.
    """
    if {t.value for t in terms} != {Weapon.ROCKET} or any(t.name for t in terms):
        return None
    return next((t for t in all_terms if t.value in (Weapon.BALLISTIC_MISSILE, Weapon.CRUISE_MISSILE)), None)


def _weapons_in(mention: Mention, text: str, pack: LanguagePack) -> list[Term]:
    """Return the weapons that a clause says were used here."""
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
    """Return a weapon that the words for the hit imply: "aircraft bombed", "five bombs hit the town"."""
    for mention in mentions:
        for term in mention.terms:
            is_from_the_air = pack.patterns["fields.from_the_air"].fullmatch(text[term.start : term.end])
            if term.group in ("hit", "strike") and is_from_the_air:
                return Weapon.AIRSTRIKE, term, None
    return Weapon.UNKNOWN, None, None


def is_elsewhere(term: Term, mention: Mention, text: str, pack: LanguagePack) -> bool:
    """Return whether a weapon was not used here: only compared with, shot down or talked about."""
    before = text[max(mention.start, term.start - _WEAPON_CUE_BEFORE_CHARS) : term.start]
    return bool(
        pack.patterns["fields.weapon_elsewhere_before"].search(before)
        or pack.patterns["fields.weapon_elsewhere_after"].match(
            text[term.end : term.end + _WEAPON_CUE_AFTER_CHARS]
        )
    )


def _are_joined(terms: Sequence[Term], text: str, pack: LanguagePack) -> bool:
    """Return whether two kinds of weapon were used together: "with missiles and drones"."""
    for a, b in pairwise(terms):
        if (
            WEAPON_FAMILY[Weapon(a.value)] != WEAPON_FAMILY[Weapon(b.value)]
            and b.start - a.end < _MAX_WEAPON_GAP_CHARS
        ):
            between = text[a.end : b.start]
            if pack.patterns["fields.weapon_joint"].match(between):
                return True
            if pack.patterns["fields.weapon_and"].search(between) and "." not in between:
                return True
    return False


def targets_of(
    draft: Draft, drafts: Sequence[Draft], findings: Findings, pack: LanguagePack
) -> tuple[list[str], list[Term]]:
    """Return what was hit, in text order: (targets, the terms that name them).

    These are targets in clauses that report a hit, targets in ruins, and targets at which people were killed.
    For the main incident the last two are also taken from sentences that report no hit.
    """
    kept: dict[str, Term] = {}
    for mention in draft.mentions:
        hits = [t for t in mention.terms if t.group in ("hit", "strike", "weapon")]
        for term in mention.terms:
            if term.group == "target" and _is_hit(term, mention.start, hits, findings.text, pack):
                kept.setdefault(term.value, term)
    if draft is _main(drafts):
        for sentence, term in _unclaimed_targets(drafts, findings):
            if _is_ruined(term, findings.text[sentence.start : sentence.end], sentence.start, pack):
                kept.setdefault(term.value, term)
    ordered = sorted(kept.values(), key=lambda t: t.start)
    return [t.value for t in ordered], ordered


def _main(drafts: Sequence[Draft]) -> Draft | None:
    """Return the first draft that is not background, else the first."""
    return next((d for d in drafts if not d.is_background), drafts[0] if drafts else None)


def _unclaimed_targets(drafts: Sequence[Draft], findings: Findings) -> Iterator[tuple[Sentence, Term]]:
    """Yield targets of sentences that belong to no incident and name no place of another one."""
    in_drafts = {m.sentence for d in drafts for m in d.mentions}
    for number, sentence in enumerate(findings.sentences):
        if number in in_drafts or sentence.out_of_scope is not None:
            continue
        places = {p.place for p in findings.places_in(sentence.start, sentence.end) if p.role == "scene"}
        if len(drafts) > 1 and not places:
            continue  # the sentence does not say to which incident the target belongs
        if places and not places & {_place_of(drafts)}:
            continue
        for term in findings.terms_in(sentence.start, sentence.end):
            if term.group == "target":
                yield sentence, term


def _place_of(drafts: Sequence[Draft]) -> Place | None:
    main = _main(drafts)
    return main.place if main is not None else None


def _is_hit(term: Term, start: int, hits: Sequence[Term], text: str, pack: LanguagePack) -> bool:
    """Return whether a clause that begins at ``start`` says that a target was hit."""
    before = text[max(start, term.start - _TARGET_CUE_CHARS) : term.start]
    if term.value == Target.HOSPITAL and _is_care(before, pack):
        return False
    if _is_ruined(term, text[start : term.end + _TARGET_CUE_CHARS], start, pack):
        return True
    distances = (min(abs(h.start - term.end), abs(term.start - h.end)) for h in hits)
    return min(distances, default=_TOO_FAR_CHARS) < _TOO_FAR_CHARS


def _is_ruined(term: Term, around: str, start: int, pack: LanguagePack) -> bool:
    """Return whether the text says that a target is in ruins, or that people were killed there."""
    rules = pack.patterns
    before, after = around[: term.start - start], around[term.end - start :]
    if term.value == Target.HOSPITAL and _is_care(before[-_TARGET_CUE_CHARS:], pack):
        return False
    return bool(
        rules["fields.ruin_of"].search(before)
        or rules["fields.lies_ruined"].match(after)
        or rules["fields.killed_at"].search(before)
    )


def _is_care(before: str, pack: LanguagePack) -> bool:
    """Return whether the wounded were taken to a hospital, so that it was not the target."""
    rules = pack.patterns
    if rules["fields.is_in"].search(before) and not rules["fields.is_hit"].search(before):
        return True
    return bool(rules["fields.taken_to"].search(before))


def status_of(draft: Draft, drafts: Sequence[Draft], findings: Findings) -> str:
    """Return the claim status of a draft: disputed, claimed or reported.

    A cue outside all clauses on strikes belongs to the incident mentioned last before it.
    """
    kinds = {a.kind for a in findings.attributions if a.kind != "source" and _owner(a, drafts) is draft}
    if kinds & {"dispute", "attacker"}:
        return "disputed"
    return "claimed" if "claim" in kinds else "reported"


def _owner(cue: Attribution, drafts: Sequence[Draft]) -> Draft | None:
    """Return the draft to which a cue belongs."""
    own = [d for d in drafts if any(m.start <= cue.start < m.end for m in d.mentions)]
    if own:
        return own[0]
    before = [(m.start, n) for n, d in enumerate(drafts) for m in d.mentions if m.start < cue.start]
    return drafts[max(before)[1]] if before else None
