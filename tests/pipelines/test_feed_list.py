"""Lists of feeds: a feed that cannot be used gets a message, and the others are polled."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.feed_list import FeedListInvalid, read_feed_list
from schemas.records import Feed
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
