"""Fetching and cleaning against what a user would write, two things in one run, as ratios.

    python -m benchmarks.fetching fetch [--pages 1500]      our client, requests in threads
    python -m benchmarks.fetching clean --data DIR          cleaning in processes, plain trafilatura
    python -m benchmarks.fetching poison [--pages 10000]    the whole run with one page in a hundred bad
    python -m benchmarks.fetching hung                      one host that hangs and a slow one beside others

``--data``: pages with their text as the article-extraction-benchmark of Scrapinghub has them
(``ground-truth.json`` and ``html/ID.html.gz``).
"""

import argparse
import gzip
import json
import re
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.newsdesk import is_poison, newsdesk


def cpu_s() -> float:
    """Return the CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and CPU seconds of a call."""
    wall, cpu = time.perf_counter(), cpu_s()
    work()
    return time.perf_counter() - wall, cpu_s() - cpu


def fetch(pages: int, packed: bool, latency_s: float) -> None:
    """Compare the client, guard and limits included, with requests in 32 threads.

    At 20 ms, 32 at once can have 1,600 pages a second at most, whoever asks; without latency each client
    shows what it can do.
    """
    import requests

    from transforms.web.client import HttpFetcher
    from transforms.web.messages import Answer, FetchPolicy, Request

    policy = FetchPolicy(allow_hosts=("127.0.0.1",), host_delay_s=0, parallel_per_host=32)
    with newsdesk(pages, latency_s=latency_s, plain=True, packed=packed) as base:
        urls = [f"{base}/page/{n % 500}" for n in range(pages)]

        fetcher = HttpFetcher(policy)  # one for the life of a worker, as the pooled session is

        def ours() -> None:
            for _, answer in fetcher.stream([Request(u, 8_000_000) for u in urls]):
                assert isinstance(answer, Answer)

        def theirs(get: Callable[..., requests.Response]) -> None:
            with ThreadPoolExecutor(32) as pool:
                bodies = pool.map(lambda u: get(u, timeout=20).content, urls)
                assert all(len(body) > 50_000 for body in bodies)

        pooled = requests.Session()
        pooled.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=32))
        ours()
        for label, get in (("requests.get", requests.get), ("a pooled session", pooled.get)) * 3:
            (wall, cpu), (their_wall, their_cpu) = timed(ours), timed(partial(theirs, get))
            what = f"{pages / wall:.0f} pages/s at {cpu * 1000 / pages:.2f} ms of CPU time"
            other = f"{label} in threads {pages / their_wall:.0f} at {their_cpu * 1000 / pages:.2f}"
            kind = f"{latency_s * 1000:.0f} ms{', gzip' if packed else ''}"
            print(f"fetch {pages} at {kind}: {what}, {other}:")
            print(f"    {their_wall / wall:.2f} times the throughput, {cpu / their_cpu:.2f} of the CPU time")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words of a text, as the data set's own scorer counts them."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3))) if words else Counter()


def score(pairs: Iterator[tuple[str, str]]) -> tuple[float, float, float]:
    """Return F1, precision and recall over (true, found) texts, each page weighing the same."""
    hit = extra = missed = 0.0
    for true, found in pairs:
        a, b = shingles(true), shingles(found)
        shared, total = sum((a & b).values()), sum((a | b).values())
        hit += shared / max(1, total)
        extra += (sum(b.values()) - shared) / max(1, total)
        missed += (sum(a.values()) - shared) / max(1, total)
    precision, recall = hit / (hit + extra), hit / (hit + missed)
    return 2 * precision * recall / (precision + recall), precision, recall


def clean(data: Path) -> None:
    """Compare cleaning, its process boundary and checks included, with plain trafilatura."""
    import psutil
    import trafilatura

    from transforms.pages.clean import clean_page
    from transforms.pages.markup import ArticleUnreadable
    from transforms.util.sandbox import Sandbox

    truth = json.loads((data / "ground-truth.json").read_text("utf-8"))
    pages = {name: gzip.decompress((data / "html" / f"{name}.html.gz").read_bytes()) for name in truth}
    sandbox = Sandbox()
    sandbox.run(len, b"")  # the processes stand
    workers = list(psutil.Process().children(recursive=True))

    def used() -> float:
        times = [p.cpu_times() for p in workers if p.is_running()]
        return cpu_s() + sum(t.user + t.system for t in times)

    found: dict[str, str] = {}
    refused: Counter[str] = Counter()
    before = used()
    futures = {name: sandbox.submit(clean_page, body) for name, body in pages.items()}
    for name, future in futures.items():
        try:
            found[name] = future.result().text
        except ArticleUnreadable as error:
            refused[error.reason] += 1
            found[name] = ""
    ours = used() - before
    plain: dict[str, str] = {}
    before = cpu_s()
    for name, body in pages.items():
        plain[name] = trafilatura.extract(body) or ""
    theirs = cpu_s() - before
    sandbox.close()
    for label, texts in (("ours", found), ("trafilatura", plain)):
        f1, precision, recall = score((truth[n]["articleBody"], texts[n]) for n in truth)
        print(f"{label:12} F1 {f1:.4f} precision {precision:.4f} recall {recall:.4f}")
    print(f"refused: {dict(refused)}")
    print(
        f"clean {len(pages)}: {ours * 1000 / len(pages):.1f} ms of CPU time a page against "
        f"{theirs * 1000 / len(pages):.1f}: {ours / theirs:.2f} times"
    )


