"""The blocks of an article: headline, dek, lead, body; and its sentences, which never cross a block."""

import re
from dataclasses import dataclass, replace

from spacy.tokens import Doc

_LINE = re.compile(r"[^\n]+")
_DEK_WORDS = 40  # a sub-headline is shorter, and ends without a stop
_STOPS = (".", "!", "?", '"', "\u201d", ":")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph ``[start, end)``: ``role`` headline, dek, lead or body."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence ``[start, end)``, tokens ``[first, last)``, of the paragraph of that number: 0 the
    headline. ``out_of_scope`` says why it tells of no strike."""

    start: int
    end: int
    first: int
    last: int
    paragraph: int
    out_of_scope: str | None = None


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
    return not line.endswith(_STOPS) and len(line.split()) < _DEK_WORDS


def mark_blocks(doc: Doc) -> Doc:
    """Start a sentence at each paragraph: else a headline without a stop and the lead become one."""
    for token in doc[:-1]:
        if token.is_space and "\n" in token.text:
            doc[token.i + 1].is_sent_start = True
    return doc


def find_sentences(doc: Doc, text: str, blocks: list[Block]) -> list[Sentence]:
    """Return the sentences with the number of their paragraph."""
    first_number = 0 if blocks and blocks[0].role == "headline" else 1
    sentences: list[Sentence] = []
    at = 0
    for span in doc.sents:
        told = span.text
        if not told.strip():
            continue
        while at + 1 < len(blocks) and blocks[at].end <= span.start_char:
            at += 1
        sentence = Sentence(span.start_char, span.end_char, span.start, span.end, at + first_number)
        if sentences and told[:1].islower() and _is_cut(text[sentences[-1].start : span.start_char]):
            # the parser cuts "Fifteen | people were injured" now and then
            last = sentences.pop()
            sentence = replace(sentence, start=last.start, first=last.first)
        sentences.append(sentence)
    return sentences


def _is_cut(before: str) -> bool:
    """Return whether what stands before a small letter is no whole sentence."""
    return "\n" not in before.strip(" ") and not before.rstrip().endswith(_STOPS)
