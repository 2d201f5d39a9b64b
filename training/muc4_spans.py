"""Where the fields of a strike of MUC-4 stand in its article."""

import re
from collections.abc import Sequence
from typing import Any

from training.muc4_templates import Strike

BLAST = re.compile(
    r"\b(?:bomb(?!er)\w*|explo[ds]\w+|dynamit\w+|mortars?|rockets?|blasts?|bl(?:ew|own|ow|owing) up|"
    r"detonat\w+|car-?bombs?|mines?|shell(?:s|ed|ing)|straf\w+|air ?strikes?|air raids?|missiles?|"
    r"projectiles?|bazookas?|artillery)\b",
    re.IGNORECASE,
)
"""A word for an explosion or for what makes one."""
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[A-Z\"'(])")
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
).split()
_NOBODY = re.compile(
    r"\bno (?:casualties|victims|injuries|fatalities|deaths|personal injuries)\b"
    r"|\bno one was (?:killed|injured|hurt|wounded)(?: or \w+)?"
    r"|\bwithout (?:causing )?(?:casualties|victims)\b",
    re.IGNORECASE,
)


def sentences_of(block: str) -> list[str]:
    """Return the sentences of a paragraph, without the dateline."""
    return _SENTENCE_END.split(block.split(" -- ", 1)[-1])


def place_span(strike: Strike, blocks: Sequence[str]) -> list[Any] | None:
    """Return where a place stands: in a sentence on an explosion, else after the dateline, else in it.

    A span gives words, which are found by their first occurrence in the block: no later one counts.
    """
    named = re.compile(rf"\b(?:{re.escape(strike.named)}|{re.escape(strike.place.name)})\b", re.IGNORECASE)
    spots = [(n, m.group(0)) for n, block in enumerate(blocks) for m in named.finditer(block)]

    def rank(spot: tuple[int, str]) -> tuple[bool, bool, int]:
        number, words = spot
        around = [s for s in sentences_of(blocks[number]) if words in s]
        return not around, not any(BLAST.search(s) for s in around), number

    best = min(spots, key=rank, default=None)
    return None if best is None else list(best)


def evidence_of(block: str, words: str) -> str:
    """Return the first sentence of a paragraph that has the words; the paragraph if it is its dateline."""
    return next((s for s in sentences_of(block) if words in s), block)


def count_span(low: int | None, victims: str | None, blocks: Sequence[str]) -> list[Any] | None:
    """Return where a count stands: the number before the words for the victims, or their name alone."""
    if low is None or (low > 0 and victims is None):
        return None
    found = _NOBODY
    if victims is not None and low > 0:
        numbers = [f"{low:,}", str(low), *_NUMBERS[low : low + 1], *(["an?"] if low == 1 else [])]
        counted = rf"\b(?:at least |about |some )?(?:{'|'.join(numbers)}) (?:[a-z-]+ ){{0,3}}?"
        name = re.escape(victims)
        found = re.compile(counted + name + (rf"|\b{name}" if low == 1 else ""), re.IGNORECASE)
    matches = ((n, found.search(block)) for n, block in enumerate(blocks))
    return next(([n, m.group(0)] for n, m in matches if m), None)
