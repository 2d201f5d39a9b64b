"""What became of own articles: the incidents that they founded or joined, in lines for a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from schemas.sql_files import statement
from schemas.vocabulary import Status
from transforms.util.readable import NOT_STATED, dates, toll, words
from transforms.util.text import one_line
from transforms.warehouse import Row, Warehouse


def lines_of_added(warehouse: Warehouse, urls: Iterable[str]) -> Iterator[str]:
    """Yield a line for each incident that has a report of some articles, then one for each other article.

    Args:
        warehouse: the ledger, after the articles were added.
        urls: canonical addresses of the articles.
    """
    asked = list(dict.fromkeys(urls))
    aliases = {
        row["alias_url"]: row["article_url"]
        for row in warehouse.query(statement(__file__, "articles_of_aliases"), {"urls": asked})
    }
    stored = list(dict.fromkeys(aliases.get(url, url) for url in asked))
    rows = warehouse.query(statement(__file__, "incidents_of_articles"), {"urls": stored})
    for _, found in groupby(rows, key=lambda row: str(row["incident_id"])):
        yield _line(list(found))
    told = {row["article_url"] for row in rows}
    for url in stored:
        if url not in told:
            yield f"incident   none: {one_line(url, 300)}"


def _line(found: Sequence[Row]) -> str:
    """Return the line of an incident.

    Args:
        found: the incident, once for each of its reports that an added article gives.
    """
    row = found[0]
    others = row["number_of_reports"] - len(found)
    how = "new" if not others else f"joined {others} other report{'s' if others > 1 else ''}"
    if row["status"] in (Status.NEEDS_REVIEW, Status.REJECTED):
        how = f"{how}, {words(row['status'])}"
    what = " ".join(
        [
            dates(row),
            one_line(row["location"], 100),
            f"({row['country'] or NOT_STATED})",
            words(row["weapon"]),
        ]
    )
    tolls = f"killed {toll(row, 'fatalities')}, injured {toll(row, 'injured')}"
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return (
        f"incident   {row['incident_id']} {how}: {what}, {tolls}; {one_line(row['article_url'], 300)}{more}"
    )
