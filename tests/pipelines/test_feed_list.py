"""Lists of feeds: a feed that cannot be used gets a message, and the others are polled."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import LOOPBACK

from pipelines.feed_list import FeedListInvalid, read_feed_list
from schemas.records import Feed
from transforms.util.errors import UserError
from transforms.web.messages import FetchPolicy

ONE, TWO = "https://one.example/feed", "https://two.example/feed"
HALF_USABLE = {
    "a URL of another kind": ("f.txt", f"{ONE}\nftp://x.example/f\n{TWO}\n", "line 2: not a feed URL"),
    "no URL": ("f.txt", f"# feeds\n\n{ONE}\nnot a url\n{TWO}", "line 4: not a feed URL"),
    "a line that is not UTF-8": ("f.txt", f"{ONE}\nhttps://x.example/é\n{TWO}".encode("latin-1"), "line 2: not UTF-8"),
    "a URL without a host": ("f.txt", f"{ONE}\nhttp://\n{TWO}", "line 2: not a feed URL"),
    "a password": ("f.txt", f"{ONE}\nhttps://user:secret@x.example/\n{TWO}", "line 2: a feed URL must not hold"),
    "a password in no URL": ("f.txt", f"{ONE}\nftp://user:secret@x.example/\n{TWO}", "ftp://…@x.example"),
    "an unknown key": ("f.yaml", f"feeds: [{ONE}, {{url: 'https://x.example', nmae: x}}, {TWO}]", "line 2: unknown key 'nmae'"),
    "a number": ("f.yaml", f"[{ONE}, 7, {TWO}]", "line 2: a feed is a URL or has a 'url'"),
    "no url": ("f.yaml", f"[{ONE}, {{name: x}}, {TWO}]", "line 2: a feed is a URL or has a 'url'"),
    "an outline": ("f.opml", f"<opml><body><outline xmlUrl='{ONE}'/><outline xmlUrl='x'/><outline xmlUrl='{TWO}'/></body></opml>", "line 2: not a feed URL"),
}  # fmt: skip


@pytest.mark.parametrize("case", HALF_USABLE)
def test_a_feed_that_cannot_be_used_gets_a_message_and_the_others_are_polled(
    case: str, tmp_path: Path
) -> None:
    name, content, message = HALF_USABLE[case]
    path, told = tmp_path / name, list[str]()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    feeds = read_feed_list(str(path), FetchPolicy(), told.append)
    assert [feed.feed_url for feed in feeds] == [ONE, TWO]
    about_line, count = told
    assert message in about_line
    assert "secret" not in about_line
    assert count == f"{path}: 1 of 3 lines could not be used"


def test_a_list_without_a_usable_feed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_bytes(b"one\n\xff\ntwo\n")
    with pytest.raises(FeedListInvalid, match="names no feed that can be used: line 1: not a feed URL"):
        read_feed_list(str(path), FetchPolicy())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.txt", f"\ufeff{ONE}\r{TWO}\r".encode()),
        ("f.yaml", f"- {ONE}\n- {TWO}\n".encode("utf-16")),
        (
            "f.opml",
            f"<?xml version='1.0' encoding='iso-8859-1'?><opml><outline title='é' xmlUrl='{ONE}'/><outline xmlUrl='{TWO}'/></opml>".encode(
                "latin-1"
            ),
        ),
        ("f.opml", f"\ufeff<opml><outline xmlUrl='{ONE}'/><outline xmlUrl='{TWO}'/></opml>".encode()),
    ],
)
def test_line_ends_and_encodings_that_a_format_allows_are_read(
    name: str, content: bytes, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    assert [f.feed_url for f in read_feed_list(str(tmp_path / name), FetchPolicy())] == [ONE, TWO]


def test_the_name_of_a_feed_is_one_clean_line(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(
        f'- {{url: "{ONE}", name: "A\\x1b[31m\\u202eB\\nC"}}\n- {{url: "{TWO}", name: "\\x07"}}'
    )
    assert read_feed_list(str(tmp_path / "f.yaml"), FetchPolicy()) == [
        Feed(ONE, "A[31mB C", None),
        Feed(TWO, None, None),
    ]


RSS = "<?xml version='1.0'?><rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>T &nbsp;</title>{}<item><atom:link rel='self' href='https://x.example/item'/></item></channel></rss>"
SELF = "<atom:link href='https://one.example/feed?a=1&amp;b=2' rel='self'/>"


@pytest.mark.parametrize(
    ("content", "polled"),
    [
        (RSS.format(SELF), "https://one.example/feed?a=1&b=2"),
        (f"<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://x.example/'/><link rel=\"self\" href=\"{ONE}\"/></feed>", ONE),
        (f'{{"version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": "{ONE}", "items": []}}', ONE),
    ],
)  # fmt: skip
def test_a_file_that_is_one_feed_is_polled_at_the_address_that_it_says(
    tmp_path: Path, content: str, polled: str
) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(content)
    assert read_feed_list(str(path), FetchPolicy()) == [Feed(polled)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (RSS.format("<link rel='self' href='file:///etc/passwd'/>"), "not a feed URL"),
        (RSS.format("<link rel='self' href='https://u:secret@x.example/'/>"), "must not hold a user name"),
        ("<html><head><link rel='self' href='https://x.example/'/></head></html>", "must be OPML, or one RSS or Atom feed, not <html>"),
        ('{"feeds": []}', "not a feed URL"),
    ],
)  # fmt: skip
def test_a_file_without_a_usable_address_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(content)
    with pytest.raises(UserError, match=says) as refused:
        read_feed_list(str(path), FetchPolicy())
    assert "secret" not in str(refused.value)


def test_the_address_of_a_feed_is_polled_itself(feeds: list[str]) -> None:
    assert read_feed_list(feeds[0], LOOPBACK) == [Feed(feeds[0])]
