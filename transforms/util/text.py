"""Cleaning of strings from outside, before any other step reads them."""

import html
import re
import unicodedata

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Zero-width and bidirectional controls can hide or reorder words; soft hyphens split them.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_BREAK = re.compile(r"[ ]*(?:\r\n|\r|\n|\u2028|\u2029|\x0b)[ ]*")
# Combining marks that are stacked on one letter, as in "zalgo" text.
_REPEATED_MARK = re.compile(r"([\u0300-\u036f\u0483-\u0489\u20d0-\u20ff])\1{2,}")
_TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>]*)>")
_BLOCK_TAG = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|blockquote)\b[^<>]*>", re.IGNORECASE)
_SCRIPT_START = re.compile(r"<(script|style)\b", re.IGNORECASE)
_SCRIPT_END = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style")}


def clean_text(value: str, limit: int = 1_000_000) -> str:
    """Return the string in NFC without control characters, surrogates or invisible characters.

    Line breaks stay; other white space becomes one blank. The result can be encoded to UTF-8, and cleaning it
    again changes nothing.

    Args:
        value: any string.
        limit: greatest length of the result, characters.
    """
    text = _LINE_BREAK.sub("\n", _INVISIBLE.sub("", value[: 2 * limit]))
    text = _REPEATED_MARK.sub(r"\1\1", unicodedata.normalize("NFC", _FORBIDDEN.sub("", text)))
    text = re.sub(r" ?\n ?", "\n", _SPACES.sub(" ", text))
    text = re.sub(r"\n{3,}", "\n\n", text).strip()[:limit].strip()
    return unicodedata.normalize("NFC", text)


def one_line(value: str, limit: int = 1_000) -> str:
    """Return the string cleaned as by ``clean_text``, on a single line."""
    return " ".join(clean_text(value, limit).split())


def strip_markup(value: str) -> str:
    """Return the text of a fragment of HTML, such as a feed's summary. Each block becomes a line."""
    text = _remove_scripts(value)
    text = _TAG.sub(" ", _BLOCK_TAG.sub("\n", text))
    return clean_text(html.unescape(text))


def _remove_scripts(value: str) -> str:
    """Return a fragment of HTML without its scripts and styles. One that does not end stays.

    The time is linear: where no end tag follows, none is looked for again.
    """
    kept, done, position = list[str](), 0, 0
    ended = {"script": True, "style": True}
    while start := _SCRIPT_START.search(value, position):
        name = start.group(1).lower()
        end = _SCRIPT_END[name].search(value, start.end()) if ended[name] else None
        ended[name] = end is not None
        position = start.end() if end is None else end.end()
        if end is not None:
            kept.append(value[done : start.start()])
            done = end.end()
    return " ".join([*kept, value[done:]])
