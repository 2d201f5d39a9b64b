"""The annotated articles that the weights are trained with, and the folds they fall into."""

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml

from training import REAL

ROOT = Path(__file__).parent
COMMITTED = ROOT / "corpus"
OWN = ROOT.parent / "tests" / "eval" / "own"


Span = tuple[int, str]
"""Number of the block (0 is the headline) and the words."""


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated strike.

    ``dates``: its first and last day, None where the article does not say. ``killed`` and ``injured``:
    (lowest, highest), each None where it is not stated. ``spans``: the words that state a field, by its name
    (place, date, killed, injured, children_killed, children_injured, weapon, attacker), where annotated.
    """

    event: str
    place: str
    country: str
    other_name: str | None = None
    point: tuple[float, float] | None = None
    main: bool = True
    dates: tuple[dt.date, dt.date] | None = None
    weapon: str = "unknown"
    attacker: str | None = None
    killed: tuple[int | None, int | None] = (None, None)
    injured: tuple[int | None, int | None] = (None, None)
    children_killed: int | None = None
    children_injured: int | None = None
    targets: tuple[str, ...] = ()
    spans: Mapping[str, Span] = field(default_factory=dict)

    @property
    def span(self) -> Span | None:
        """Return the words that name the place."""
        return self.spans.get("place")


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article with its strikes.

    ``decoys``: words that look like a strike's place, count or date and are none, each with its kind.
    ``pair``: the number of a minimal pair. ``plan``: the real article whose plan this one has: what each of
    its sentences does, and in which order, but none of its words.
    """

    folder: str
    id: str
    title: str
    paragraphs: tuple[str, ...]
    published: str
    golds: tuple[Gold, ...]
    decoys: tuple[tuple[Span, str], ...] = ()
    pair: str | None = None
    url: str = ""
    plan: str | None = None

    @property
    def line(self) -> str:
        """Return the article as a line of ``extract``'s input."""
        return json.dumps({
            "url": self.url or f"https://{self.folder}.example/{self.id}", "title": self.title,
            "published_at": self.published, "text": "\n".join(self.paragraphs), "language": "en",
            "source_name": self.folder,
        })  # fmt: skip


def real_folder() -> Path | None:
    """Return the folder of real articles, which the variable STRIKELEDGER_REAL_TRAIN names; None without."""
    named = os.environ.get("STRIKELEDGER_REAL_TRAIN", "")
    return Path(named) if named and Path(named).is_dir() else None


def read_all(committed: Path = COMMITTED, real: Path | None = None) -> Iterator[Annotated]:
    """Yield all articles to train with: the committed ones, the project's own, and the real ones if given."""
    for folder in sorted(p for p in committed.iterdir() if p.is_dir()):
        yield from read_folder(folder)
    yield from read_own(OWN)
    if real is not None:
        yield from read_folder(real, REAL)


def read_folder(folder: Path, name: str | None = None) -> Iterator[Annotated]:
    """Yield the articles of a folder of the corpus."""
    events = {e["event"]: e for e in json.loads((folder / "events.json").read_text("utf-8"))}
    for path in sorted(folder.glob("articles-*.json")):
        for raw in json.loads(path.read_text("utf-8")):
            yield Annotated(
                folder=name or folder.name,
                id=raw["id"],
                title=raw["title"],
                paragraphs=tuple(raw["paragraphs"]),
                published=raw["published"],
                golds=tuple(_gold(g, events[g["event"]]) for g in raw["gold"]),
                decoys=tuple((_span(d["span"]), d["kind"]) for d in raw.get("decoys", ())),
                pair=raw.get("pair"),
                url=raw["url"],
                plan=raw.get("group"),
            )


def _span(raw: Sequence[Any]) -> Span:
    return int(raw[0]), str(raw[1])


def _gold(raw: dict[str, Any], event: dict[str, Any]) -> Gold:
    return Gold(
        event=raw["event"],
        place=raw["place"],
        country=raw["country"],
        other_name=event["place"],
        point=(event["lat"], event["lon"]) if event.get("lat") is not None else None,
        main=raw["main"],
        dates=_dates(raw["date_start"], raw["date_end"]),
        weapon=raw["weapon"],
        attacker=raw["attacker"],
        killed=(raw["killed_min"], raw["killed_max"]),
        injured=(raw["injured_min"], raw["injured_max"]),
        children_killed=raw.get("children_killed"),
        children_injured=raw.get("children_injured"),
        targets=tuple(raw.get("targets", ())),
        spans={name: _span(span) for name, span in (raw.get("spans") or {}).items() if span},
    )


def _dates(start: Any, end: Any) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day, from dates or their text."""
    if not start:
        return None
    first = dt.date.fromisoformat(str(start))
    return first, dt.date.fromisoformat(str(end)) if end else first


def _own_gold(raw: dict[str, Any], event: str) -> Gold:
    """Return a strike of the project's own articles, which have other keys and no spans."""
    low_high = [tuple(raw.get(kind) or (None, None)) for kind in ("killed", "injured")]
    return Gold(
        event=event,
        place=raw["place"],
        country=raw["country"],
        main=raw.get("main", True),
        dates=_dates(*(raw.get("days") or (None, None))),
        weapon=raw["weapon"],
        attacker=raw.get("actor"),
        killed=(low_high[0][0], low_high[0][1]),
        injured=(low_high[1][0], low_high[1][1]),
        children_killed=raw.get("children"),
        targets=tuple(raw.get("targets") or ()),
    )


def read_own(folder: Path) -> Iterator[Annotated]:
    """Yield the articles that were written for the project's tests."""
    for path in sorted(folder.glob("*.yaml")):
        for raw in yaml.safe_load(path.read_text("utf-8")):
            golds = (_own_gold(g, f"{raw['id']}-{n}") for n, g in enumerate(raw.get("gold", ())))
            yield Annotated(
                "own", raw["id"], raw["title"], tuple(raw["text"].split("\n")), raw["published"], tuple(golds)
            )


def folds_of(articles: Iterable[Annotated], folds: int) -> list[int]:
    """Return a fold for each article. Articles on one event, on one plan, and of a minimal pair share a fold.

    The folds depend on the names only, so an article stays in its fold when others are added.
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    keys = []
    for a in articles:
        own = f"{a.folder}/{a.id}"
        keys.append(own)
        linked = [f"{a.folder}/event/{g.event}" for g in a.golds]
        if a.pair:
            linked.append(f"{a.folder}/pair/{a.pair}")
        if a.plan:
            linked.append(f"{REAL}/{a.plan}")
        for other in linked:
            first, second = sorted((root(own), root(other)))
            parent[second] = first
    return [crc32(root(key).encode()) % folds for key in keys]


def tenth_of(articles: Sequence[Annotated]) -> list[Annotated]:
    """Return a tenth of the articles, which all five folds share. Those on one event stay together."""
    parts = folds_of(articles, 50)
    return [a for a, part in zip(articles, parts, strict=True) if part < 5]
