"""Paragraphs that the layout of a page tells and trafilatura dropped: a lead in a banner, a list of facts.

trafilatura prefers one element with much text, so it drops what stands before that.
"""

from transforms.pages.boilerplate_words import count_words, ends_as_sentence, normalise_words

_MIN_WORDS = 8
_PROBE_WORDS = 6
_MAX_MISSING = 5


def add_missing_lead(text: str, laid_out: str) -> str:
    """Return a text with the paragraphs before it that it lacks.

    Only those before the first paragraph that both have: what is missing later may have been left out with
    reason.

    >>> add_missing_lead("It was the second.", "A drone hit a house in the town on Monday.\\nIt was the second.")
    'A drone hit a house in the town on Monday.\\nIt was the second.'

    Args:
        text: the article's text, a line a paragraph.
        laid_out: the paragraphs as the layout tells them.
    """
    found = normalise_words(text)
    missing: list[str] = []
    for line in filter(None, map(str.strip, laid_out.split("\n"))):
        if _has(found, line):
            break
        if count_words(line) >= _MIN_WORDS and ends_as_sentence(line):
            missing.append(line)
    if not missing or len(missing) > _MAX_MISSING or not text:
        return text
    return "\n".join((*missing, text))


def _has(found: str, line: str) -> bool:
    """Return whether the first or the last words of a line are in a text, whose words are normalised."""
    words = normalise_words(line).split()
    return any(
        " ".join(part) in found for part in (words[:_PROBE_WORDS], words[-_PROBE_WORDS:]) if part
    )
