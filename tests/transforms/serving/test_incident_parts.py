"""Parts of the page of an incident: sentences in place, the step line, links, the outline of the map."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import pytest

from transforms.serving.excerpts import Piece, excerpt_of
from transforms.serving.mercator import outline_svg, project
from transforms.serving.toll_line import toll_line
from transforms.util.web_address import web_address

HEADLINE = "Missile kills 14 in Kharkiv"


def evidence(field: str, text: str, start: int | None) -> dict[str, Any]:
    return {"field": field, "text": text, "start": start, "end": None if start is None else start + len(text)}


def test_a_headline_is_marked_where_it_was_read() -> None:
    found = excerpt_of({
        "headline": HEADLINE,
        "evidence": [evidence("location", "in Kharkiv", 17), evidence("fatalities_low", "kills 14", 8)],
    })  # fmt: skip
    assert found.headline == [
        Piece("Missile "), Piece("kills 14", ["killed"]), Piece(" "), Piece("in Kharkiv", ["place"])
    ]  # fmt: skip
    assert not found.sentences


def test_sentences_stand_in_their_order_with_all_that_was_read_from_each() -> None:
    found = excerpt_of({
        "headline": HEADLINE,
        "evidence": [
            evidence("injured_low", "Later 5\nwere hurt.", 90), evidence("fatalities_low", "It killed 14.", 29),
            evidence("location", "It killed 14.", 29), evidence("weapon", "killed 14", 32),
            evidence("event_date_start", "", None),
        ],
    })  # fmt: skip
    assert found.sentences == [
        Piece("It killed 14.", ["killed", "place", "weapon"]),
        Piece("Later 5 were hurt.", ["injured"]),
    ]
    assert found.inferred == ["date"]
    assert found.headline == [Piece(HEADLINE)]


def test_offsets_that_do_not_fit_the_headline_mark_nothing_in_it() -> None:
    found = excerpt_of({"headline": HEADLINE, "evidence": [evidence("weapon", "a drone", 0)]})
    assert found.headline == [Piece(HEADLINE)]
    assert found.sentences == [Piece("a drone", ["weapon"])]


def test_the_pieces_are_the_whole_headline() -> None:
    some = [evidence("weapon", HEADLINE[a:b], a) for a, b in ((0, 7), (5, 12), (8, 13), (20, 27), (20, 22))]
    found = excerpt_of({"headline": HEADLINE, "evidence": some})
    assert "".join(piece.text for piece in found.headline) == HEADLINE


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", " https://x.example", "https:///x", "//x.example", "http://[", "ftp://x.example/",
     "https://x.example/a b", "https://x.example/\u202egnp", "JAVASCRIPT:alert(1)", "https://x.example/\n", None, 7, f"https://x.example/{'a' * 3000}"],
)  # fmt: skip
def test_only_addresses_of_the_web_are_links(address: object) -> None:
    assert web_address(address) is None


def test_an_address_of_the_web_stays_as_it_is() -> None:
    assert web_address("https://x.example/a?b=c&d") == "https://x.example/a?b=c&d"


def step(n: int, at: str | None, low: int | None, high: int | None) -> dict[str, Any]:
    return {
        "revision": n,
        "valid_from": at,
        "fatalities_low": low,
        "fatalities_best": low,
        "fatalities_high": high,
    }


def test_a_toll_is_a_line_of_steps() -> None:
    found = toll_line(
        [
            step(1, "2025-04-04T00:00:00Z", 4, None),
            step(2, "2025-04-05T00:00:00Z", 20, 20),
            step(3, "2025-04-08T00:00:00Z", 10, 10),
        ],
        "fatalities",
    )
    assert found is not None
    assert [p.figure for p in found.points] == ["4+", "20", "10"]
    assert found.most == 20
    xs, ys = [p.x for p in found.points], [p.y for p in found.points]
    assert xs[1] - xs[0] == pytest.approx((xs[2] - xs[0]) / 4, abs=0.2)
    assert ys[1] < ys[2] < ys[0]
    assert re.fullmatch(r"M[\d. ]+(H[\d.]+V[\d.]+){2}H[\d.]+", found.path)


@pytest.mark.parametrize(
    "instants", [(None, None), ("2025-04-04T00:00:00Z",) * 2, ("x", "2025-04-04T00:00:00Z")]
)
def test_steps_without_times_stand_evenly(instants: tuple[str | None, str | None]) -> None:
    found = toll_line([step(n, at, n, n) for n, at in enumerate(instants)], "fatalities")
    assert found is not None
    assert found.points[0].x < found.points[1].x


def test_one_figure_is_no_line() -> None:
    assert toll_line([], "fatalities") is None
    assert toll_line([step(1, None, 3, 3), step(2, None, None, None)], "fatalities") is None


def test_the_projection_is_that_of_mercator() -> None:
    assert project(0, 30) == pytest.approx((30, 0))
    assert project(60, 0)[1] == pytest.approx(-75.456, abs=0.01)
    assert project(90, 0) == project(84, 0)


def test_the_outline_holds_every_country_and_no_line_across_the_world() -> None:
    topology = json.loads((files("pipelines.dashboard") / "vendor/countries.json").read_text("utf-8"))
    svg = outline_svg(topology).decode()
    assert svg.count("M") >= len(topology["objects"]["countries"]["geometries"])
    assert max(abs(int(x)) for x in re.findall(r"l(-?\d+) ", svg)) <= 9000
    assert len(svg) < 700_000
