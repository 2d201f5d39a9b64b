"""A day of 20 outlets with 200 feeds, polled three times: does each story become one article?

    python -m benchmarks.simulated_day [--warehouse FILE]

Each outlet reports 12 of the day's 20 strikes and lists every story in several of its ten feeds, each time
under another address: the mobile edition, with a slash at the end, the accelerated copy, with trackers, and
in the last poll with an edited slug beside the same id. Everything is served over HTTP on loopback, an outlet
below a folder named by its host. Printed are surplus article rows (stored addresses beyond the number of
stories), stories that are missing, and incidents whose number of reports is not that of the outlets that
reported the strike.
"""

import argparse
import datetime as dt
import html
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from benchmarks.servers import HttpProtocol, http_answer, serve_protocol, server_process
from schemas.rows import Row
from transforms.warehouse import open_warehouse

OUTLETS, FEEDS_OF_OUTLET, STRIKES_OF_OUTLET, POLLS = 20, 10, 12, 3
TOWNS = (
    "Kharkiv", "Sumy", "Kherson", "Nikopol", "Odesa", "Zaporizhzhia", "Kramatorsk", "Pokrovsk", "Dnipro",
    "Mykolaiv", "Chernihiv", "Poltava", "Lviv", "Kryvyi Rih", "Izium", "Nizhyn", "Konotop", "Druzhkivka",
    "Sloviansk", "Kupiansk",
)  # fmt: skip
DAY = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
_ROOT = Path(__file__).parent.parent
_FEED_NAMES = ("all", "world", "war", "top", "amp", "live", "rss", "app", "partner", "latest")
_WORDS_OF_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")


@dataclass(frozen=True, slots=True)
class Story:
    """What one outlet reports of one strike."""

    outlet: int
    strike: int

    @property
    def poll(self) -> int:
        """Return the poll, from 1, from which on feeds list the story."""
        return self.strike % POLLS + 1

    @property
    def killed(self) -> int:
        return 2 + self.strike % 10

    @property
    def number(self) -> int:
        """Return the number of the report, which makes headline and text those of one outlet."""
        return self.outlet * 100 + self.strike

    @property
    def title(self) -> str:
        return f"Missile kills {self.killed} in {TOWNS[self.strike]}, report {self.number}"

    @property
    def published(self) -> dt.datetime:
        return DAY + dt.timedelta(hours=4 * self.poll, minutes=self.outlet, seconds=self.strike + 1)

    def page(self) -> bytes:
        """Return the page: the same bytes at every address."""
        text = (
            f"<p>A Russian ballistic missile hit an apartment building in {TOWNS[self.strike]} on Tuesday "
            f"morning, killing {self.killed} people, the head of the regional administration said.</p>"
            f"<p>Our reporter number {self.number} saw rescuers carry people out of the building. Windows "
            "were broken along the street.</p>"
        )
        title = html.escape(self.title)
        return f"<html><body><article><h1>{title}</h1>{text}</article></body></html>".encode()

    def address(self, feed: int, poll: int) -> str:
        """Return the address, without the server, under which a feed lists the story in a poll."""
        number = 100_000 + self.number
        slug = f"missile-kills-{_WORDS_OF_NUMBERS[self.killed - 2]}"
        if feed == 9 and poll == POLLS:
            slug = f"{slug}-officials-say"  # the editor changed the headline
        # Half of the outlets have an id in their addresses, the others a date.
        path = f"news/{number}-{slug}" if self.outlet % 2 or feed == 9 else f"2026/11/24/{slug}-{self.strike}"
        host = f"outlet-{self.outlet}.example"
        return (
            f"/www.{host}/{path}", f"/m.{host}/{path}", f"/www.{host}/{path}/", f"/www.{host}/{path}/amp/",
            f"/www.{host}/{path}.amp", f"/www.{host}/{path}?ref=rss", f"/www.{host}/{path}?CMP=rss",
            f"/www.{host}/{path}?ns_mchannel=rss", f"/{host}/{path}", f"/www.{host}/{path}",
        )[feed]  # fmt: skip

    def is_listed(self, feed: int, poll: int) -> bool:
        """Return whether a feed lists the story: the main one does, others by turns, some of them later."""
        turn = (self.strike * 7 + self.outlet * 3 + feed) % 10
        return poll >= self.poll and (feed == 0 or turn < 1 or (turn < 3 and poll > self.poll))


