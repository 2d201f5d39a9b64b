"""Texts that scripts assign or push, in one piece or in many."""

from __future__ import annotations

import json

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.flight import Flight
from transforms.pages.script_values import ScriptReader

TITLE = "Drone hits bus near port"
LINES = [
    f"The {n} witness told reporters that a drone had hit the bus at the stop beside the port on Tuesday."
    for n in ("first", "second", "third", "fourth")
]
BODY = "\n".join(LINES)
HTML = "".join(f"<p>{line}</p>" for line in LINES)
OTHERS = [
    {
        "title": f"Bakers of the old town raise the price of bread {n}",
        "slug": f"s-{n}",
        "body": "".join(f"<p>Flour has become dear, the baker of house {n} in street {k} said.</p>" for k in range(9)),
    }
    for n in range(4)
]  # fmt: skip


def _pieces(text: str, size: int = 60, push: str = "self.__next_f.push([1,{}])") -> str:
    pieces = [text[n : n + size] for n in range(0, len(text), size)]
    return "".join(f"<script>{push.format(json.dumps(piece))}</script>" for piece in pieces)


def _page(scripts: str, shown: str = "") -> bytes:
    page = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{shown}{scripts}</body></html>"
    return page.encode()


def _element(tag: str, children: object, **props: object) -> list:
    return ["$", tag, None, {**props, "children": children}]


_PARAGRAPHS = [_element("p", [line[:4], _element("a", line[4:12], href="/w"), line[12:]]) for line in LINES]
_CARDS = [_element("li", _element("$L9", story["title"], href="/n")) for story in OTHERS]
_ELEMENTS = _element("main", [_element("h1", TITLE), *_PARAGRAPHS, _element("ul", _CARDS)])


@pytest.mark.parametrize(
    "scripts",
    [
        _pieces('9:I[1,[],"Link"]\n0:["$","div",null,{"children":"$L3"}]\n3:' + json.dumps(_ELEMENTS) + "\n"),
        _pieces(f"a:T{len(HTML):x},{HTML}" + "2:" + json.dumps(["$", "$L1", None, {"a": {"headline": TITLE, "articleBody": "$a"}}]) + "\n"),
        _pieces("2:" + json.dumps(["$", "$L1", None, {"a": {"title": TITLE, "blocks": [{"kind": "x", "words": line} for line in LINES], "more": OTHERS}}]) + "\n"),
        _pieces(json.dumps({"title": TITLE, "body": LINES}), push="(window.parts=window.parts||[]).push({})"),
        _pieces(HTML, push="document.write({})"),
        f"<script>window.__NUXT__=(function(a,b){{return {{data:[{{title:a,body:b,open:!0,at:void 0}}]}}}}({json.dumps(TITLE)},{json.dumps(HTML)}));</script>",
        f"<script>A.b={{}};A.state={json.dumps({'S:1': {'title': TITLE, 'parts': [{'__ref': f'P:{n}'} for n in range(4)]}} | {f'P:{n}': {'text': line} for n, line in enumerate(LINES)})};</script>",
        f"<script>var page = JSON.parse({json.dumps(json.dumps({'title': TITLE, 'body': HTML}))});</script>",
        f"<script>start(app, {{node: [1], data: {{title: '{TITLE}', body: '{HTML}'}}}});</script>",
    ],
    ids=["elements", "text row", "blocks", "data in pieces", "html in pieces", "function", "cache", "string", "argument"],
)  # fmt: skip
def test_a_text_in_scripts_is_read(scripts: str) -> None:
    for shown in ("", f"<p>{LINES[0]}</p>"):
        page = clean_page(_page(scripts, shown), title=TITLE)
        assert page.text == BODY
        assert "structured_data" in page.flags


def test_other_stories_in_scripts_do_not_replace_a_teaser() -> None:
    state = json.dumps({"list": OTHERS})
    elements = json.dumps([["$", "p", None, {"children": story["body"]}] for story in OTHERS])
    scripts = f"<script>window.__S={state}</script>{_pieces(f'0:{elements}')}"
    assert clean_page(_page(scripts, f"<p>{LINES[0]}</p>"), title=TITLE).text == LINES[0]


def test_another_story_beside_the_text_in_scripts_stays_out() -> None:
    story = {
        "title": TITLE,
        "body": HTML,
        "related": OTHERS,
        "comments": [{"user": "x", "text": "No. " * 400}],
    }
    scripts = f"<script>window.__S={json.dumps({'story': story})}</script>"
    assert clean_page(_page(scripts), title=TITLE).text == BODY


@pytest.mark.parametrize(
    "script",
    ["a={" * 100_000, "a=[" + "1," * 400_000, "f('x'," * 50_000, 'a={"b":[1,' * 50_000, "a=(" * 90_000],
)
def test_scripts_that_end_in_errors_take_little_work(script: str) -> None:
    reader = ScriptReader()
    assert len(list(reader.read(script))) <= 2_000
    assert reader.work <= 12_000_000


def test_flight_data_that_refer_to_themselves_end() -> None:
    flight = Flight('0:["$","div",null,{"children":["$L0","$1"]}]\n1:["$","p",null,{"children":"$L1"}]\n')
    assert flight.draw() == "<div><p></p></div>"
    assert len(flight.read_values()) == 2


def _flight(rows: list[str]) -> Flight:
    return Flight("".join(f"{number:x}:{row}\n" for number, row in enumerate(rows)))


def test_a_text_to_which_many_elements_refer_is_drawn_a_bounded_number_of_times() -> None:
    element = '["$","p",null,{"dangerouslySetInnerHTML":{"__html":"$1"}}]'
    text = "z" * 100_000
    drawn = Flight(f"0:[{','.join([element] * 3_000)}]\n1:T{len(text):x},{text}").draw()
    assert len(text) < len(drawn) < 5_000_000


def test_a_reference_with_an_odd_digit_refers_to_nothing() -> None:
    assert _flight(['["$","p",null,{"children":["$1:²","a"]}]', '["b"]']).draw() == "<p>a</p>"


def test_a_name_is_tried_once_and_not_from_each_of_its_letters() -> None:
    """Else a script of one long word is read sixty times."""
    assert [v.name for v in ScriptReader().read("window.abc = [1, 2]")] == ["abc"]
    assert list(ScriptReader().read("a" * 61 + " = [1, 2]")) == []


def test_a_function_with_endless_parameters_is_left() -> None:
    few, many = ",".join("b" * 10), ",".join("b" * 20_000)
    script = "x=(function({}){{return [b]}}(1))"
    assert [v.value for v in ScriptReader().read(script.format(few))] == [[1]]
    assert list(ScriptReader().read(script.format(many))) == []
