"""Whether an extracted text is the whole article: two extractors are compared.

Rules and trafilatura go wrong on some layout each: a rule takes the article for a box, trafilatura takes the
first of several containers. resiliparse is fast enough to read every page. Where it sees much more prose than
we found, one more reading decides, and a text counts only if two readings agree on it.
"""

from collections import Counter
from collections.abc import Callable

from transforms.pages.boilerplate_words import WORD, count_words, ends_as_sentence, normalise_words

_MIN_PROSE_WORDS, _MIN_UNENDED_PROSE_WORDS = 8, 20
# On 181 real pages the share was above .6 on all that were read well but one, and below .5 on all others.
_MIN_SHARE_OF_OTHER = 0.5
_MIN_AGREEMENT, _MIN_AGREEMENT_OF_PROSE = 0.8, 0.9
_MIN_SHARE_OF_AGREED = 0.4
_MIN_MENU_BARS = 3
_MIN_ARTICLE_WORDS = 12
_MIN_SHARE_OF_BODY, _MIN_SHARE_OF_TEXT = 0.9, 0.65


def choose_text(
    ours: str, laid_out: str, second: str, read_cleaned: Callable[[], str], read_whole: Callable[[], str]
) -> tuple[str, bool]:
    """Return the text of an article, and whether it is another than ours.

    Args:
        ours: what trafilatura found after the boilerplate was removed.
        laid_out: the paragraphs as the layout of the page tells them.
        second: what resiliparse finds in the whole page.
        read_cleaned: returns what resiliparse finds after the boilerplate was removed.
        read_whole: returns what trafilatura finds in the whole page.
    """
    prose = keep_prose(second)
    if _share(prose, ours) >= _MIN_SHARE_OF_OTHER:
        return ours, False
    cleaned = keep_prose(read_cleaned())
    # The other saw all that we saw, and much more that is laid out alike: we have one part of several.
    is_part = _share(keep_prose(ours), cleaned) >= _MIN_AGREEMENT_OF_PROSE
    is_part = is_part and _share_of_lines(cleaned, ours) < _MIN_SHARE_OF_OTHER
    if is_part and _share(cleaned, laid_out) >= _MIN_AGREEMENT:
        return cleaned, True
    if (
        is_part
        and _share(laid_out, cleaned) >= _MIN_AGREEMENT
        and _share_of_lines(laid_out, ours) < _MIN_SHARE_OF_OTHER
    ):
        return laid_out, True
    whole = read_whole()
    agreed = keep_prose(whole)
    is_agreed = _share(prose, agreed) >= _MIN_AGREEMENT and _share(agreed, prose) >= _MIN_SHARE_OF_OTHER
    if is_agreed and _share(agreed, ours) < _MIN_SHARE_OF_AGREED and not _holds(ours, laid_out):
        return whole, True
    return ours, False


def _holds(ours: str, laid_out: str) -> bool:
    """Return whether our text is what the layout tells, and long enough for an article."""
    is_long = count_words(laid_out) >= _MIN_ARTICLE_WORDS
    return is_long and _share(laid_out, ours) >= _MIN_AGREEMENT_OF_PROSE


def keep_prose(text: str) -> str:
    """Return the lines of a text that are sentences, or long."""
    return "\n".join(line for line in map(str.strip, text.split("\n")) if is_prose_line(line))


def is_prose_line(line: str) -> bool:
    """Return whether a line is a sentence, or long enough to be one without a full stop."""
    if line.count("|") >= _MIN_MENU_BARS:
        return False
    number = count_words(line)
    return number >= _MIN_UNENDED_PROSE_WORDS or (number >= _MIN_PROSE_WORDS and ends_as_sentence(line))


def _share(text: str, other: str) -> float:
    """Return the share of a text's words that another text has too, 0 to 1; 1 for a text without words."""
    words, others = Counter(WORD.findall(text)), Counter(WORD.findall(other))
    total = sum(words.values())
    return sum((words & others).values()) / total if total else 1.0


def _share_of_lines(text: str, other: str) -> float:
    """Return the share of a text's words that stand in lines that another text has too, 0 to 1."""
    said = f" {normalise_words(other)} "
    lines = [(count_words(line), f" {normalise_words(line)} " in said) for line in text.split("\n")]
    total = sum(number for number, _ in lines)
    return sum(number for number, is_said in lines if is_said) / total if total else 1.0


def keep_stated(text: str, body: str) -> str:
    """Return a text without the sentences that the page's body for machines lacks.

    The page must show all of that body. Some sites state only the beginning, so it must be most of the text.
    The lines before the first that is stated stay, because a lead is often not in the body; so do headings.
    """
    lines, stated = text.split("\n"), f" {normalise_words(body)} "
    is_stated = [f" {normalise_words(line)} " in stated for line in lines]
    shown = sum(count_words(line) for line, found in zip(lines, is_stated, strict=True) if found)
    least = max(_MIN_SHARE_OF_BODY * count_words(body), _MIN_SHARE_OF_TEXT * count_words(text))
    if not shown or shown < least:
        return text
    first, last = is_stated.index(True), len(lines) - 1 - is_stated[::-1].index(True)
    return "\n".join(
        line
        for n, (line, found) in enumerate(zip(lines, is_stated, strict=True))
        if found or n < first or (n < last and not ends_as_sentence(line))
    )
