"""Appeals among the paragraphs: to follow a channel, to send a message, to pay for the site.

Their words alone do not decide, since a report may quote them; nor does what they share with the other
paragraphs, because a long report has any word. But a site sets an appeal apart: all of it is bold, slanted,
centred or coloured, or it has a link to a channel or to where one pays. So the length of the article
has no part in it.
"""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from transforms.pages.asides import stems_of
from transforms.pages.boilerplate_words import load_boilerplate_words
from transforms.pages.lines import HEADING_TAGS, PageLines

_MIN_WORDS, _MAX_WORDS = 4, 45
_MAX_SHARED_STEMS = 1
_MAX_SHARE_OF_PAGE = 0.3
_QUOTES = re.compile('["“”«»„「」『』]')
_BREAKS = tuple(".!?:;,…–—-|•(")
_STYLED_TAGS = ("em", "i", "strong", "b", "u", "font", "center", "small", "mark", "big")
_STYLE = re.compile(
    r"text-align\s*:\s*center|background|border|(?<![-\w])color\s*:|font-style\s*:\s*italic", re.I
)
_ADDRESS = re.compile(
    r"//(?:www\.|m\.|chat\.|news\.|play\.|apps?\.)?(?:whatsapp|wa\.me|t\.me|telegram|google|apple|viber|"
    r"facebook|fb|instagram|twitter|x\.com|youtube|youtu\.be|tiktok|threads|bsky|discord|patreon|ko-?fi|buymeacoffee|paypal|"
    r"donorbox|gofundme|liberapay|opencollective|substack|signal|vk)\b"
    r"|\b(?:donat|support|subscri|member|club|patron|newsletter|sign-?up|register|contribut|join|app\b)"
    r"|^(?:mailto|tel|sms|viber|tg|whatsapp):|^#?$",
    re.I,
)


def find_appeals(tree: HtmlElement, page: PageLines, headlines: Iterable[str]) -> Iterator[HtmlElement]:
    """Yield the blocks that appeal to the reader and that their markup sets apart."""
    appeals = load_boilerplate_words().appeals
    title = frozenset().union(*map(stems_of, headlines))
    found: list[HtmlElement] = []
    for block in tree.iter():
        if not isinstance(block.tag, str) or block.tag in (*HEADING_TAGS, "h1", "title"):
            continue
        if not _MIN_WORDS <= page.count_words_of(block) <= _MAX_WORDS or not page.is_leaf_text(block):
            continue
        text = " ".join(block.text_content().split())
        appeal = appeals.search(text)
        if appeal is None or _QUOTES.search(text) or not _is_said_to_reader(text, appeal):
            continue
        if len(stems_of(text) & title) > _MAX_SHARED_STEMS:
            continue
        if _is_styled(block, page) or _has_address(block):
            found.append(block)
    if sum(map(page.count_words_of, found)) <= _MAX_SHARE_OF_PAGE * page.count_words_of(tree):
        yield from found


def _is_said_to_reader(text: str, appeal: re.Match[str]) -> bool:
    """Return whether an appeal begins a part of a sentence, or the site speaks of itself or to its reader.

    In a report somebody else is told to follow a channel.
    """
    words = load_boilerplate_words()
    before = text[: appeal.start()].rstrip()
    is_start = not before or before.endswith(_BREAKS)
    return is_start or any(pattern.search(text) for pattern in (words.own_words, words.address))


def _is_styled(block: HtmlElement, page: PageLines) -> bool:
    """Return whether all of a block is set in another style, by its tag or by what is stated on it."""
    number = page.count_words_of(block)
    if (block.get("align") or "").lower() == "center":
        return True
    for element in block.iter():
        if isinstance(element.tag, str) and page.count_words_of(element) == number:
            is_styled = element.tag == "center" or (element is not block and element.tag in _STYLED_TAGS)
            if (
                is_styled
                or _STYLE.search(element.get("style") or "")
                or "center" in (element.get("class") or "")
            ):
                return True
    return False


def _has_address(block: HtmlElement) -> bool:
    return any(_ADDRESS.search((link.get("href") or "").strip()) for link in block.iter("a"))
