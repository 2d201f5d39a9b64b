"""People listed behind a label: "Killed: Ali Saleh (garage owner); Zeinab Saleh (his wife); a passing worker" are three.

Recorders list victims so, with ages, years of birth, parents and trades beside the names, which count nobody.
"""

import re
from collections.abc import Iterator

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.companions import Company

_AROUND = " .'\u2018\u2019"
"""What may stand around an item, an ayn too: "'Adnan Jaber"."""
_MOST = 20
"""A list has at most so many people."""


def label_lists(text: str, start: int, pack: LanguagePack) -> Iterator[Company]:
    """Yield the people of two or more behind each label of a sentence.

    Args:
        text: of the sentence.
        start: its first character in the document.
        pack: the language.
    """
    for label in pack.patterns["casualties.list_label"].finditer(text):
        rest = text[label.end() :]
        end = pack.patterns["casualties.list_end"].search(rest)
        listed = rest[: end.start()] if end is not None else rest
        total = _people_in(listed, pack)
        if total is not None and 1 < total <= _MOST:
            kind = "killed" if label["injured"] is None else "injured"
            at = start + label.end()
            yield Company(kind, at, at + len(listed.rstrip()), total, total)


def _people_in(listed: str, pack: LanguagePack) -> int | None:
    """Return how many people a list names, or None where that is not clear."""
    patterns, numbers = pack.patterns, pack.quantities["small_numbers"]
    plain = re.sub(r"\([^()]*\)", " ", listed)
    if patterns["casualties.list_unclear"].search(plain):
        return None  # "nine, by the ledger; eight, by the governor"
    total = 0
    for part in plain.split(";"):
        before = ""
        for joint, atom in _atoms(part, pack):
            if patterns["casualties.list_aside"].match(atom):
                continue
            number = patterns["casualties.list_number"].match(atom)
            is_person = atom[0].isupper() or patterns["casualties.list_person"].match(atom) is not None
            if patterns["casualties.list_group"].search(atom):
                return None
            if number is not None:
                total += numbers.index(number["word"].lower())
            elif is_person and not patterns["casualties.list_attacker"].search(atom):
                total += not (joint == "," and _is_of_one(before, atom, pack))
            elif not is_person and (not total or joint != ","):
                return None
            before = atom  # what is neither is a trade or the like: "29, seven months with child"
    return total


def _is_of_one(before: str, atom: str, pack: LanguagePack) -> bool:
    """Return whether two items behind a comma are one person: "Ali Saleh, a driver", "the driver, Ali Saleh"."""
    articles = pack.words["articles"]
    is_article = atom.split()[0] in articles
    if atom[0].isupper():
        return before[:1].islower() and not any(word[0].isupper() for word in before.split())
    return is_article and bool(before) and before.split()[0] not in articles


def _atoms(part: str, pack: LanguagePack) -> Iterator[tuple[str, str]]:
    """Yield the items of a part of a list, each with what joins it to the one before."""
    joint, at = ";", 0
    for match in pack.patterns["casualties.list_joint"].finditer(part):
        if atom := part[at : match.start()].strip(_AROUND):
            yield joint, atom
        joint, at = match[0].strip(), match.end()
    if atom := part[at:].strip(_AROUND):
        yield joint, atom
