"""The cases F01 to F45: hostile feeds. ``poll_feeds`` gets each of them together with a good feed."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hostile_support import Body, HostileServer, answer

from schemas.records import DeadLetter, Feed, FeedEntry
from schemas.step_records import EntryOutcome, FeedPoll, FeedTask, Intake
from transforms.feeds.known_entries import drop_known_entries, reject_entry_without_url
from transforms.feeds.poll import poll_feeds
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
GOOD = "<item><title>Good</title><link>https://outlet.example/good</link></item>"
ENTITY_BOMB = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
NESTING_DEPTH = 100_000


def rss(items: str, head: str = HEAD, attributes: str = "") -> bytes:
    return f"{head}<rss version='2.0' {attributes}><channel><title>T</title>{items}</channel></rss>".encode(
        "utf-8", "surrogatepass"
    )


def item(title: str = "Bad", link: str = "https://outlet.example/bad", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def attributes(number: int) -> str:
    return " ".join(f'a{n}="1"' for n in range(number))


def bad_and_good(title: str = "Bad", link: str = "https://outlet.example/bad", more: str = "") -> bytes:
    return rss(item(title, link, more) + GOOD)


@dataclass
class Seen:
    """The records that the bad feed yielded."""

    entries: list[FeedEntry] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    outcomes: list[EntryOutcome] = field(default_factory=list)
    intake: Intake | None = None
    poll: FeedPoll | None = None

    @property
    def titles(self) -> list[str]:
        return [e.title for e in self.entries]

    @property
    def reasons(self) -> list[str]:
        return [x.reason for x in self.letters]

    def entry(self, n: int = 0) -> FeedEntry:
        return self.entries[n]


def poll(
    body: bytes, server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, folder: Path, kind: str
) -> Seen:
    """Poll the bad feed and a good one together; return the records of the bad one."""
    server.replies["/bad"] = answer(200, body, kind)
    server.replies["/good"] = answer(200, rss(GOOD), "application/rss+xml")
    bad, good = Feed(f"{server.base}/bad"), Feed(f"{server.base}/good")
    seen = {bad.feed_url: Seen(), good.feed_url: Seen()}
    for got in poll_feeds([FeedTask(bad, None), FeedTask(good, None)], fetcher, sandbox, str(folder)):
        match got:
            case FeedEntry():
                seen[got.feed_url].entries.append(got)
            case DeadLetter():
                seen[got.feed_url or ""].letters.append(got)
            case EntryOutcome():
                seen[got.feed_url].outcomes.append(got)
            case Intake():
                seen[got.origin].intake = got
            case FeedPoll():
                seen[got.feed.feed_url].poll = got
    assert seen[good.feed_url].titles == ["Good"]
    found = seen[bad.feed_url]
    assert found.intake is not None
    assert found.intake.entries == len(found.entries) + len(found.outcomes)
    return found


def fails(reason: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert seen.reasons == [reason]
        assert seen.entries == []

    return check


def keeps(*titles: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert seen.titles == list(titles)
        assert seen.letters == []

    return check


def keeps_good_after_entity_bomb(seen: Seen) -> None:
    assert seen.titles == ["Good"]
    assert seen.reasons == ["xml_entity_bomb"]
    assert [o.outcome for o in seen.outcomes] == ["dead_letter"]


def reads_no_file(seen: Seen) -> None:
    assert seen.titles == ["", "Good"] or seen.titles == ["Good"]
    assert seen.letters == []


def cuts_title(seen: Seen) -> None:
    assert len(seen.entry().title) == 1_000
    assert "title_cut" in seen.entry().flags
    assert seen.titles[1] == "Good"


def keeps_first_two_thousand(seen: Seen) -> None:
    assert len(seen.entries) == 2_000
    assert {o.reason for o in seen.outcomes} == {"items_truncated"}
    assert len(seen.outcomes) == 48_000


def flags_nested_item(seen: Seen) -> None:
    assert "Good" in seen.titles
    assert {"Outer", "Inner"} & set(seen.titles)
    assert "nested_item" in seen.entry().flags


def keeps_entries_of_one_guid_apart(seen: Seen) -> None:
    assert len({e.entry_id for e in seen.entries}) == 3


def drops_entry_without_link(seen: Seen) -> None:
    assert seen.entry().article_url is None
    assert seen.entry().entry_id
    (pending,) = drop_known_entries([seen.entry()], [])
    fate = reject_entry_without_url(pending)  # type: ignore[arg-type]
    assert isinstance(fate, EntryOutcome)
    assert fate.reason == "no_link"


def resolves_links(seen: Seen) -> None:
    host = seen.entry().feed_url.removesuffix("/bad")
    urls = [e.article_url for e in seen.entries]
    assert urls == [f"{host}/rel/x", "http://other.example/y", f"{host}/a%20b"]


def refuses_links_of_other_schemes(seen: Seen) -> None:
    assert len(seen.entries) == 5
    for entry in seen.entries[:4]:
        assert entry.article_url is None
        (pending,) = drop_known_entries([entry], [])
        fate = reject_entry_without_url(pending)  # type: ignore[arg-type]
        assert isinstance(fate, DeadLetter)
        assert fate.reason == "bad_scheme"


def removes_credentials(seen: Seen) -> None:
    assert (seen.entry().link, seen.entry().article_url) == ("https://outlet.example/bad",) * 2


def takes_alternate_link(seen: Seen) -> None:
    assert seen.entry().article_url == "https://outlet.example/page"


def keeps_the_others_of_a_bomb(seen: Seen) -> None:
    assert len(seen.entries) == 49
    assert seen.reasons == ["xml_entity_bomb"]


def decodes_utf8(seen: Seen) -> None:
    assert seen.titles == ["café", "Good"]


def keeps_no_script(seen: Seen) -> None:
    assert seen.titles[-1] == "Good"
    assert not any("<script" in str(value) for e in seen.entries for value in (e.title, e.summary, e.content))


def ignores_xml_base(seen: Seen) -> None:
    assert seen.titles == ["Bad", "Good"]


def keeps_or_times_out(*titles: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert seen.reasons in ([], ["parse_timeout"])
        if not seen.reasons:
            assert seen.titles == list(titles)

    return check


def times_out_or_keeps_good(seen: Seen) -> None:
    assert seen.reasons == ["parse_timeout"] if seen.reasons else seen.titles[-1] == "Good"


def polls_an_empty_feed(seen: Seen) -> None:
    assert seen.entries == seen.letters == []
    assert seen.poll is not None
    assert (seen.poll.status, seen.poll.entries) == ("ok", 0)


XXE = "<!DOCTYPE r [<!ENTITY x SYSTEM '{}'>]>"
CASES: list[tuple[str, Body, Callable[[Seen], None]]] = [
    ("F01", rss(item("&l9;") + GOOD, f"{HEAD}<!DOCTYPE r [{ENTITY_BOMB}]>"), keeps_good_after_entity_bomb),
    ("F02", rss(item("&q;" * 20_000) + GOOD, f"{HEAD}<!DOCTYPE r [<!ENTITY q '{'a' * 200_000}'>]>"), keeps_good_after_entity_bomb),
    ("F03", rss(item("&x;") + GOOD, HEAD + XXE.format("file:///etc/hostname")), reads_no_file),
    ("F04", rss(item("&x;") + GOOD, HEAD + XXE.format("http://127.0.0.2/x")), reads_no_file),
    ("F05", rss(item() + GOOD, f"{HEAD}<!DOCTYPE rss SYSTEM 'file:///etc/passwd'>"), keeps("Bad", "Good")),
    ("F06", b"/etc/passwd", fails("not_a_feed")),
    ("F07", b"/dev/zero", fails("not_a_feed")),
    ("F08", b"http://169.254.169.254/", fails("not_a_feed")),
    ("F09", lambda: bad_and_good("<a>" * NESTING_DEPTH + "x" + "</a>" * NESTING_DEPTH), times_out_or_keeps_good),
    ("F10", lambda: bad_and_good(more=f"<description>{'&lt;div&gt;' * NESTING_DEPTH}deep</description>"), keeps("Bad", "Good")),
    ("F13a", lambda: rss(f"<item {attributes(20_000)}>x</item>{GOOD}"), fails("parse_timeout")),
    ("F13b", lambda: rss(f"<item {attributes(100_000)}>x</item>{GOOD}"), fails("parse_timeout")),
    ("F14", lambda: rss(item() + GOOD, attributes=" ".join(f'xmlns:n{n}="http://n/{n}"' for n in range(50_000))), keeps_or_times_out("Bad", "Good")),
    ("F15", bad_and_good("a\x00b&#0;c"), keeps("abc", "Good")),
    ("F16", bad_and_good("a&#xD800;b"), keeps("a\ufffdb", "Good")),
    ("F17", bad_and_good("a&#x110000;b&#99999999999;"), keeps("a\ufffdb\ufffd", "Good")),
    ("F18", bad_and_good("a\ud800b"), keeps("a\ufffdb", "Good")),
    ("F19", bad_and_good("a\x01\x08\x0e\x1fb"), keeps("ab", "Good")),
    ("F20", rss(GOOD + item())[:-60], lambda s: keeps("Good")(s) if len(s.entries) == 1 else keeps("Good", "Bad")(s)),
    ("F21", bad_and_good("A & B", "https://outlet.example/bad?a=1&b=2"), lambda s: (keeps("A & B", "Good")(s), _same(s.entry().article_url, "https://outlet.example/bad?a=1&b=2"))),
    ("F22", bad_and_good("&eacute;&nbsp;x"), keeps("é x", "Good")),
    ("F23", bad_and_good("A &amp;amp; B"), keeps("A & B", "Good")),
    ("F24", rss(item("café") + GOOD, "<?xml version='1.0' encoding='us-ascii'?>"), decodes_utf8),
    ("F25", rss(item("café") + GOOD).decode().encode("latin-1"), decodes_utf8),
    ("F26", rss(item("café") + GOOD).decode().encode("utf-16"), decodes_utf8),
    ("F27", rss(item("+ADw-script+AD4-alert(1)") + GOOD, "<?xml version='1.0' encoding='utf-7'?>"), keeps_no_script),
    ("F28", rss(item() + GOOD, "<?xml version='1.0' encoding='klingon'?>"), keeps("Bad", "Good")),
    ("F29", b"\xef\xbb\xbf\r\n\r\n" + bad_and_good(), keeps("Bad", "Good")),
    ("F30", b"<!doctype html><html><body><p>Sign in</p></body></html>", fails("html_instead_of_feed")),
    ("F31", b"", fails("empty_body")),
    ("F32", gzip.compress(bad_and_good()), keeps("Bad", "Good")),
    ("F32b", gzip.compress(bad_and_good())[:40], fails("not_a_feed")),
    ("F33", b'{"version": "https://jsonfeed.org/version/1", "items": []}', polls_an_empty_feed),
    ("F33b", b'{"articles": [{"title": "Bad"}]}', fails("unsupported_format")),
    ("F34", rss(""), polls_an_empty_feed),
    ("F35", rss("".join(item(f"T{n}", f"https://outlet.example/{n}", "<guid>same</guid>") for n in range(3))), keeps_entries_of_one_guid_apart),
    ("F36", rss("<item><title>Only text</title><description>No link.</description></item>"), drops_entry_without_link),
    ("F37", rss(item("A", "/rel/x") + item("B", "//other.example/y") + item("C", "/a b")), resolves_links),
    ("F38", rss("".join(item(s, f"{s}:x") for s in ("javascript", "file", "gopher", "data")) + GOOD), refuses_links_of_other_schemes),
    ("F39", bad_and_good(link="https://user:pw@outlet.example/bad"), removes_credentials),
    ("F41", lambda: bad_and_good(more=f"<description><![CDATA[{'<' * 150_000}{'<!--' * 35_000}{'<a a=&quot;' * 15_000}]]></description>"), keeps("Bad", "Good")),
    ("F42", rss("<item><title>Outer</title><link>https://o.example/1</link><item><title>Inner</title><link>https://o.example/2</link></item></item>" + GOOD), flags_nested_item),
    ("F43", rss(f"<item xml:base='http://127.0.0.2/'><title>Bad</title><link>x</link></item>{GOOD}"), ignores_xml_base),
    ("F44", b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Bad</title><link rel='self' href='https://outlet.example/self'/><link rel='enclosure' href='https://outlet.example/e'/><link rel='alternate' href='https://outlet.example/page'/></entry></feed>", takes_alternate_link),
    ("F45", rss("".join(item(f"T{n}", f"https://outlet.example/{n}") for n in range(49)) + item("&l9;"), f"{HEAD}<!DOCTYPE r [{ENTITY_BOMB}]>"), keeps_the_others_of_a_bomb),
]  # fmt: skip


def _same(left: object, right: object) -> None:
    assert left == right
