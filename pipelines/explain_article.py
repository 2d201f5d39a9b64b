"""Why an article has the reports that it has: what the extractor found in its text, and what it left out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.explain_decisions import print_decisions
from pipelines.explain_fields import NothingToExplain, first_row
from pipelines.explain_report import print_heading, print_report
from pipelines.explain_second_reading import print_second_reading
from schemas.records import Article
from schemas.rows import row_to_record
from schemas.sql_files import statement
from transforms.nlp.components import NO_PLACE_STRUCK
from transforms.nlp.counts import Count
from transforms.nlp.findings import Findings
from transforms.nlp.language import has_language_pack
from transforms.nlp.learned.verdicts import Verdict
from transforms.nlp.reports import Analysis, analyse
from transforms.nlp.scope import INTERCEPTED, NO_SENTENCE
from transforms.nlp.settings import ExtractionSettings
from transforms.util.readable import words
from transforms.util.urls import NotAnArticleURL, canonical_url
from transforms.warehouse import Row, Warehouse

STYLES = {
    "place": "green", "time": "magenta", "killed": "bold red", "injured": "red", "missing": "red",
    "weapon": "yellow", "target": "cyan", "actor": "blue",
}  # fmt: skip
"""The colour of each kind of finding on a terminal."""
LEFT_OUT_STYLE = "dim strike"
GATE = "gate"
REASONS = {
    "cumulative": "a total over a longer time, not a single strike",
    "hypothetical": "a threat, a plan or a fear, not something that happened",
    "exercise": "a drill or a simulation",
    "anniversary": "commemorates a strike of long ago",
    "other_deed": "violence other than a strike",
    INTERCEPTED: "shot down, and no hit is reported",
    NO_SENTENCE: "too long for a sentence: a list, or unreadable text",
    NO_PLACE_STRUCK: "the learned model sees no place that was struck",
    GATE: "has no words of a strike near those of a hit, a victim or an attacker, or names another cause",
}
"""Why a span was left out, in words."""
_MAX_SHOWN_CHARS = 160


class _Mark(NamedTuple):
    """A finding in the text."""

    start: int
    end: int
    kind: str
    note: str


def _find_article(warehouse: Warehouse, url: str) -> list[Row]:
    """Return the latest version of the article at an address, also where that is another address of it."""
    article = statement(__file__, "article")
    found = warehouse.query(article, {"url": url})
    if not found:
        for alias in warehouse.query(statement(__file__, "article_of_alias"), {"url": url}):
            found = warehouse.query(article, {"url": alias["article_url"]})
    return found


def explain_article(warehouse: Warehouse, url: str, console: Console) -> None:
    """Print an article with what the extractor finds in it, and its reports.

    Raises:
        NothingToExplain: it is not a URL, or no such article is stored.
    """
    try:
        canonical = canonical_url(url)
    except NotAnArticleURL as error:
        raise NothingToExplain(str(error)) from None
    row = first_row(_find_article(warehouse, canonical), f"no article {canonical!r}")
    article = row_to_record(Article, row)
    parameters = {"url": article.article_url}
    print_heading(row, row["title"], console)
    if not has_language_pack(article.language):
        console.print(f"no language pack for {article.language!r}: stored, not extracted")
        return
    stored = warehouse.query(statement(__file__, "reports_of_article"), parameters)
    analysis = analyse(article, ExtractionSettings(_model(stored)))
    _print_text(analysis.findings, console)
    _print_verdicts(analysis.findings.verdicts, console)
    print_decisions(analysis.strikes, console)
    _print_left_out(analysis, console)
    by_id = {row["report_id"]: row for row in stored}
    for report in analysis.reports:
        if report.report_id in by_id:
            print_report(by_id.pop(report.report_id), console)
    for row in by_id.values():
        console.print("(stored by another version of the extractor)")
        print_report(row, console)
    if not stored:
        console.print("no report: nothing in this article is a strike at a named place")
    print_second_reading(warehouse, canonical, console)


def _model(stored: Sequence[Row]) -> str | None:
    """Return the model that read the stored reports: NAME in "learned-1.DIGEST+NAME-3.8.0"."""
    if not stored:
        return None
    return str(stored[0]["extractor_version"]).partition("+")[2].rpartition("-")[0] or None


def _marks(findings: Findings) -> list[_Mark]:
    """Return the findings in text order. Of findings that overlap, the shortest is kept."""
    marks = [
        _Mark(p.start, p.end, "place", f"{p.place.name}, {p.place.country}" if p.role == "scene" else p.role)
        for p in findings.places
    ]
    marks += [_Mark(c.start, c.end, c.kind.partition("_")[0], _figure(c)) for c in findings.counts]
    marks += [_Mark(t.start, t.end, "time", t.role if t.role != "event" else "") for t in findings.times]
    marks += [
        _Mark(t.start, t.end, "actor" if t.group == "forces" else t.group, words(t.value))
        for t in findings.terms
        if t.group in ("weapon", "target", "actor", "forces")
    ]
    kept: list[_Mark] = []
    for mark in sorted(marks, key=lambda m: (m.end - m.start, m.start)):
        if not any(mark.start < other.end and other.start < mark.end for other in kept):
            kept.append(mark)
    return sorted(kept)


def _figure(count: Count) -> str:
    low, high = count.low, count.high
    text = f"{low}+" if high is None else f"{low}" if low == high else f"{low}-{high}"
    text = f"{text} {count.who}" if count.who else text
    return f"{text} more" if count.is_more else text


def _print_text(findings: Findings, console: Console) -> None:
    """Print the article: in colour on a terminal, with notes in brackets elsewhere."""
    marks = _marks(findings)
    left_out = [(span.start, span.end) for span in findings.left_out]
    if console.is_terminal:
        legend = Text("found: ")
        for kind, style in STYLES.items():
            legend.append(kind, style).append("  ")
        console.print(legend.append("left out", LEFT_OUT_STYLE))
        console.print()
    for block in findings.blocks:
        inside = [m for m in marks if block.start <= m.start and m.end <= block.end]
        text = _marked(findings.text, block.start, block.end, inside, left_out, console)
        console.print(Padding(text, (0, 0, 1, 0)))


def _marked(
    text: str,
    start: int,
    end: int,
    marks: Iterable[_Mark],
    left_out: Sequence[tuple[int, int]],
    console: Console,
) -> Text:
    """Return the slice ``text[start:end]`` with its findings marked, and on a terminal what was left out."""
    marked, position = Text(), start
    for mark in marks:
        marked.append(text[position : mark.start])
        found = text[mark.start : mark.end]
        if console.is_terminal:
            marked.append(found, STYLES.get(mark.kind, ""))
        else:
            marked.append(f"[{found}: {mark.kind}{' ' + mark.note if mark.note else ''}]")
        position = mark.end
    marked.append(text[position:end])
    if console.is_terminal:
        for first, last in left_out:
            if first < end and start < last:
                marked.stylize(LEFT_OUT_STYLE, max(0, first - start), last - start)
    return marked


def _print_verdicts(verdicts: Sequence[Verdict], console: Console) -> None:
    """Print how probable the learned model finds a strike at each place, and what moved it most."""
    if not verdicts:
        return
    table = Table(box=None, header_style="bold", pad_edge=False, title="was it struck?", title_justify="left")
    for column in ("place", "probability", "", "what moved the model most"):
        table.add_column(column)
    for v in sorted(verdicts, key=lambda v: -v.probability):
        place = escape(", ".join(part for part in (v.place.name, v.place.country) if part))
        reasons = escape(", ".join(f"{name} {weight:+.2f}" for name, weight in v.reasons))
        table.add_row(place, f"{v.probability:.2f}", "struck" if v.is_struck else "", reasons)
    console.print(table)
    console.print()


def _print_left_out(analysis: Analysis, console: Console) -> None:
    findings = analysis.findings
    rows = [(findings.text[s.start : s.end], REASONS.get(s.reason, s.reason)) for s in findings.left_out]
    if not analysis.passed:
        rows = [(findings.text, REASONS[GATE])]
    if not rows:
        return
    table = Table(box=None, header_style="bold", pad_edge=False, title="left out", title_justify="left")
    table.add_column("what", ratio=3)
    table.add_column("why", ratio=2)
    for what, why in dict.fromkeys(rows):
        text = " ".join(what.split())
        if len(text) > _MAX_SHOWN_CHARS:
            text = text[: _MAX_SHOWN_CHARS - 3] + "..."
        table.add_row(escape(text), why)
    console.print(table)
    console.print()
