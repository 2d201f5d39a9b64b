"""Words that a page hides from the eye and keeps for screen readers: ", opens new tab" after a link.

They stand inside a line of the text, so no rule for boxes sees them.
"""

import re

_SHORT = re.compile(r"<(span|b|i|em|small|strong|abbr)\b([^<>]{4,600})>[^<>]{1,120}</\1>", re.I)
_MARK = re.compile(
    r"\b(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?|hidden-visually|vis(?:ually)?-?hidden|off-?screen|"
    r"assistive(?:-text)?|a11y-(?:hidden|text|only)|accessib(?:ly|ility|le)-hid(?:den|e))\b"
    r"|\bclip(?:-path)?\s*:\s*(?:rect|inset)\("
    r"|\b(?:left|top|text-indent)\s*:\s*-\d{4,}"
    r"|display\s*:\s*none|visibility\s*:\s*hidden",
    re.I,
)
"""A class or a style with which pages hide words: their names are those of the common style sheets."""


def without_invisible(markup: str) -> str:
    """Return a page without the short inline elements that a class or their own style hides."""
    if _MARK.search(markup) is None:
        return markup
    return _SHORT.sub(lambda found: "" if _MARK.search(found[2]) else found[0], markup)
