"""The cases P01 to P16: hostile pages. ``fetch_articles`` gets each of them together with a good page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hostile_support import STORY, Body, HostileServer, answer
from sample_records import an_entry

from schemas.records import Article, DeadLetter
from schemas.step_records import EntryOutcome, FetchTask, PendingEntry
from transforms.pages.fetch import fetch_articles
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher


def page(body: str, head: str = "") -> bytes:
    return f"<html><head><title>T</title>{head}</head><body>{body}</body></html>".encode(
        "utf-8", "surrogatepass"
    )


GOOD = page(f"<article>{STORY}</article>")


@dataclass
class Seen:
    """The records that the bad page yielded."""

    articles: list[Article] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    outcomes: list[EntryOutcome] = field(default_factory=list)

    @property
    def article(self) -> Article:
        assert self.letters == []
        return self.articles[0]


def fetch(body: bytes, server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, folder: Path) -> Seen:
    """Fetch the bad page and a good one together; return the records of the bad one."""
    server.replies.update({"/bad": answer(200, body), "/good": answer(200, GOOD)})
    urls = [f"{server.base}/bad", f"{server.base}/good"]
    # Two titles: one text of one outlet under one title is one article.
    titles = ("T", "Another story")
    entries = [an_entry(n, article_url=u, link=u, title=titles[n]) for n, u in enumerate(urls)]
    tasks = [FetchTask(PendingEntry(e, "new"), None) for e in entries]
    seen = {url: Seen() for url in urls}
    for got in fetch_articles(tasks, fetcher, sandbox, str(folder)):
        match got:
            case Article():
                seen[got.article_url].articles.append(got)
            case DeadLetter():
                seen[got.page_url or ""].letters.append(got)
            case EntryOutcome():
                seen[got.article_url or ""].outcomes.append(got)
    good = seen[urls[1]]
    assert good.article.text.startswith("Sentence 0")
    assert [len(s.outcomes) for s in seen.values()] == [1, 1]
    return seen[urls[0]]


def keeps(*parts: str, flag: str | None = None) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert all(part in seen.article.text for part in parts)
        assert flag is None or flag in seen.article.flags

    return check


def fails(*reasons: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert seen.articles == []
        assert [x.reason for x in seen.letters] in [[reason] for reason in reasons]
        assert seen.outcomes[0].outcome == "dead_letter"

    return check


def keeps_or(reason: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        fails(reason)(seen) if seen.letters else keeps("Sentence 0")(seen)

    return check


def has_no_unsafe_characters(seen: Seen) -> None:
    text = seen.article.text
    assert not set("\u202e\u200b\u2066\ufeff") & set(text)
    assert "abcdef" in text
    assert text.count("\u0301") <= 2


def is_flagged_as_live_blog(seen: Seen) -> None:
    assert "live_blog" in seen.article.flags


def nested(depth: int) -> bytes:
    return page("<div>" * depth + STORY + "</div>" * depth)


SENTENCE = "A sentence that is long enough to count as one of the text of this page. "
LD = "<script type='application/ld+json'>{}</script>"
CASES: list[tuple[str, Body, Callable[[Seen], None]]] = [
    ("P01a", nested(256), keeps("Sentence 8")),
    ("P01b", nested(300), keeps("Sentence 8")),
    ("P01c", nested(5_000), keeps("Sentence 8")),
    ("P02", lambda: nested(200_000), keeps_or("extract_timeout")),
    ("P03a", lambda: page(STORY + "<p>One more line.</p>" * 50_000), keeps("Sentence 8")),
    ("P03b", lambda: page(STORY + "<p>One more line.</p>" * 100_000), keeps("Sentence 8")),
    ("P03c", lambda: page(f"{STORY}<table>{'<tr><td>1</td></tr>' * 100_000}</table>"), keeps_or("extract_timeout")),
    ("P03d", lambda: page(f"{STORY}<ul>{'<li>1</li>' * 100_000}</ul>"), keeps_or("extract_timeout")),
    ("P04", lambda: page(f"<p {' '.join(f'a{n}=1' for n in range(50_000))}>{SENTENCE}</p>"), fails("extract_timeout")),
    ("P05", lambda: page(f"<p>{SENTENCE * 100_000}</p>"), lambda s: fails("extract_empty")(s) if s.letters else keeps(flag="text_cut")(s)),
    ("P06", page(f"<table><tr><td colspan=9007199254740991>{STORY}</td></tr></table>"), keeps("Sentence 8")),
    ("P07a", page(f"<article>{STORY}</article><!-- never closed <p>x</p>"), keeps("Sentence 8")),
    ("P07b", page(f"<article>{STORY}</article><script>never closed"), keeps("Sentence 8")),
    ("P08a", lambda: page(f"<article>{STORY}</article>", LD.format("[" * 100_000)), keeps("Sentence 8")),
    ("P08b", lambda: page(f"<article>{STORY}</article>", LD.format(json.dumps({"headline": "x" * 5_000_000}))), keeps("Sentence 8")),
    ("P09", page(f"<article>{STORY}</article>", f"<meta property='article:published_time' content='{'9' * 250_000}'>"), keeps("Sentence 8")),
    ("P10a", page("<h1>Before you continue</h1><p>We and our partners store cookies. Accept all?</p>"), fails("consent_wall")),
    ("P10b", page("<noscript>Please enable JavaScript to run this app.</noscript><div id='root'></div>"), fails("js_only")),
    ("P10c", page("<h1>T</h1><p>First lines of it.</p><p>Subscribe to continue reading.</p>"), fails("paywall")),
    ("P12", page(f"<article>{STORY}</article>", "<meta http-equiv='refresh' content='0;url=http://127.0.0.2/latest/meta-data/'>"), keeps("Sentence 8")),
    ("P13", page(f"<article>{STORY}<p>abc\u202e\u200bdef e{chr(0x301) * 100_000} and \u2066more\ufeff of it.</p></article>"), has_no_unsafe_characters),
    ("P14", page(f"<article>{STORY}<p>A lone \ud800 surrogate stands in here.</p></article>"), keeps("Sentence 8")),
    ("P15a", page(f"<article><h1>T</h1>{STORY}</article><article><h1>Other story of the day here</h1><p>{SENTENCE}</p><p>{SENTENCE}</p></article>"), lambda s: (keeps("Sentence 8")(s), _lacks(SENTENCE.strip(), s))[0]),
    ("P15b", page("".join(f"<div><time>1{n % 10}:0{n % 6}</time><h2>Post {n}</h2><p>{SENTENCE}</p></div>" for n in range(500))), is_flagged_as_live_blog),
    ("P16a", b"", fails("empty_body")),
    ("P16b", b"abc", fails("not_html")),
    ("P16c", b'{"a": "<p>"}', fails("not_html", "extract_empty")),
    ("P16d", b"<?xml version='1.0'?><rss><channel/></rss>", fails("not_html", "extract_empty")),
    ("P16e", b"%PDF-1.7" + bytes(range(256)) * 20, fails("not_html")),
]  # fmt: skip


def _lacks(part: str, seen: Seen) -> None:
    assert part not in seen.article.text
