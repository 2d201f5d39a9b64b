"""More page layouts in the manner of ``odd_layouts``: several stories on one page, offers before the rest, banners."""

from __future__ import annotations

import json
from html import escape as e

from cms_articles import Layout, Story, Words
from cms_layouts import head, menu, ps
from odd_layouts import links


def magazine_in_chapters(a: Story, others: list[Story], w: Words) -> str:
    """Each paragraph is a chapter with a number and a picture; between two of them the site sells subscriptions."""
    parts = [
        f"<section class='ch'><h2>{i + 1}</h2><div class='ch-t'><p>{e(p)}</p></div><div class='ch-p'><img src='{i}.jpg'><span>{e(w.photo)}</span></div></section>"
        for i, p in enumerate(a.paragraphs)
    ]
    parts.insert(
        1,
        f"<section class='ch ch--shop'><h2>{w.home}+</h2><div class='ch-t'><p>{e(w.newsletter)}</p></div></section>",
    )
    return (
        f"{head(a, w)}<body>{menu(w, 7)}<div class='cover'><h1>{e(a.title)}</h1></div>{''.join(parts)}<section class='out'><h2>{w.related}</h2>"
        + "".join(
            f"<a class='out-c' href='/n/{i}'><h3>{e(o.title)}</h3><p>{e(o.summary)}</p></a>"
            for i, o in enumerate(others)
        )
        + f"</section><div class='imp'>{e(w.rights)}</div></body></html>"
    )


def first_post_of_a_thread(a: Story, others: list[Story], w: Words) -> str:
    """The article is the first post of a board; readers answer in posts of the same markup."""
    post = "<div class='post'><div class='who'><b>{}</b><br>4.4.2025 09:1{}</div><div class='msg'>{}</div><div class='sig'>{}</div></div>"
    answers = "".join(post.format(f"User{i}", i, f"<p>{w.comment}</p>", w.reply) for i in range(1, 4))
    return (
        f"{head(a, w)}<body><div class='nav'>{menu(w, 8, 'div')}</div><h1>{e(a.title)}</h1><div class='thread'>{post.format('Desk', 0, ps(a.paragraphs), w.share)}{answers}</div>"
        f"<div class='similar'><h4>{w.related}</h4><ul>{links(others)}</ul></div><div class='f'>{e(w.rights)}</div></body></html>"
    )


def briefs_of_the_day(a: Story, others: list[Story], w: Words) -> str:
    """Several stories stand whole on one page, each under its headline; the feed's title is that of the second."""
    brief = "<h3>{}</h3>{}"
    stories = [
        brief.format(e(others[0].title), ps(others[0].paragraphs[:2])),
        brief.format(e(a.title), ps(a.paragraphs)),
    ]
    stories.append(brief.format(e(others[1].title), ps(others[1].paragraphs[:2])))
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{w.world} | {w.home}</title></head><body>{menu(w, 10)}<div class='brf'><h1>{w.world}</h1>{''.join(stories)}</div><div class='f'><p>{e(w.rights)}</p></div></body></html>"


def pictures_tell_the_story(a: Story, others: list[Story], w: Words) -> str:
    """A picture story: every paragraph stands under a picture, and there is no other text."""
    shots = "".join(
        f"<div class='slide'><img src='{i}.jpg'><div class='slide-text'>{e(p)}</div><div class='slide-no'>{i + 1} / {len(a.paragraphs)}</div></div>"
        for i, p in enumerate(a.paragraphs)
    )
    return f"{head(a, w)}<body>{menu(w, 10)}<div class='show'><h1>{e(a.title)}</h1>{shots}</div><div class='mehr'><h3>{w.most}</h3><ul>{links(others)}</ul></div><div class='f'><p>{e(w.newsletter)}</p><p>{e(w.rights)}</p></div></body></html>"