def poison(pages: int) -> None:
    """Compare a whole run in which one page in a hundred is bad with one in which none is."""
    from pipelines.cli import main
    from transforms.warehouse import open_warehouse

    walls = {}
    for bad in (False, True):
        with newsdesk(pages, size=8_000, poison=bad) as base, tempfile.TemporaryDirectory() as folder:
            url = f"duckdb:///{folder}/ledger.duckdb"
            arguments = [
                "run",
                "--feeds",
                f"{base}/feeds.txt",
                "--allow-host",
                "127.0.0.1",
                "--warehouse",
                url,
            ]
            began = time.perf_counter()
            assert main(arguments) == 0
            walls[bad] = time.perf_counter() - began
            with open_warehouse(url, read_only=True) as warehouse:
                rows = warehouse.query("SELECT COUNT(*) AS n FROM articles")[0]["n"]
                letters = warehouse.query(
                    "SELECT reason, COUNT(*) AS n FROM dead_letters GROUP BY 1 ORDER BY 1"
                )
            expected = sum(is_poison(n, bad) for n in range(pages))
            print(f"poison={bad}: {rows} articles (expected {pages - expected}), {walls[bad]:.1f} s")
            print(f"   dead letters {sum(x['n'] for x in letters)} (expected {expected}): {letters}")
    print(f"poison: {walls[True] / walls[False]:.2f} times the wall time of the clean run")


def hung() -> None:
    """Measure the other hosts' throughput beside one host that hangs and one that is slow."""
    import socket

    from transforms.web.client import HttpFetcher
    from transforms.web.messages import FetchPolicy, Request

    hosts, each = 8, 60
    silent = socket.create_server(("127.0.0.1", 0), backlog=200)  # accepts and never answers

    def run(extra: list[str], bases: list[str]) -> float:
        policy = FetchPolicy(allow_hosts=("127.0.0.1",), host_delay_s=0, total_timeout_s=5)
        fetcher = HttpFetcher(policy)
        urls = [f"{base}/page/{n}" for n in range(each) for base in bases]
        last, began = 0.0, time.perf_counter()
        mixed = [u for pair in zip(urls, extra + [""] * len(urls), strict=False) for u in pair if u]
        for number, _ in fetcher.stream([Request(u, 8_000_000) for u in mixed]):
            if mixed[number] in wanted:
                last = time.perf_counter() - began
        threading.Thread(target=fetcher.close, daemon=True).start()
        return len(urls) / last

    from contextlib import ExitStack

    with ExitStack() as stack:
        bases = [stack.enter_context(newsdesk(100, size=20_000, latency_s=0.02)) for _ in range(hosts)]
        slow = stack.enter_context(newsdesk(100, size=20_000, latency_s=1.0))
        wanted = {f"{base}/page/{n}" for n in range(each) for base in bases}
        port = silent.getsockname()[1]
        bad = [f"http://127.0.0.1:{port}/{n}" for n in range(40)] + [f"{slow}/page/{n}" for n in range(20)]
        for _ in range(3):
            alone, beside = run([], bases), run(bad, bases)
            print(
                f"hung: the others {beside:.0f} pages/s beside them, {alone:.0f} alone: {beside / alone:.2f}"
            )


def main() -> int:
    """Run one comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["fetch", "clean", "poison", "hung"])
    parser.add_argument("--pages", type=int)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    match args.what:
        case "fetch":
            for packed, latency_s in ((False, 0.02), (True, 0.02), (False, 0.0)):
                fetch(args.pages or 1_500, packed, latency_s)
        case "poison":
            poison(args.pages or 10_000)
        case "hung":
            hung()
        case _:
            if args.data is None:
                parser.error("clean needs --data DIR")
            clean(args.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
