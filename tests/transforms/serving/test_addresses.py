"""Addresses of pages, of a server and in a site, and the folders of places with any name."""

from __future__ import annotations

import re

import pytest

from transforms.serving.addresses import SERVER, Addresses, PageOfList, folder_name, place_folders


def test_addresses_of_the_server_begin_at_its_root() -> None:
    assert [SERVER.page(""), SERVER.page("sources"), SERVER.file("static/site.css")] == [
        "/",
        "/sources",
        "/static/site.css",
    ]
    assert SERVER.incident("i-1") == "/incidents/i-1"
    assert SERVER.place("UA", "Kryvyi Rih/a") == "/places/UA/Kryvyi%20Rih%2Fa"
    assert SERVER.place(None, "At sea") == "/places/ZZ/At%20sea"
    assert SERVER.has_incident("i-9")


def test_addresses_of_a_site_are_files_relative_to_the_page() -> None:
    folders = place_folders([("UA", "Kryvyi Rih")])
    at = Addresses("../../", "/index.html", True, folders, {"i-1"})
    assert [at.page(""), at.page("runs"), at.file("site.css")] == [
        "../../index.html",
        "../../runs/index.html",
        "../../site.css",
    ]
    assert at.place("UA", "Kryvyi Rih") == "../../places/UA/Kryvyi%20Rih/index.html"
    assert (at.has_incident("i-1"), at.has_incident("i-2")) == (True, False)


@pytest.mark.parametrize("name", ["Kharkiv", "Kryvyi Rih", "St. Petersburg", "Qal'at", "i-00af", "X"])
def test_a_plain_name_is_its_own_folder(name: str) -> None:
    assert folder_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "a\x00b", ".git", "x.", "x ", "con", "NUL.txt", "index.html", "Page-2.HTM", "Kyïv", "خان", "x" * 200,
     "a\u202eb", "\ud800", "%2e%2e", "a?b", "a#b", "a:b", "<b>"],
)  # fmt: skip
def test_any_other_name_gets_a_harmless_folder_of_its_own(name: str) -> None:
    folder = folder_name(name)
    assert re.fullmatch(r"[a-z0-9-]{1,80}", folder)
    assert folder != folder_name(f"{name}x")


def test_no_two_places_share_a_folder_not_even_where_case_does_not_matter() -> None:
    places = [("UA", "Kharkiv"), ("UA", "KHARKIV"), ("UA", "kharkiv"), ("RU", "Kharkiv"), (None, "Kharkiv")]
    folders = place_folders(places)
    assert len({folder.casefold() for folder in folders.values()}) == len(places)
    assert folders == place_folders(reversed(places))
    assert folders["RU", "Kharkiv"] == "places/RU/Kharkiv"
    assert folders[None, "Kharkiv"] == "places/ZZ/Kharkiv"


def test_a_page_of_a_list_knows_its_rows_and_its_neighbours() -> None:
    last = PageOfList(number=3, pages=3, rows=7, rows_of_page=3)
    assert (last.first_row, last.last_row) == (7, 7)
    assert [last.file_of(n) for n in (1, 2)] == ["index.html", "page-2.html"]