def text_hidden_behind_an_offer(a: Story, others: list[Story], w: Words) -> str:
    """The first paragraph is shown, then an offer; the rest is in the page, but hidden by its style."""
    return (
        f"{head(a, w)}<body>{menu(w, 10)}<div class='a'><h1>{e(a.title)}</h1><div class='free'><p>{e(a.paragraphs[0])}</p></div><div class='offer'><h2>{w.home}+</h2><p>{e(w.newsletter)}</p><a href='/abo'>OK</a></div>"
        f"<div class='paid' style='display:none'>{ps(a.paragraphs[1:])}</div></div><div class='r'><h3>{w.related}</h3><ul>{links(others)}</ul></div><div class='f'>{e(w.rights)}</div></body></html>"
    )


def letter_in_tables(a: Story, others: list[Story], w: Words) -> str:
    """A letter to readers, as a web page: nested tables, the article first, then other stories with beginnings."""
    row = "<table width='600'><tr><td style='padding:10px'><table><tr><td>{}</td></tr></table></td></tr></table>"
    more = "".join(
        row.format(
            f"<a href='/n/{i}'><strong>{e(o.title)}</strong></a><br>{e(o.summary)} <a href='/n/{i}'>&raquo;</a>"
        )
        for i, o in enumerate(others)
    )
    text = "".join(f"<p style='margin:0 0 14px'>{e(p)}</p>" for p in a.paragraphs)
    return f"{head(a, w)}<body>{row.format(f'<a href=/>{w.home}</a>')}{row.format(f'<div style=font-size:26px>{e(a.title)}</div>')}{row.format(text)}{row.format(f'<b>{w.most}</b>')}{more}{row.format(f'<p>{e(w.newsletter)}</p>')}{row.format(f'<p>{e(w.rights)}</p>')}</body></html>"


def paragraphs_as_headings(a: Story, others: list[Story], w: Words) -> str:
    """An editor chose a heading's style for every paragraph; empty paragraphs stand between them."""
    text = "<p>&nbsp;</p>".join(f"<h3>{e(p)}</h3>" for p in a.paragraphs)
    return (
        f"{head(a, w)}<body>{menu(w, 12)}<div class='cont'><h1>{e(a.title)}</h1><div class='pict'><img src='a.jpg'><small>{e(w.photo)}</small></div>{text}<div class='soc'><a href='#'>{w.share}</a></div></div>"
        f"<div class='side'><h4>{w.most}</h4><ul>{links(others)}</ul><p>{e(w.newsletter)}</p></div><div class='f'>{e(w.rights)}</div></body></html>"
    )


def data_in_a_string(a: Story, others: list[Story], w: Words) -> str:
    """A script parses a string with the page's data, the text among them."""
    state = json.dumps(
        {
            "page": {"headline": a.title, "body": "".join(f"<p>{p}</p>" for p in a.paragraphs)},
            "list": [o.title for o in others],
        }
    )
    return f"{head(a, w)}<body><div id='root'><h1>{e(a.title)}</h1></div><script>window.__DATA__ = JSON.parse({json.dumps(state)});</script><div class='f'>{e(w.rights)}</div></body></html>"


def banner_with_a_long_lead(a: Story, others: list[Story], w: Words) -> str:
    """The first two paragraphs stand under the headline in a section of their own, before the picture."""
    return (
        f"{head(a, w)}<body>{menu(w, 12)}<main><section class='op'><div class='op-k'>{w.world}</div><h1>{e(a.title)}</h1><div class='op-l'>{ps(a.paragraphs[:2])}</div></section><section class='im'><img src='a.jpg'><div class='im-c'>{e(w.photo)}</div></section>"
        f"<section class='bd'><div class='bd-t'>{ps(a.paragraphs[2:])}</div><div class='bd-s'><h4>{w.most}</h4><ul>{links(others)}</ul></div></section></main><div class='ft'><p>{e(w.newsletter)}</p><p>{e(w.rights)}</p></div></body></html>"
    )


def stories_of_a_ticker(a: Story, others: list[Story], w: Words) -> str:
    """Each short story is in a block with a headline and an hour; the feed's title is that of the second."""
    item = "<div class='it'><span class='hr'>{}</span><h2 id='{}'>{}</h2><div class='tx'>{}</div></div>"
    items = [
        item.format("12:40", "n1", e(others[0].title), ps(others[0].paragraphs[:2])),
        item.format("12:10", "n2", e(a.title), ps(a.paragraphs)),
        item.format("11:55", "n3", e(others[1].title), ps(others[1].paragraphs[:2])),
        item.format("11:20", "n4", e(others[2].title), ps(others[2].paragraphs[:2])),
    ]
    return f"{head(a, w)}<body>{menu(w, 9)}<h1>{w.home}: {w.world}</h1><div class='tk'>{''.join(items)}</div><div class='ft'>{e(w.rights)}</div></body></html>"


