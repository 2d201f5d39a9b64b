"""Why: an article with what was seen in it, a report or an incident field by field with its sentences."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.explain_fields import NothingToExplain, Row, fields, one, table_of_fields
from pipelines.show import words
from schemas.records import Article
from schemas.rows import row_to_record
from transforms.nlp.findings import Findings
from transforms.nlp.language import has_language_pack
from transforms.nlp.reports import Analysis, analyse
from transforms.nlp.settings import ExtractionSettings
from transforms.util.urls import NotAnArticleURL, canonical_url
from transforms.warehouse import Warehouse

STYLES = {
    "place": "green", "time": "magenta", "killed": "bold red", "injured": "red", "missing": "red",
    "weapon": "yellow", "target": "cyan", "actor": "blue",
}  # fmt: skip
# Why a stretch was left out, in words.
REASONS = {
    "cumulative": "a total over a longer time, no single strike",
    "hypothetical": "a threat, a plan or a fear, not something that happened",
    "exercise": "a drill or a simulation",
    "anniversary": "remembers a strike long past",
    "other_deed": "violence that is no strike",
    "intercepted": "shot down, and no hit is told",
    "other_cause": "the article is about another cause: a labour dispute, an accident, sport, nature",
    "no sentence": "too long for a sentence: a list, or junk",
    "no weapon or strike": "no weapon is named, and no strike with somebody who could have struck",
    "no town named": "no town or place as exact is named for it",
    "no hit told": "neither a hit nor a victim is told",
    "gate": "holds no word for a weapon or strike together with one for a hit or a victim",
}


def explain(warehouse: Warehouse, what: str, console: Console) -> None:
    """Print why: ``what`` is the id of a report or an incident, or the address of an article.

    Raises:
        NothingToExplain: nothing of that name is stored.
    """
    if what.startswith("i-"):
        from pipelines.explain_incident import explain_incident

        explain_incident(warehouse, what, console)
    elif "://" in what:
        _explain_article(warehouse, what, console)
    else:
        _explain_report(warehouse, what, console)


def _explain_article(warehouse: Warehouse, url: str, console: Console) -> None:
    try:
        canonical = canonical_url(url)
    except NotAnArticleURL as error:
        raise NothingToExplain(str(error)) from None
    sql = "SELECT * FROM articles WHERE article_url = @value AND is_latest"
    row = one(warehouse, sql, canonical, "no article")
    article = row_to_record(Article, row)
    _heading(console, row)
    if not has_language_pack(article.language):
        console.print(f"no language pack for {article.language!r}: stored, not extracted")
        return
    stored = warehouse.query("SELECT * FROM reports WHERE article_url = @value", {"value": canonical})
    analysis = analyse(article, ExtractionSettings(_model(stored)))
    _print_text(analysis.findings, console)
    _print_left_out(analysis, console)
    by_id = {row["report_id"]: row for row in stored}
    for report in analysis.reports:
        if report.report_id in by_id:
            _print_report(by_id.pop(report.report_id), console)
    for row in by_id.values():
        console.print("(stored by another version of the extractor)")
        _print_report(row, console)
    if not stored:
        console.print("no report: nothing in this article is a strike at a named place")


def _model(stored: Sequence[Row]) -> str | None:
    """Return the model that the stored reports were read with: "rules-2+NAME-3.8.0"."""
    if not stored:
        return None
    return str(stored[0]["extractor_version"]).partition("+")[2].rpartition("-")[0] or None


def _heading(console: Console, row: Row) -> None:
    console.print(Text(row["title"] or "(no title)", "bold"))
    console.print(
        Text(f"{row['source_name'] or 'unknown source'}, {row['published_at'] or 'no date'}", "dim")
    )
    console.print(Text(row["article_url"], "dim"), soft_wrap=True)
    console.print()


def _seen(found: Findings) -> list[tuple[int, int, str, str]]:
    """Return what was seen as (start, end, kind, note), without overlaps, in text order."""
    spans = [
        (p.start, p.end, "place", f"{p.place.name}, {p.place.country}" if p.role == "scene" else p.role)
        for p in found.places
    ]
    spans += [(c.start, c.end, c.kind.partition("_")[0], _figure(c)) for c in found.counts]
    spans += [(t.start, t.end, "time", t.role if t.role != "event" else "") for t in found.times]
    spans += [
        (t.start, t.end, "actor" if t.group == "forces" else t.group, words(t.value))
        for t in found.terms
        if t.group in ("weapon", "target", "actor", "forces")
    ]
    kept: list[tuple[int, int, str, str]] = []
    for span in sorted(spans, key=lambda s: (s[1] - s[0], s[0])):
        if not any(span[0] < other[1] and other[0] < span[1] for other in kept):
            kept.append(span)
    return sorted(kept)


def _figure(count: Any) -> str:
    low, high = count.low, count.high
    text = f"{low}+" if high is None else f"{low}" if low == high else f"{low}-{high}"
    text = f"{text} {count.who}" if count.who else text
    return f"{text} more" if count.is_more else text


def _print_text(found: Findings, console: Console) -> None:
    """Print the article: in colour on a terminal, with notes in brackets elsewhere."""
    marks = _seen(found)
    dimmed = [(o.start, o.end) for o in found.left_out]
    if console.is_terminal:
        legend = Text("seen: ")
        for kind, style in STYLES.items():
            legend.append(kind, style).append("  ")
        console.print(legend.append("left out", "dim strike"))
        console.print()
    for block in found.blocks:
        inside = [m for m in marks if block.start <= m[0] and m[1] <= block.end]
        console.print(
            Padding(_marked(found.text, block.start, block.end, inside, dimmed, console), (0, 0, 1, 0))
        )


def _marked(
    text: str,
    start: int,
    end: int,
    marks: Iterable[tuple[int, int, str, str]],
    dimmed: Sequence[tuple[int, int]],
    console: Console,
) -> Text:
    line, at = Text(), start
    for first, last, kind, note in marks:
        line.append(text[at:first])
        if console.is_terminal:
            line.append(text[first:last], STYLES.get(kind, ""))
        else:
            line.append(f"[{text[first:last]}: {kind}{' ' + note if note else ''}]")
        at = last
    line.append(text[at:end])
    if console.is_terminal:
        for first, last in dimmed:
            if first < end and start < last:
                line.stylize("dim strike", max(0, first - start), last - start)
    return line


def _print_left_out(analysis: Analysis, console: Console) -> None:
    found = analysis.findings
    rows = [(found.text[o.start : o.end], REASONS.get(o.reason, o.reason)) for o in found.left_out]
    if not analysis.passed:
        rows = [(found.text, REASONS["gate"])]
    if not rows:
        return
    table = Table(box=None, header_style="bold", pad_edge=False, title="left out", title_justify="left")
    table.add_column("what", ratio=3)
    table.add_column("why", ratio=2)
    for what, why in dict.fromkeys(rows):
        short = " ".join(what.split())
        table.add_row(escape(short if len(short) <= 160 else short[:157] + "..."), why)
    console.print(table)
    console.print()


def _print_report(row: Row, console: Console) -> None:
    table = table_of_fields(f"report {row['report_id']}" + ("" if row["is_main"] else " (background)"))
    said = {e["field"]: e["text"] for e in row["evidence"] or ()}
    sure = {f["field"]: f"{f['confidence']:.2f}" for f in row["field_confidence"] or ()}
    for name, value, field in fields(row):
        table.add_row(name, escape(value), sure.get(field, ""), escape(" ".join(said.get(field, "").split())))
    if row["attributed_to"]:
        table.add_row("whose count", escape(row["attributed_to"]), "", "")
    table.add_row("all in all", "", f"{row['confidence']:.2f}", "")
    table.add_row("read by", escape(row["extractor_version"]), "", "")
    console.print(table)
    console.print()


def _explain_report(warehouse: Warehouse, report_id: str, console: Console) -> None:
    sql = "SELECT * FROM reports_all WHERE report_id = @value ORDER BY article_version DESC"
    row = one(warehouse, sql, report_id, "no report")
    _heading(console, {**row, "title": row["headline"]})
    _print_report(row, console)
    sql = "SELECT * FROM incident_reports WHERE report_id = @value"
    for link in warehouse.query(sql, {"value": report_id}):
        console.print(
            f"in incident {link['incident_id']} with score {link['match_score']:.2f}: {link['match_reason']}",
            markup=False,
        )
