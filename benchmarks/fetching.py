"""Compare fetching and cleaning with what a user would write. Both sides run in turn; results are ratios.

    python -m benchmarks.fetching fetch [--pages 1500]      the client of the pipeline; requests in threads
    python -m benchmarks.fetching clean --data DIR          cleaning in processes; plain trafilatura
    python -m benchmarks.fetching poison [--pages 10000]    whole runs with bad pages and without
    python -m benchmarks.fetching hung                      hosts alone, and beside a hanging and a slow host

``--data`` is a folder with pages and their texts in the layout of Scrapinghub's article-extraction-benchmark:
``ground-truth.json`` and ``html/ID.html.gz``.
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

from benchmarks.newsdesk import is_bad_page, newsdesk

MAX_PAGE_BYTES = 8_000_000
REQUEST_THREADS = 32
TIMEOUT_S = 20
SHINGLE_WORDS = 4


def cpu_s() -> float:
    """Return the CPU time of this process so far, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(function: Callable[[], object]) -> tuple[float, float]:
    """Return the wall time and the CPU time of a call, in seconds."""
    wall, cpu = time.perf_counter(), cpu_s()
    function()
    return time.perf_counter() - wall, cpu_s() - cpu


def fetch(pages: int, is_gzipped: bool, latency_s: float) -> None:
    """Compare the client of the pipeline, with its guard and limits, with requests in 32 threads.

    With 32 requests at once and a latency of 20 ms, no client can fetch more than 1,600 pages per second.
    Without latency, the CPU time of the client is the limit.
    """
    import requests

    from transforms.web.client import HttpFetcher
    from transforms.web.messages import Answer, FetchPolicy, Request

    policy = FetchPolicy(allow_hosts=("127.0.0.1",), host_delay_s=0, parallel_per_host=REQUEST_THREADS)
    with newsdesk(pages, latency_s=latency_s, is_one_page=True, is_gzipped=is_gzipped) as base:
        urls = [f"{base}/page/{n % 500}" for n in range(pages)]

        fetcher = HttpFetcher(policy)  # used for all rounds, as a worker and the pooled session do

        def fetch_with_client() -> None:
            for _, answer in fetcher.stream([Request(u, MAX_PAGE_BYTES) for u in urls]):
                assert isinstance(answer, Answer)

        def fetch_with_requests(get: Callable[..., requests.Response]) -> None:
            with ThreadPoolExecutor(REQUEST_THREADS) as pool:
                bodies = pool.map(lambda u: get(u, timeout=TIMEOUT_S).content, urls)
                assert all(len(body) > 50_000 for body in bodies)

        pooled = requests.Session()
        pooled.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=REQUEST_THREADS))
        fetch_with_client()
        for label, get in (("requests.get", requests.get), ("a pooled session", pooled.get)) * 3:
            wall, cpu = timed(fetch_with_client)
            other_wall, other_cpu = timed(partial(fetch_with_requests, get))
            kind = f"latency {latency_s * 1000:.0f} ms{', gzip' if is_gzipped else ''}"
            print(f"fetch {pages} pages, {kind}:")
            print(f"    client: {pages / wall:.0f} pages/s, {cpu * 1000 / pages:.2f} ms of CPU per page")
            print(
                f"    {label} in threads: {pages / other_wall:.0f} pages/s, "
                f"{other_cpu * 1000 / pages:.2f} ms of CPU per page"
            )
            print(
                f"    client: {other_wall / wall:.2f} times the throughput, {cpu / other_cpu:.2f} of the CPU"
            )
        fetcher.close()


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return how often each sequence of four words occurs, counted as by the scorer of the data set."""
    words = re.findall(r"\w+", text)
    starts = range(max(1, len(words) - SHINGLE_WORDS + 1)) if words else ()
    return Counter(tuple(words[n : n + SHINGLE_WORDS]) for n in starts)


def score(pairs: Iterator[tuple[str, str]]) -> tuple[float, float, float]:
    """Return F1, precision and recall of pairs of a true and a found text. Every page has the same weight."""
    correct = extra = missed = 0.0
    for true_text, found_text in pairs:
        true, found = shingles(true_text), shingles(found_text)
        shared, total = sum((true & found).values()), sum((true | found).values())
        correct += shared / max(1, total)
        extra += (sum(found.values()) - shared) / max(1, total)
        missed += (sum(true.values()) - shared) / max(1, total)
    precision, recall = correct / (correct + extra), correct / (correct + missed)
    return 2 * precision * recall / (precision + recall), precision, recall


def clean(data: Path) -> None:
    """Compare cleaning, with its checks and the transfer to its processes, with plain trafilatura."""
    import psutil
    import trafilatura

    from transforms.pages.clean import clean_page
    from transforms.pages.markup import ArticleUnreadable
    from transforms.util.sandbox import Sandbox

    truth = json.loads((data / "ground-truth.json").read_text("utf-8"))
    pages = {name: gzip.decompress((data / "html" / f"{name}.html.gz").read_bytes()) for name in truth}
    sandbox = Sandbox()
    sandbox.run(len, b"")  # so that the processes have started
    workers = list(psutil.Process().children(recursive=True))

    def cpu_s_with_workers() -> float:
        times = [p.cpu_times() for p in workers if p.is_running()]
        return cpu_s() + sum(t.user + t.system for t in times)

    found: dict[str, str] = {}
    rejected: Counter[str] = Counter()
    before = cpu_s_with_workers()
    futures = {name: sandbox.submit(clean_page, body) for name, body in pages.items()}
    for name, future in futures.items():
        try:
            found[name] = future.result().text
        except ArticleUnreadable as error:
            rejected[error.reason] += 1
            found[name] = ""
    our_cpu = cpu_s_with_workers() - before
    plain: dict[str, str] = {}
    before = cpu_s()
    for name, body in pages.items():
        plain[name] = trafilatura.extract(body) or ""
    trafilatura_cpu = cpu_s() - before
    sandbox.close()
    for label, texts in (("ours", found), ("trafilatura", plain)):
        f1, precision, recall = score((truth[n]["articleBody"], texts[n]) for n in truth)
        print(f"{label:12} F1 {f1:.4f} precision {precision:.4f} recall {recall:.4f}")
    print(f"rejected: {dict(rejected)}")
    print(
        f"clean {len(pages)} pages: {our_cpu * 1000 / len(pages):.1f} ms of CPU per page; trafilatura "
        f"{trafilatura_cpu * 1000 / len(pages):.1f} ms; ratio {our_cpu / trafilatura_cpu:.2f}"
    )


def poison(pages: int) -> None:
    """Compare a whole run with one bad page in a hundred with a run that has none."""
    from pipelines.cli import main
    from transforms.warehouse import open_warehouse

    wall_s = {}
    for has_bad_pages in (False, True):
        site = newsdesk(pages, page_bytes=8_000, has_bad_pages=has_bad_pages)
        with site as base, tempfile.TemporaryDirectory() as folder:
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
            wall_s[has_bad_pages] = time.perf_counter() - began
            with open_warehouse(url, read_only=True) as warehouse:
                articles = warehouse.query("SELECT COUNT(*) AS n FROM articles")[0]["n"]
                letters = warehouse.query(
                    "SELECT reason, COUNT(*) AS n FROM dead_letters GROUP BY 1 ORDER BY 1"
                )
            bad_pages = sum(map(is_bad_page, range(pages))) if has_bad_pages else 0
            print(f"{bad_pages} bad pages of {pages}: {wall_s[has_bad_pages]:.1f} s")
            print(f"    {articles} articles (expected {pages - bad_pages})")
            print(f"    {sum(x['n'] for x in letters)} dead letters (expected {bad_pages}): {letters}")
    print(f"with bad pages: {wall_s[True] / wall_s[False]:.2f} times the wall time")


def hung() -> None:
    """Measure the throughput of eight hosts alone, and beside one host that hangs and one that is slow."""
    import socket
    from contextlib import ExitStack

    from transforms.web.client import HttpFetcher
    from transforms.web.messages import FetchPolicy, Request

    hosts, pages_per_host = 8, 60
    silent = socket.create_server(("127.0.0.1", 0), backlog=200)  # accepts connections and never answers

    def pages_per_s(bases: list[str], bad_urls: list[str]) -> float:
        policy = FetchPolicy(allow_hosts=("127.0.0.1",), host_delay_s=0, total_timeout_s=5)
        fetcher = HttpFetcher(policy)
        urls = [f"{base}/page/{n}" for n in range(pages_per_host) for base in bases]
        good_urls = set(urls)
        mixed = [u for pair in zip(urls, bad_urls + [""] * len(urls), strict=False) for u in pair if u]
        last_good_s, began = 0.0, time.perf_counter()
        for number, _ in fetcher.stream([Request(u, MAX_PAGE_BYTES) for u in mixed]):
            if mixed[number] in good_urls:
                last_good_s = time.perf_counter() - began
        threading.Thread(target=fetcher.close, daemon=True).start()
        return len(urls) / last_good_s

    with ExitStack() as stack:
        bases = [stack.enter_context(newsdesk(100, page_bytes=20_000, latency_s=0.02)) for _ in range(hosts)]
        slow = stack.enter_context(newsdesk(100, page_bytes=20_000, latency_s=1.0))
        port = silent.getsockname()[1]
        bad_urls = [f"http://127.0.0.1:{port}/{n}" for n in range(40)]
        bad_urls += [f"{slow}/page/{n}" for n in range(20)]
        for _ in range(3):
            alone, beside = pages_per_s(bases, []), pages_per_s(bases, bad_urls)
            print(
                f"{hosts} hosts: {alone:.0f} pages/s alone, {beside:.0f} beside a hanging and a slow host: "
                f"ratio {beside / alone:.2f}"
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
            for is_gzipped, latency_s in ((False, 0.02), (True, 0.02), (False, 0.0)):
                fetch(args.pages or 1_500, is_gzipped, latency_s)
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
