"""How the page templates mark up an article: its paragraphs as elements, and what goes around them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape as e

from training.page_parts import Template

Body = Callable[[Template, list[str]], list[str]]


def _plain(t: Template, ps: list[str]) -> list[str]:
    return [f"<p>{e(p)}</p>" for p in ps]


def _named(t: Template, ps: list[str]) -> list[str]:
    return [f"<p{t.attr('par')}>{e(p)}</p>" for p in ps]


def _blocks(t: Template, ps: list[str]) -> list[str]:
    return [f"<div{t.attr('par')}>{e(p)}</div>" for p in ps]


def _nested(t: Template, ps: list[str]) -> list[str]:
    return [f"<div{t.attr('par')}><p>{e(p)}</p></div>" for p in ps]


def _deep(t: Template, ps: list[str]) -> list[str]:
    return [f"<section><div{t.attr('par')}><div><p><span>{e(p)}</span></p></div></div></section>" for p in ps]


def _spans(t: Template, ps: list[str]) -> list[str]:
    return [f"<p{t.attr('par')}><span>{e(p)}</span></p>" for p in ps]


def _breaks(t: Template, ps: list[str]) -> list[str]:
    return [f"{e(p)}<br><br>" for p in ps]


def _lines(t: Template, ps: list[str]) -> list[str]:
    return [f"{e(p)}<br>" for p in ps]


def _items(t: Template, ps: list[str]) -> list[str]:
    return [f"<li>{e(p)}</li>" for p in ps]


def _rows(t: Template, ps: list[str]) -> list[str]:
    return [f"<tr><td><p>{e(p)}</p></td></tr>" for p in ps]


def _definitions(t: Template, ps: list[str]) -> list[str]:
    return [f"<dd>{e(p)}</dd>" for p in ps]


def _in_pairs(t: Template, ps: list[str]) -> list[str]:
    pairs = [ps[i : i + 2] for i in range(0, len(ps), 2)]
    return [f"<div{t.attr('par')}>{''.join(f'<p>{e(p)}</p>' for p in pair)}</div>" for pair in pairs]


def _linked(t: Template, ps: list[str]) -> list[str]:
    found = []
    for n, p in enumerate(ps):
        words = p.split()
        if n % 2 == 0 and len(words) > 8:
            words[3:5] = [f"<a href='/tag/{n}'>{e(' '.join(words[3:5]))}</a>"]
            found.append(f"<p{t.attr('par')}>{' '.join(words)}</p>")
        else:
            found.append(f"<p{t.attr('par')}>{e(p)}</p>")
    return found


def link_all(t: Template, ps: list[str]) -> list[str]:
    """Mark up paragraphs that are links as a whole."""
    return [f"<p{t.attr('par')}><a href='/read/1'>{e(p)}</a></p>" for p in ps]


def _lead_apart(t: Template, ps: list[str]) -> list[str]:
    rest = [f"<p{t.attr('par')}>{e(p)}</p>" for p in ps[1:]]
    return [f"<p{t.attr('text')}><strong>{e(ps[0])}</strong></p>", *rest]


def _custom(t: Template, ps: list[str]) -> list[str]:
    return [f"<x-text><p>{e(p)}</p></x-text>" for p in ps]


def _quotes(t: Template, ps: list[str]) -> list[str]:
    return [
        f"<blockquote><p>{e(p)}</p></blockquote>" if n % 3 == 2 else f"<p>{e(p)}</p>"
        for n, p in enumerate(ps)
    ]


def _pictures(t: Template, ps: list[str]) -> list[str]:
    return [f"<div{t.attr('box')}><img src='p{n}.jpg'><p>{e(p)}</p></div>" for n, p in enumerate(ps)]


def _timed(t: Template, ps: list[str]) -> list[str]:
    return [f"<div{t.attr('card')}><time>0{n % 10}:15</time><p>{e(p)}</p></div>" for n, p in enumerate(ps)]


def _questions(t: Template, ps: list[str]) -> list[str]:
    return [f"<h3>{e(' '.join(p.split()[:4]))}?</h3><p>{e(p)}</p>" for p in ps]


def _columns(t: Template, ps: list[str]) -> list[str]:
    half = (len(ps) + 1) // 2
    return [
        f"<div{t.attr('par')}>{''.join(f'<p>{e(p)}</p>' for p in part)}</div>"
        for part in (ps[:half], ps[half:])
        if part
    ]


def _cells(t: Template, ps: list[str]) -> list[str]:
    return [f"<tr><td>{n + 1}</td><td>{e(p)}</td></tr>" for n, p in enumerate(ps)]


def _sections(t: Template, ps: list[str]) -> list[str]:
    return [f"<section{t.attr('box')}><h2>{n + 1}</h2><p>{e(p)}</p></section>" for n, p in enumerate(ps)]


def _cards(t: Template, ps: list[str]) -> list[str]:
    return [f"<div{t.attr('card')}><div{t.attr('text')}>{e(p)}</div></div>" for p in ps]


def _mixed(t: Template, ps: list[str]) -> list[str]:
    return [
        f"<{tag}{t.attr('par')}>{e(p)}</{tag}>"
        for p, tag in zip(ps, ["p", "div", "p", "p", "div"] * len(ps), strict=False)
    ]


_COMMON = [_plain] * 3 + [_named] * 3 + [_blocks] * 2 + [_nested] * 2 + [_linked, _lead_apart, _in_pairs]
BODIES: list[Body] = [
    *(*_COMMON, _deep, _spans, _breaks, _lines, _items, _rows, _definitions, _custom, _quotes),
    *(_pictures, _timed, _questions, _columns, _cells, _sections, _cards, _mixed),
]
"""The ways to mark up paragraphs. Common ones are there several times."""
WRAPS: dict[Body, tuple[str, str]] = {
    _cells: ("<table>", "</table>"),
    _items: ("<ul>", "</ul>"),
    _rows: ("<table>", "</table>"),
    _definitions: ("<dl>", "</dl>"),
}
"""What goes around all paragraphs, where the markup needs it."""
