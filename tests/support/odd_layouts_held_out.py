"""Page layouts of the kinds of ``odd_layouts`` in other markup, written after the rules. They only measure."""

from __future__ import annotations

import json
from html import escape as e

from cms_articles import Layout, Story, Words
from cms_layouts import head, menu, ps
from odd_layouts import links


def entries_of_a_log(a: Story, others: list[Story], w: Words) -> str:
    """Short stories are items of a list, each with a headline of the fourth level; the article is the third."""
    item = "<li class='e'><h4>{}</h4><div class='e-t'><p>{}</p></div></li>"
    items = [item.format(e(o.title), e(o.summary)) for o in others[:2]]
    items.append(f"<li class='e'><h4>{e(a.title)}</h4><div class='e-t'>{ps(a.paragraphs)}</div></li>")
    items.append(item.format(e(others[2].title), e(others[2].summary)))
    return f"{head(a, w)}<body>{menu(w, 8, 'div')}<div class='log'><h2>{w.world}</h2><ul>{''.join(items)}</ul></div><p class='r'>{e(w.rights)}</p></body></html>"


def story_in_bold_box(a: Story, others: list[Story], w: Words) -> str:
    """A grey box between the paragraphs has a linked line in bold, then a beginning of the other story."""
    box = f"<div style='background:#eee'><b><a href='/n/0'>{e(others[0].title)}</a></b><br>{e(others[0].paragraphs[0])}</div>"
    body = "".join(f"<p>{e(p)}</p>{box if i == 1 else ''}" for i, p in enumerate(a.paragraphs))
    return f"{head(a, w)}<body>{menu(w, 8)}<div id='x'><h1>{e(a.title)}</h1>{body}</div><div id='y'>{e(w.rights)}</div></body></html>"


def lead_in_the_header(a: Story, others: list[Story], w: Words) -> str:
    """The first paragraph is a span in the header of the article; the text is two levels deeper."""
    return (
        f"{head(a, w)}<body>{menu(w, 8)}<article><header><h1>{e(a.title)}</h1><span class='in'>{e(a.paragraphs[0])}</span><img src='a.jpg'><em>{e(w.photo)}</em></header><div><div class='co'>{ps(a.paragraphs[1:])}</div></div>"
        f"<aside><h3>{w.most}</h3><ul>{links(others)}</ul></aside></article><footer>{e(w.rights)}</footer></body></html>"
    )


def data_of_blocks(a: Story, others: list[Story], w: Words) -> str:
    """A variable holds the text as a list of blocks with pieces of text in them."""
    blocks = [{"type": "p", "children": [{"text": p[:40]}, {"text": p[40:]}]} for p in a.paragraphs]
    data = {
        "site": {"name": w.home},
        "doc": {"head": {"title": a.title}, "blocks": blocks},
        "more": [{"title": o.title, "slug": f"n{i}"} for i, o in enumerate(others)],
    }
    return f"{head(a, w)}<body><h1>{e(a.title)}</h1><div id='mount'></div><script>var pageData = {json.dumps(data)};\nmount(pageData);</script><small>{e(w.rights)}</small></body></html>"


def parts_between_pictures(a: Story, others: list[Story], w: Words) -> str:
    """The text is in two parts of a page builder; a full-width picture and an offer are between them."""
    half = max(1, len(a.paragraphs) // 2)
    part = "<div class='blk blk-{}'><div class='blk-in'>{}</div></div>"
    return (
        f"{head(a, w)}<body>{menu(w, 8)}<div class='pg'>{part.format('title', f'<h1>{e(a.title)}</h1>')}{part.format('text-a', ps(a.paragraphs[:half]))}{part.format('photo', f'<img src=a.jpg><p>{e(w.photo)}</p>')}{part.format('offer', f'<h4>{w.home}</h4><p>{e(w.newsletter)}</p>')}{part.format('text-b', ps(a.paragraphs[half:]))}</div>"
        f"<div class='fo'>{e(w.rights)}</div></body></html>"
    )


LAYOUTS: dict[Layout, str] = {
    entries_of_a_log: "en es",
    story_in_bold_box: "en uk",
    lead_in_the_header: "en fr",
    data_of_blocks: "en ar",
    parts_between_pictures: "en de",
}
