"""The annotated articles that the weights are trained with, and the folds they fall into."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml

from training import REAL

ROOT = Path(__file__).parent
COMMITTED = ROOT / "corpus"
OWN = ROOT.parent / "tests" / "eval" / "own"


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated strike. ``span``: block and words of its place, where they are annotated."""

    event: str
    place: str
    country: str
    other_name: str | None = None
    point: tuple[float, float] | None = None
    span: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article with its strikes.

    ``decoys``: block and words of places that were not struck. ``pair``: the number of a minimal pair.
    """

    folder: str
    id: str
    title: str
    paragraphs: tuple[str, ...]
    published: str
    golds: tuple[Gold, ...]
    decoys: tuple[tuple[int, str], ...] = ()
    pair: str | None = None

    @property
    def line(self) -> str:
        """Return the article as a line of ``extract``'s input."""
        return json.dumps({
            "url": f"https://{self.folder}.example/{self.id}", "title": self.title,
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
                decoys=tuple(
                    _span(d["span"]) for d in raw.get("decoys", ()) if d["kind"] == "place_not_struck"
                ),
                pair=raw.get("pair"),
            )


def _span(raw: Sequence[Any]) -> tuple[int, str]:
    return int(raw[0]), str(raw[1])


def _gold(raw: dict[str, Any], event: dict[str, Any]) -> Gold:
    span = (raw.get("spans") or {}).get("place")
    return Gold(
        event=raw["event"],
        place=raw["place"],
        country=raw["country"],
        other_name=event["place"],
        point=(event["lat"], event["lon"]) if event.get("lat") is not None else None,
        span=_span(span) if span else None,
    )


def read_own(folder: Path) -> Iterator[Annotated]:
    """Yield the articles that were written for the project's tests."""
    for path in sorted(folder.glob("*.yaml")):
        for raw in yaml.safe_load(path.read_text("utf-8")):
            golds = (
                Gold(f"{raw['id']}-{n}", g["place"], g["country"]) for n, g in enumerate(raw.get("gold", ()))
            )
            yield Annotated(
                "own", raw["id"], raw["title"], tuple(raw["text"].split("\n")), raw["published"], tuple(golds)
            )


def folds_of(articles: Iterable[Annotated], folds: int) -> list[int]:
    """Return a fold for each article. Articles on one event, and the two of a minimal pair, share a fold.

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
        for other in linked:
            first, second = sorted((root(own), root(other)))
            parent[second] = first
    return [crc32(root(key).encode()) % folds for key in keys]
