"""Lines of an extracted text: a pull quote goes, and what a text tells twice for a reason stays."""

from __future__ import annotations

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.text_lines import drop_first_day, drop_pull_quotes

FIRST = "Two rockets fell on the fish market of the town on Friday, and five people are dead, the mayor said."
TELLS = "\u201cWe heard it for an hour before it came down on the ice house,\u201d said Amal, who sells sardines there."


@pytest.mark.parametrize(
    "quote",
    [
        "We heard it for an hour before it came down on the ice house.",
        "\u201cWe heard it for an hour before it came down on the ice house\u201d",
        "we heard it for an hour before it came down",
        "It came down on the ice house.",
        "Two rockets fell on the fish market of the town on Friday.",
    ],
)
@pytest.mark.parametrize("is_last", [True, False])
def test_a_pull_quote_goes_wherever_it_stands(quote: str, is_last: bool) -> None:
    lines = [FIRST, "A mast broke.", *([] if is_last else [quote]), TELLS, *([quote] if is_last else [])]
    assert drop_pull_quotes("\n".join(lines)).split("\n") == [FIRST, "A mast broke.", TELLS]


@pytest.mark.parametrize(
    "line",
    [
        "On the ice house",
        "We heard it for an hour before it hit the harbour wall.",
        "The ice house is gone.",
        "Five people are dead.",
    ],
)
def test_a_heading_and_a_sentence_of_its_own_stay(line: str) -> None:
    text = "\n".join([FIRST, line, TELLS])
    assert drop_pull_quotes(text) == text


def test_the_first_line_stays_because_it_may_be_the_summary() -> None:
    text = f"Five people are dead, the mayor said.\n{FIRST}\n{TELLS}"
    assert drop_pull_quotes(text) == text


def test_a_page_is_read_without_its_pull_quote() -> None:
    said = "The harbour is closed until the divers have found what is left of it under the third pier."
    lines = [
        FIRST,
        f"{said} It may take a week, the captain of the port told the council in the evening.",
        TELLS,
    ]
    text = "".join(f"<p>{line}</p>" for line in [FIRST, said, *lines[1:]])
    page = f"<html><body><article><h1>Rockets fall on a fish market</h1><div class='b'>{text}</div></article></body></html>"
    assert clean_page(page.encode(), title="Rockets fall on a fish market").text.split("\n") == lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Friday, 16 May 2025\nOne.\nTwo.", "One.\nTwo."),
        ("16.05.2025\nOne.", "One."),
        ("16 May 2025\n09:10 One.\n08:40 Two.", "16 May 2025\n09:10 One.\n08:40 Two."),
        ("On 16 May 2025 it fell\nOne.", "On 16 May 2025 it fell\nOne."),
        ("16 May 2025", "16 May 2025"),
    ],
)
def test_a_day_before_the_text_goes_unless_hours_follow(text: str, expected: str) -> None:
    assert drop_first_day(text) == expected
