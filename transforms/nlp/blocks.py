"""Paragraphs of an article by role (headline, dek, lead, body), and its sentences.

A dek is the sub-headline below the headline. A sentence never spans two paragraphs.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from spacy.tokens import Doc

_LINE = re.compile(r"[^\n]+")
_MAX_DEK_WORDS = 40  # a dek has fewer words, and no full stop at its end
_ABBREVIATION = re.compile(r"(?P<word>[^\W\d_]+)\. ?\Z")
_ABBREVIATION_CHARS = 12
_LABEL_TOKENS = 4
"""A label such as "Civilians killed:" has at most so many tokens."""
_FULL_STOPS, _LIST_MARKS = (".", "!", "?"), (",", ";")
_LONG_SENTENCE = 200
"""Tokens after which a sentence ends at a comma; after twice as many it ends anywhere."""
_SENTENCE_ENDS = (".", "!", "?", '"', "\u201d", ":")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph at characters ``[start, end)``. ``role``: headline, dek, lead or body."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at characters ``[start, end)`` and tokens ``[first, last)``.

    ``paragraph``: number of its paragraph; the headline is 0. ``out_of_scope``: the reason why the sentence
    reports no strike, or None. ``tells_no_strike``: it tells of a shooting, of an accident, of arms that were found, or that
    a place was not hit. ``tells_of_patients``: it has no word for a strike, and tells of people in hospital.
    ``has_no_toll``: it tells of an accident, or goes on to tell of what is no strike, so its numbers are no toll.
    """

    start: int
    end: int
    first: int
    last: int
    paragraph: int
    out_of_scope: str | None = None
    tells_no_strike: bool = False
    tells_of_patients: bool = False
    has_no_toll: bool = False


def find_blocks(text: str, title_end: int) -> list[Block]:
    """Return the paragraphs of a text, the headline first if there is one."""
    lines = [m for m in _LINE.finditer(text) if m.group(0).strip()]
    blocks, body = [], []
    for line in lines:
        if line.start() < title_end:
            blocks.append(Block(*line.span(), "headline"))
        else:
            body.append(line)
    has_dek = len(body) > 2 and _is_dek(body[0].group(0).strip())
    for number, line in enumerate(body):
        is_lead = number == int(has_dek)
        role = "lead" if is_lead else "dek" if number == 0 and has_dek else "body"
        blocks.append(Block(*line.span(), role))
    return blocks


def _is_dek(line: str) -> bool:
    return not line.endswith(_SENTENCE_ENDS) and len(line.split()) < _MAX_DEK_WORDS


def mark_blocks(doc: Doc) -> Doc:
    """Start a new sentence at each paragraph, and inside of very long ones.

    A headline has no full stop, so the parser would otherwise join it with the lead. The time that a sentence
    takes grows with the square of its length: a line of 3,000 names took 11 s.
    """
    length = 0
    for token in doc[:-1]:
        length += 1
        is_line_end = token.is_space and "\n" in token.text
        is_long = length >= (_LONG_SENTENCE if token.text in _LIST_MARKS else 2 * _LONG_SENTENCE)
        if is_line_end or is_long:
            doc[token.i + 1].is_sent_start = True
        if is_line_end or is_long or token.text in _FULL_STOPS:
            length = 0
    return doc


def find_sentences(doc: Doc, text: str, blocks: list[Block], abbreviated: Collection[str]) -> list[Sentence]:
    """Return the sentences in text order, each with the number of its paragraph.

    ``abbreviated``: words in lower case whose full stop ends no sentence before a capital: "sgt", "cpl".
    """
    first_number = 0 if blocks and blocks[0].role == "headline" else 1
    sentences: list[Sentence] = []
    block_number = 0
    for span in doc.sents:
        if not span.text.strip():
            continue
        while block_number + 1 < len(blocks) and blocks[block_number].end <= span.start_char:
            block_number += 1
        paragraph = block_number + first_number
        sentence = Sentence(span.start_char, span.end_char, span.start, span.end, paragraph)
        is_lower = span.text[:1].islower()
        before = text[sentences[-1].start : span.start_char] if sentences else ""
        is_split = is_lower and _is_unfinished(before)
        is_rank = _last_word(before) in abbreviated
        if sentences and (is_split or is_rank or _is_label(before, sentences[-1])):
            # the parser sometimes splits "Fifteen | people were injured", "Killed: | Ivan Petrov" and "Lance Cpl. | Owen
            # Treharne"; join the two parts
            last = sentences.pop()
            sentence = replace(sentence, start=last.start, first=last.first)
        sentences.append(sentence)
    return sentences


def _last_word(before: str) -> str:
    """Return the last word of a text in lower case if a full stop follows it in the same line, else an empty string."""
    ends = _ABBREVIATION.search(before[-_ABBREVIATION_CHARS:])
    return ends["word"].lower() if ends is not None else ""


def _is_label(before: str, sentence: Sentence) -> bool:
    """Return whether a sentence is no more than the label of what follows in its line: "Killed:"."""
    is_short = sentence.last - sentence.first <= _LABEL_TOKENS
    return is_short and "\n" not in before.strip(" ") and before.rstrip().endswith(":")


def _is_unfinished(before: str) -> bool:
    """Return whether the text before a lower-case letter is not a complete sentence."""
    return "\n" not in before.strip(" ") and not before.rstrip().endswith(_SENTENCE_ENDS)
