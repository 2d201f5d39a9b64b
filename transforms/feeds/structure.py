"""Where the parts of a feed document are, found without a parser and in one pass.

A document may be malformed, so no parser is sure to find its items. Words in CDATA sections and comments are
text: a section that quotes ``<!DOCTYPE`` or ``<item>`` must not move the border of an item.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_QUOTED = (("<![CDATA[", "]]>"), ("<!--", "-->"))
_QUOTED_START = re.compile(r"<!\[CDATA\[|<!--")
_ITEM_TAG = re.compile(r"<(/?)(item|entry)\b([^<>]*)>?", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w:.-]{0,100})")
_MAX_CHARACTERS_BEFORE_ROOT = 10_000
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_DOCTYPE_END = re.compile(r"\]\s*>")


@dataclass(frozen=True, slots=True)
class ItemPlaces:
    """Where the items of a document are.

    ``starts``: where each start tag begins. ``whole``: start and end of each item that has both tags, without
    the items inside it. ``is_nested``: an item begins before the item before it has ended.
    """

    starts: tuple[int, ...]
    whole: tuple[tuple[int, int], ...]
    is_nested: bool


def mask_quoted(text: str) -> str:
    """Return the text with blanks in the place of CDATA sections and comments. Every position stays the same.

    A section or comment without an end stays as it is: what follows it may be items.
    """
    return "".join(
        " " * (end - start) if is_quoted else text[start:end] for start, end, is_quoted in _split_quoted(text)
    )


def _split_quoted(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of each part of a text, and whether it is a CDATA section or a comment."""
    ends = dict(_QUOTED)
    position = done = 0
    while match := _QUOTED_START.search(text, position):
        opening = match.group(0)
        end = text.find(ends[opening], match.end()) if ends[opening] else -1
        if end < 0:
            ends[opening] = ""  # no end of this kind follows, so none is looked for again
            position = match.end()
            continue
        position = end + 3
        yield done, match.start(), False
        yield match.start(), position, True
        done = position
    yield done, len(text), False


def find_items(masked: str) -> ItemPlaces:
    """Return where the items of a document are.

    Args:
        masked: the document, as ``mask_quoted`` returns it.
    """
    starts: list[int] = []
    whole: list[tuple[int, int]] = []
    open_at: list[tuple[int, str]] = []
    is_nested = False
    for match in _ITEM_TAG.finditer(masked):
        is_end, name, rest = match.group(1), match.group(2).lower(), match.group(3)
        if not is_end:
            starts.append(match.start())
            if rest.endswith("/"):
                whole += [] if open_at else [match.span()]
                continue
            is_nested = is_nested or bool(open_at)
            open_at.append((match.start(), name))
        elif open_at and open_at[-1][1] == name:
            start, _ = open_at.pop()
            if not open_at:
                whole.append((start, match.end()))
    return ItemPlaces(tuple(starts), tuple(whole), is_nested)


def root_name(text: str) -> str:
    """Return the name of the first element in small letters, without its prefix; empty where there is
    none."""
    root = _ROOT.search(mask_quoted(text[:_MAX_CHARACTERS_BEFORE_ROOT]))
    return root.group(1).rpartition(":")[2].lower() if root else ""


def find_doctype(text: str, limit: int) -> tuple[int, int] | None:
    """Return start and end of the document type declaration, or None. It stands before the first element.

    Args:
        text: the document.
        limit: how many characters of it are searched.
    """
    masked = mask_quoted(text[:limit])
    doctype = _DOCTYPE.search(masked)
    root = _ROOT.search(masked)
    if doctype is None or (root is not None and root.start() < doctype.start()):
        return None
    bracket, close = masked.find("[", doctype.end()), masked.find(">", doctype.end())
    if 0 <= bracket < close:
        end = _DOCTYPE_END.search(masked, bracket)
        return (doctype.start(), end.end()) if end else None
    return (doctype.start(), close + 1) if close >= 0 else None