def rest_for_members(a: Story, others: list[Story], w: Words) -> str:
    """Two paragraphs are shown; the rest is in a hidden element further down, after the comments."""
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<div class='st'><h1>{e(a.title)}</h1>{ps(a.paragraphs[:2])}<div class='join'><b>{w.home}+</b> <span>{e(w.newsletter)}</span> <a href='/join'>{w.share}</a></div></div>"
        f"<div class='cm'><h3>{w.comments}</h3><p>{w.comment}</p></div><div class='st' hidden>{ps(a.paragraphs[2:])}</div><div class='ft'>{e(w.rights)}</div></body></html>"
    )


def answers_to_questions(a: Story, others: list[Story], w: Words) -> str:
    """Every paragraph answers a question, which is in bold in the same block; a box on the writer is between them."""
    blocks = [
        f"<div class='qa'><strong>{w.world} {i}?</strong><br>{e(p)}</div>" for i, p in enumerate(a.paragraphs)
    ]
    blocks.insert(1, f"<div class='bio'><img src='k.jpg'><div>{e(w.author)}</div></div>")
    return f"{head(a, w)}<body>{menu(w, 9)}<div class='iv'><h1>{e(a.title)}</h1>{''.join(blocks)}</div><div class='rl'><h3>{w.related}</h3><ul>{links(others)}</ul></div><div class='ft'>{e(w.rights)}</div></body></html>"


def data_in_pushed_pieces(a: Story, others: list[Story], w: Words) -> str:
    """Scripts push pieces of the page's data into a list, as strings."""
    tree = [
        "$",
        "main",
        None,
        {
            "children": [["$", "h1", None, {"children": a.title}]]
            + [["$", "p", str(i), {"children": p}] for i, p in enumerate(a.paragraphs)]
        },
    ]
    piece = json.dumps(f"3:{json.dumps(tree)}\n")
    links = json.dumps(
        "4:"
        + json.dumps(
            [["$", "a", None, {"href": f"/n/{i}", "children": o.title}] for i, o in enumerate(others)]
        )
        + "\n"
    )
    return f"{head(a, w)}<body><h1>{e(a.title)}</h1><script>self.__next_f.push([1,{piece}])</script><script>self.__next_f.push([1,{links}])</script><div>{e(w.rights)}</div></body></html>"


def boxes_with_linked_headlines(a: Story, others: list[Story], w: Words) -> str:
    """Boxes in the text tell two other stories at length; only their headlines are links."""
    box = "<div class='in'><h5><a href='/n/{}'>{}</a></h5>{}</div>"
    body = "".join(
        f"<p>{e(p)}</p>{box.format(i, e(others[i].title), ps(others[i].paragraphs[:2])) if i < 2 else ''}"
        for i, p in enumerate(a.paragraphs)
    )
    return f"{head(a, w)}<body>{menu(w, 9)}<div class='ar'><h1>{e(a.title)}</h1><div class='ar-b'>{body}</div></div><div class='ft'><p>{e(w.rights)}</p></div></body></html>"


LAYOUTS: dict[Layout, str] = {
    magazine_in_chapters: "en es",
    first_post_of_a_thread: "en uk",
    briefs_of_the_day: "en fr",
    pictures_tell_the_story: "en de",
    text_hidden_behind_an_offer: "en he",
    letter_in_tables: "en uk",
    paragraphs_as_headings: "en ar",
    data_in_a_string: "en es",
    banner_with_a_long_lead: "en uk",
    stories_of_a_ticker: "en de",
    rest_for_members: "en fr",
    answers_to_questions: "en ar",
    data_in_pushed_pieces: "en he",
    boxes_with_linked_headlines: "en es",
}
