"""Pages that only send the reader on: by a meta refresh, or by a script.

News readers and link shorteners answer with such a page and status 200. Their few words ("If you are not
redirected, follow the link") are no article.
"""

import html
import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

_FIRST_PART_CHARACTERS = 60_000
_MAX_SCANNED_CHARACTERS = 200_000
_MAX_VISIBLE_CHARACTERS, _MAX_VISIBLE_CHARACTERS_BESIDE_SCRIPT = 400, 200
"""A page with more text is an article, whatever its scripts do. Scripts are trusted less than a meta element:
a news flash of two lines may have a script that opens the search page when a button is pressed."""
_MAX_SCRIPT_CHARACTERS = 4_000
"""A page with longer scripts is an application: its scripts name many addresses and go to few of them."""
_MAX_DELAY_SECONDS = 15
"""A later refresh is that of a live page, not of a redirect."""

_META = re.compile(r"<meta\b[^<>]{0,2000}>", re.I)
_ATTRIBUTE = re.compile(r"""(?<![a-z-])([a-z-]{1,30})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.I)
_REFRESH = re.compile(r"""(\d{0,6})(?:\.\d*)? ?[;, ] ?(?:url ?= ?)?["']? ?([^"']+?) ?["']?""", re.I)
_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)(?:</script\s*>|\Z)", re.I | re.S)
_HIDDEN = re.compile(
    r"<(script|style|template|title)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S
)
_TAG = re.compile(r"<[^<>]*>")
_OBJECT = r"(?:(?:window|self|top|parent|document|globalThis|this)\s*\.\s*)*location"
_STRING = r"""(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`$]*)`)"""
_ASSIGNED = re.compile(rf"(?<![\w$.]){_OBJECT}\s*(?:\.\s*href\s*)?=(?!=)\s*{_STRING}")
_CALLED = re.compile(rf"(?<![\w$.]){_OBJECT}\s*\.\s*(?:replace|assign)\s*\(\s*{_STRING}\s*\)")
_ANY_MOVE = re.compile(
    rf"(?<![\w$.]){_OBJECT}\s*(?:(?:\.\s*href\s*)?=(?!=)|\.\s*(?:replace|assign|reload)\s*\()"
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)


@dataclass(frozen=True, slots=True)
class Forwarding:
    """A page that sends the reader on. ``target``: where to; None where only a browser can tell."""

    target: str | None


def read_forwarding(markup: str, url: str | None = None) -> Forwarding | None:
    """Return where a page sends its reader, or None for a page that stays.

    Args:
        markup: the page, scripts included.
        url: its address; targets are relative to it, and a page that reloads itself stays. None: not known,
            then the target is as it was written.
    """
    markup = markup[:_MAX_SCANNED_CHARACTERS]
    lower = markup.lower()
    if "http-equiv" not in lower and "location" not in lower:
        return None
    # Most pages show enough in their first part. It never shows more: what is open where it ends is hidden.
    first_part = markup[:_FIRST_PART_CHARACTERS].rpartition("<")[0]
    if len(_visible_text(first_part)) > _MAX_VISIBLE_CHARACTERS:
        return None
    visible = len(_visible_text(markup))
    if visible > _MAX_VISIBLE_CHARACTERS:
        return None
    scripts = _short_scripts(markup) if visible <= _MAX_VISIBLE_CHARACTERS_BESIDE_SCRIPT else []
    targets = [*_refresh_targets(markup), *_script_targets(scripts)]
    for target in targets:
        absolute = _absolute(target, url)
        if absolute is not None and absolute != url:
            return Forwarding(absolute)
    is_moved_by_script = any(map(_ANY_MOVE.search, scripts))
    return Forwarding(None) if is_moved_by_script and not targets else None


def _visible_text(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", markup))).split())


def _refresh_targets(markup: str) -> list[str]:
    targets = []
    for tag in _META.findall(_HIDDEN.sub(" ", markup)):
        if "refresh" not in tag.lower():
            continue
        attributes = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(tag)}
        if attributes.get("http-equiv", "").strip().lower() != "refresh":
            continue
        content = " ".join(html.unescape(attributes.get("content", "")).split())
        found = _REFRESH.fullmatch(content)
        if found and int(found[1] or 0) <= _MAX_DELAY_SECONDS:
            targets.append(found[2])
    return targets


def _short_scripts(markup: str) -> list[str]:
    scripts: list[str] = _SCRIPT.findall(markup)
    return scripts if sum(map(len, scripts)) <= _MAX_SCRIPT_CHARACTERS else []


def _script_targets(scripts: list[str]) -> list[str]:
    found = []
    for script in scripts:
        matches = [*_ASSIGNED.finditer(script), *_CALLED.finditer(script)]
        for match in sorted(matches, key=lambda m: m.start()):
            found.append(_ESCAPE.sub(_unescape, match[1] or match[2] or match[3] or ""))
    return found


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else match[3]


def _absolute(target: str, url: str | None) -> str | None:
    """Return the absolute target without its fragment, or None where it is no address of a page."""
    target = target.strip()
    if not target or target.startswith("#") or any(ord(c) < 32 for c in target):
        return None
    try:
        absolute = urldefrag(urljoin(url, target) if url else target).url
    except ValueError:
        return None
    return absolute or None
