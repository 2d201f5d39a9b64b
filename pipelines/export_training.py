"""``export training``: what people decided, as annotated articles to train and test extraction with.

An article is exported once a person has decided on every strike that it reports. Each record has the article
and its strikes (``gold``); a rejected one is none. The values are those of the article's own report, but for
fields other than tolls that a person set. ``set_by_person`` names these.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from schemas.rows import Row
from schemas.sql_files import statement
from schemas.vocabulary import Status
from transforms.warehouse import Warehouse

NAME = "training"
_FIELDS: Mapping[str, str] = {
    "date_start": "event_date_start", "date_end": "event_date_end", "place": "location", "country": "country",
    "weapon": "weapon", "attacker": "actor", "targets": "targets", "killed_min": "fatalities_low",
    "killed_max": "fatalities_high", "injured_min": "injured_low", "injured_max": "injured_high",
    "children_killed": "child_fatalities", "children_injured": "child_injured", "status": "claim_status",
}  # fmt: skip
"""The keys of an annotated strike, and the columns that they come from."""
_TOLLS = ("fatalities_", "injured_", "child_")


def training_articles(warehouse: Warehouse) -> Iterator[Row]:
    """Yield the annotated articles, sorted by address."""
    reports = warehouse.query(statement(__file__, "reviewed_reports"))
    by_person: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in warehouse.query(statement(__file__, "set_fields")):
        by_person[row["incident_id"]][row["field"]] = json.loads(row["value"])
    by_article = {url: list(rows) for url, rows in groupby(reports, key=lambda r: r["article_url"])}
    decided = {url: rows for url, rows in by_article.items() if all(r["incident_id"] for r in rows)}
    articles = warehouse.query(statement(__file__, "articles_by_url"), {"urls": sorted(decided)})
    for number, article in enumerate(articles, start=1):
        golds = [
            _strike(report, by_person[report["incident_id"]])
            for report in decided[article["article_url"]]
            if report["status"] != Status.REJECTED
        ]
        yield {
            "id": f"reviewed-{number:04}",
            "source": article["source_name"],
            "url": article["article_url"],
            "title": article["title"],
            "byline": article["author"],
            "published": article["published_at"],
            "summary": article["summary"],
            "paragraphs": [line for line in article["text"].split("\n") if line.strip()],
            "language": article["language"],
            "gold": golds,
        }


def _strike(report: Row, set_fields: Mapping[str, Any]) -> Row:
    """Return the annotation of one strike."""
    # A toll that a person set may come from elsewhere: what this article says stays.
    known = {name: value for name, value in set_fields.items() if not name.startswith(_TOLLS)}
    values = {key: known.get(column, report[column]) for key, column in _FIELDS.items()}
    sentence = next((e["text"] for e in report["evidence"] or () if e["field"] == "location"), None)
    named = sorted(key for key, column in _FIELDS.items() if column in known)
    return {
        "event": report["incident_id"], "main": report["is_main"], **values, "evidence": sentence,
        "set_by_person": named,
    }  # fmt: skip
