"""Feeds as sites really write them. ``cases/`` holds the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.records import Feed, FeedEntry
from transforms.feeds.parse import ParsedFeed, parse_feed

CASES = Path(__file__).parent / "cases"
ADDRESS = "https://feeds.outlet.example/world/rss.xml"
NOON = "2026-11-24T12:00:00Z"
PARAGRAPH = "&lt;p&gt;Officials said that a drone struck a house and that two people were hurt.&lt;/p&gt; "


def parse(document: str | bytes, address: str = ADDRESS) -> ParsedFeed:
    body = document if isinstance(document, bytes) else document.encode()
    return parse_feed(body, Feed(ADDRESS), None, "2026-11-25T00:00:00Z", address)


def entries_of(name: str) -> tuple[FeedEntry, ...]:
    return parse((CASES / name).read_bytes()).entries


def rss(items: str, channel: str = "") -> str:
    return f"<rss version='2.0'><channel><title>Outlet</title>{channel}{items}</channel></rss>"


def item(title: str, link: str, more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("utf_16_le_without_bom.xml", ["A title"]),
        ("utf_16_be_without_bom.xml", ["A title"]),
        ("utf_32_le_without_bom.xml", ["A title"]),
        ("utf8_one_cut_character.xml", [*(f"Kyiv’s story {n}" for n in range(5)), "Kyiv\ufffds story 5"]),
        ("utf8_one_cut_character_with_mark.xml", [*(f"Kyiv’s story {n}" for n in range(5)), "Kyiv\ufffds story 5"]),
        (
            "latin1_undeclared.xml",
            [
                "Ataque de míssil mata três em São João",
                "Prefeito pede atenção à população após explosão",
                "Relatório: agressões e perseguição na região",
                "Avião não tripulado é abatido; não há feridos",
                "Eleição: votação começa amanhã em 2º turno",
            ],
        ),
        ("doctype_word_in_cdata.xml", ["First", "Second", "Third"]),
        ("doctype_word_alone.xml", ["Only"]),
        ("escaped_cdata.xml", ["Drone kills two"]),
        ("one_address_for_all.xml", [f"Bulletin {n}" for n in range(4)]),
    ],
)  # fmt: skip
def test_every_item_has_its_title(name: str, titles: list[str]) -> None:
    assert [entry.title for entry in entries_of(name)] == titles


def test_the_fields_of_items_with_cdata_are_whole() -> None:
    first, second, third = entries_of("doctype_word_in_cdata.xml")
    assert [first.published_at, second.published_at, third.published_at] == [NOON] * 3
    assert second.summary == "The page began with <!DOCTYPE and [sic] no more."
    assert entries_of("escaped_cdata.xml")[0].summary == "Two people were killed."


def test_a_byte_that_is_mended_changes_one_entry() -> None:
    broken = (CASES / "utf8_one_cut_character.xml").read_bytes()
    before = parse(broken).entries
    after = parse(broken.replace(b"\xe2\x80s", "’s".encode())).entries
    assert [a.entry_hash == b.entry_hash for a, b in zip(after, before, strict=True)] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("name", "urls"),
    [
        ("first_link_is_mailto.atom", ["https://outlet.example/a"]),
        ("relative_to_channel_link.xml", ["https://www.outlet.example/news/a"]),
        ("no_scheme.xml", ["https://www.outlet.example/a"]),
        ("one_address_for_all.xml", ["https://outlet.example/live"] * 4),
        (
            "relative_base_in_each_entry.atom",
            [f"https://feeds.outlet.example/world/When/2026/11/{day}/story" for day in (24, 23, 22)],
        ),
    ],
)
def test_every_item_has_its_address(name: str, urls: list[str]) -> None:
    assert [entry.article_url for entry in entries_of(name)] == urls


QUOTED = "<![CDATA[{}]]>"
WORDS_IN_QUOTES = [
    "<!DOCTYPE",
    "<!DOCTYPE html [",
    "a <!DOCTYPE rss [<!ENTITY x 'y'>]> b",
    "<item>",
    "</item>",
    "<item><title>quoted</title></item>",
    "<entry>",
    "</channel></rss>",
    "<?xml version='1.0'?>",
    "<!--",
    "&lt;item&gt;",
]


@pytest.mark.parametrize("word", WORDS_IN_QUOTES)
@pytest.mark.parametrize("quotes", [QUOTED, "<!-- {} -->"])
def test_words_of_markup_in_cdata_and_comments_move_no_item(word: str, quotes: str) -> None:
    if "--" in word and "--" in quotes:
        word = word.replace("--", "==")
    quoted = f"<description>{quotes.format(word)}</description>"
    found = parse(rss(item("A", "https://o.example/a", quoted) + item("B", "https://o.example/b")))
    assert [entry.title for entry in found.entries] == ["A", "B"]
    assert (found.repeated, found.without_identity, found.beyond_cap, found.refused) == (0, 0, 0, ())


@pytest.mark.parametrize("word", WORDS_IN_QUOTES)
def test_words_of_markup_in_cdata_hide_no_bomb(word: str) -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "b"><!ENTITY bomb "&a;&a;">]>'
    items = item("A", "https://o.example/a", f"<description>{QUOTED.format(word)}</description>")
    found = parse(
        bomb + rss(items + item("&bomb;", "https://o.example/b") + item("C", "https://o.example/c"))
    )
    assert [entry.title for entry in found.entries] == ["A", "C"]
    assert [refused.reason for refused in found.refused] == ["xml_entity_bomb"]


@pytest.mark.parametrize(
    "damage",
    [
        "<description><![CDATA[no end</description>",
        "<description><!-- no end</description>",
        "<description>\x0b &#11; & < b</description>",
        "<description><b><i>unclosed</description>",
        "<content:encoded>no namespace</content:encoded>",
        "<a:b:c>two colons</a:b:c>",
    ],
)
def test_every_item_of_a_malformed_document_is_an_entry_or_counted(damage: str) -> None:
    items = [item(str(n), f"https://o.example/{n}", damage if n == 1 else "") for n in range(4)]
    found = parse(rss("".join(items)))
    assert len(found.entries) + len(found.refused) == 4
    assert {"0", "2", "3"} <= {entry.title for entry in found.entries}


@pytest.mark.parametrize(
    "before",
    [
        "Notice: undefined variable in x\n",
        "\n\n",
        "\ufeff",
        "<?xml version='1.0'?>\n<?xml version='1.0'?>",
        "<br />\n",
    ],
)
def test_what_a_server_writes_before_a_document_costs_nothing(before: str) -> None:
    assert [entry.title for entry in parse(before + rss(item("A", "https://o.example/a"))).entries] == ["A"]


def test_items_of_long_escaped_html_are_all_read() -> None:
    summary = f"<description>{PARAGRAPH * 140}</description>"
    found = parse(rss("".join(item(f"Story {n}", f"https://o.example/{n}", summary) for n in range(30))))
    assert len(found.entries) == 30
    assert all(len(entry.summary or "") > 9_000 for entry in found.entries)


def test_items_that_only_share_their_address_keep_their_identity() -> None:
    bulletins = [item(f"Bulletin {n}", "https://o.example/live") for n in range(3)]
    ids = [entry.entry_id for entry in parse(rss("".join(bulletins))).entries]
    assert len(set(ids)) == 3
    assert [entry.entry_id for entry in parse(rss("".join(reversed(bulletins)))).entries] == ids[::-1]
    assert parse(rss(bulletins[0] * 2)).repeated == 1


@pytest.mark.parametrize("kind", ["rss version='0.91'", "rss version='0.92'", "rss version='2.0'", "rss"])
@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32-be"])
def test_every_kind_of_rss_is_read_in_wide_characters(kind: str, charset: str) -> None:
    root = kind.split()[0]
    text = f"<{kind}><channel><title>Канал</title>{item('Удар', 'https://o.example/a')}</channel></{root}>"
    assert [entry.title for entry in parse(text.encode(charset)).entries] == ["Удар"]


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_rdf_and_atom_are_read_in_wide_characters(charset: str) -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f"<channel><title>Outlet</title></channel>{item('Удар', 'https://o.example/a')}</rdf:RDF>"
    )
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>O</title><entry><title>Удар</title>'
        '<link href="https://o.example/a"/></entry></feed>'
    )
    for text in (rdf, atom):
        assert [entry.title for entry in parse(text.encode(charset)).entries] == ["Удар"]


@pytest.mark.parametrize(
    "document",
    ["<channel><title>O</title>{}</channel>", "<!-- x --><CHANNEL HREF='https://o.example/'>{}</CHANNEL>"],
)
def test_a_channel_without_root_is_a_feed(document: str) -> None:
    """Very old feeds (CDF) and templates that lost their root."""
    found = parse(document.format(item("A", "https://o.example/a")))
    assert [entry.title for entry in found.entries] == ["A"]


def test_an_entry_that_has_only_content_is_an_entry() -> None:
    body = "<feed xmlns='http://www.w3.org/2005/Atom'><title>O</title><entry><content>Two killed.</content></entry></feed>"
    (entry,) = parse(body).entries
    assert (entry.content, entry.article_url) == ("Two killed.", None)