def stories() -> list[Story]:
    """Return all stories of the day."""
    return [Story(o, (o + n) % len(TOWNS)) for o in range(OUTLETS) for n in range(STRIKES_OF_OUTLET)]


class _DayProtocol(HttpProtocol):
    """Serves feeds and pages. The path ``/_poll/K`` sets which poll it is."""

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__()
        self._state = state

    def request_received(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        host = next(line[5:].strip() for line in lines if line.lower().startswith("host:"))
        self.transport.write(self._answer(lines[0].split(" ")[1], f"http://{host}"))

    def _answer(self, target: str, base: str) -> bytes:
        path = target.partition("?")[0]
        if path.startswith("/_poll/"):
            self._state["poll"] = int(path.rpartition("/")[2])
            return http_answer("text/plain", b"set")
        if path == "/feeds.txt":
            return http_answer("text/plain", "".join(f"{base}{p}\n" for p in _feed_paths()).encode())
        if path in _feed_paths():
            return http_answer("application/rss+xml", self._feed(path, base).encode())
        page = self._state["pages"].get(path)
        return page or b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    def _feed(self, path: str, base: str) -> str:
        poll, (_, host, name) = self._state["poll"], path.split("/")
        feed, outlet = _FEED_NAMES.index(name.removesuffix(".xml")), int(host.split("-")[1].split(".")[0])
        items = "".join(
            f"<item><title>{html.escape(story.title)}</title>"
            f"<link>{html.escape(base + story.address(feed, poll))}</link>"
            f"<pubDate>{format_datetime(story.published)}</pubDate></item>"
            for story in stories()
            if story.outlet == outlet and story.is_listed(feed, poll)
        )
        return f"<rss version='2.0'><channel><title>Outlet {outlet}</title>{items}</channel></rss>"


def _feed_paths() -> dict[str, None]:
    return {
        f"/www.outlet-{outlet}.example/{name}.xml": None for outlet in range(OUTLETS) for name in _FEED_NAMES
    }


def _serve(port_queue: Any) -> None:
    pages = {
        story.address(feed, poll).partition("?")[0]: http_answer("text/html; charset=utf-8", story.page())
        for story in stories()
        for feed in range(FEEDS_OF_OUTLET)
        for poll in range(1, POLLS + 1)
    }
    state: dict[str, Any] = {"poll": 1, "pages": pages}
    serve_protocol(lambda: _DayProtocol(state), port_queue)


def run_day(warehouse: str) -> None:
    """Poll all feeds three times into a warehouse."""
    with server_process(_serve) as base:
        for poll in range(1, POLLS + 1):
            urllib.request.urlopen(f"{base}/_poll/{poll}").close()
            subprocess.run(
                [
                    sys.executable, "-m", "pipelines.cli", "run", "--feeds", f"{base}/feeds.txt",
                    "--allow-host", "127.0.0.1", "--host-delay", "0", "--warehouse", warehouse,
                ],
                cwd=_ROOT, check=True,
            )  # fmt: skip


def figures(warehouse: str) -> Iterator[tuple[str, int]]:
    """Yield what the day left in a warehouse: a name and a number."""
    with open_warehouse(warehouse, read_only=True) as opened:

        def rows(sql: str) -> list[Row]:
            return opened.query(sql, {})

        articles = Counter(r["title"] for r in rows("SELECT title FROM articles WHERE is_latest"))
        incidents = rows("SELECT location, number_of_reports FROM incidents")
        runs = rows("SELECT entries_in, entries_duplicate FROM runs")
    expected = Counter(TOWNS[story.strike] for story in stories())
    yield "entries", sum(run["entries_in"] for run in runs)
    yield "entries that were duplicates", sum(run["entries_duplicate"] for run in runs)
    yield "stories", len(stories())
    yield "surplus article rows", sum(articles.values()) - len(articles)
    yield "stories missing", sum(story.title not in articles for story in stories())
    yield "incidents (20 strikes)", len(incidents)
    wrong = sum(i["number_of_reports"] != expected[i["location"]] for i in incidents)
    yield "incidents with a wrong number of reports", wrong


def main() -> None:
    """Run the day and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--warehouse", help="keep the ledger in this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        warehouse = f"duckdb:///{Path(options.warehouse or f'{folder}/day.duckdb').resolve()}"
        run_day(warehouse)
        for name, number in figures(warehouse):
            print(f"{name:45}{number:>6,}")


if __name__ == "__main__":
    main()
