"""Page layouts of news sites, for tests of cleaning.

Each function takes an article ``a`` (``title``, ``summary``, ``paragraphs``, ``published``, ``source``) and other
articles, and returns a page with the article and with teasers of the others. Class names never say what an element
is: some pages have none, and some have the hashes of a style compiler. Every text outside the article is in
``FOREIGN`` or in a teaser.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape as e
from typing import Any

Article = dict[str, Any]
Layout = Callable[[Article, Sequence[Article]], str]

COMMENTS = (
    "I read that 300 people were killed in Lviv yesterday, nobody talks about it!",
    "My cousin in Odesa says at least 40 dead, the numbers are wrong.",
)
COOKIES = "We and our 731 partners store cookies on your device. You can change your choices at any time."
FOREIGN = (*COMMENTS, COOKIES, "ADVERTISEMENT", "Share on Facebook", "Sign up for our evening briefing")


def _head(a: Article, more: str = "") -> str:
    return f"<head><meta charset='utf-8'><title>{e(a['title'])} - {e(a['source'])}</title>{more}</head>"


def _ps(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>{e(p)}</p>" for p in paragraphs)


def hashed_classes(a: Article, others: Sequence[Article]) -> str:
    """Class names are hashes of a style compiler. Cards are between the paragraphs; comments have no heading."""
    cards = "".join(
        f"<div class='css-9k2'><a href='/n/{i}'><h3 class='css-1a'>{e(o['title'])}</h3></a>"
        f"<p class='css-7p'>{e(o['summary'])}</p></div>"
        for i, o in enumerate(others)
    )
    half = len(a["paragraphs"]) // 2
    said = "".join(
        f"<div class='css-cm'><span class='css-u'>user{i}</span><span>3 hours ago</span><p>{c}</p>"
        "<button>Reply</button><button>Like</button></div>"
        for i, c in enumerate(COMMENTS)
    )
    return (
        f"<html>{_head(a)}<body><div class='css-0'><div class='css-nav'><a href='/'>Home</a><a href='/w'>World</a></div>"
        f"<div class='css-5'><h1>{e(a['title'])}</h1><div class='css-6'>{_ps(a['paragraphs'][:half])}"
        f"<div class='css-8'>{cards}</div>{_ps(a['paragraphs'][half:])}</div></div>"
        f"<div class='css-cc'>{said}</div><div class='css-ck'><p>{COOKIES}</p><button>Accept</button>"
        "<button>Reject all</button></div></div></body></html>"
    )


def line_breaks(a: Article, others: Sequence[Article]) -> str:
    """An old system: tables for everything, and one block whose paragraphs are separated by line breaks."""
    links = "".join(
        f"<tr><td>&bull; <a href='/{i}.htm'>{e(o['title'])}</a></td></tr>" for i, o in enumerate(others)
    )
    return (
        f"<html>{_head(a)}<body bgcolor='#fff'><table><tr><td width='150'><a href='/'>Home</a><br><a href='/s'>Sport</a></td>"
        f"<td><font size='5'><b>{e(a['title'])}</b></font><br><br>{'<br><br>'.join(e(p) for p in a['paragraphs'])}"
        f"<br><br><b>Other stories:</b><table>{links}</table></td></tr></table>"
        f"<table><tr><td><b>Readers write</b></td></tr>{''.join(f'<tr><td>{c}</td></tr>' for c in COMMENTS)}</table></body></html>"
    )


def sections(a: Article, others: Sequence[Article]) -> str:
    """Each paragraph is in a separate block. Teasers and advertisements are in blocks of the same kind."""
    blocks = [f"<section><div><p>{e(p)}</p></div></section>" for p in a["paragraphs"]]
    for i, o in enumerate(others[:2]):
        card = f"<section><div><p>READ MORE</p><p><a href='/x{i}'>{e(o['title'])}</a></p></div></section>"
        blocks.insert(min(len(blocks), 2 * i + 1), card)
    blocks.insert(1, "<section><div><span>ADVERTISEMENT</span></div></section>")
    return (
        f"<html>{_head(a)}<body><main><header><h1>{e(a['title'])}</h1><p>By Olha Petrenko</p><p>4 min read</p></header>"
        f"{''.join(blocks)}<section><h2>You might like</h2>"
        + "".join(
            f"<div><a href='/y{i}'><img src='i.jpg' alt=''>{e(o['title'])}</a><span>{e(o['summary'])}</span></div>"
            for i, o in enumerate(others)
        )
        + "</section></main></body></html>"
    )


def next_story(a: Article, others: Sequence[Article]) -> str:
    """The whole next story follows on the page, in another ``article`` element."""
    o = others[0]
    return (
        f"<html>{_head(a)}<body><article><h1>{e(a['title'])}</h1><div>{_ps(a['paragraphs'])}</div>"
        f"<p>Sign up for our evening briefing</p></article><hr><article><h1>{e(o['title'])}</h1>"
        f"<div><p>{e(o['summary'])}</p>{_ps(o['paragraphs'][:4])}</div></article></body></html>"
    )


def linked_lists(a: Article, others: Sequence[Article]) -> str:
    """The text has pointers to other articles in many forms, and links inside sentences that must be kept."""
    first, *rest = a["paragraphs"]
    words = first.split(" ")
    lead = f"<p>{e(' '.join(words[:3]))} <a href='/t/place'>{e(' '.join(words[3:6]))}</a> {e(' '.join(words[6:]))}</p>"
    point = [
        f"<p>&gt;&gt; <a href='/r1'>{e(others[0]['title'])}</a></p>",
        f"<p><strong>On the same topic:</strong> <a href='/r2'>{e(others[1]['title'])}</a></p>",
        f"<ul><li><a href='/r3'>{e(others[2]['title'])}</a></li><li><a href='/r4'>{e(others[0]['title'])}</a></li></ul>",
        f"<blockquote><p><a href='/r5'>{e(others[1]['title'])}</a></p></blockquote>",
    ]
    body = [lead]
    for n, p in enumerate(rest):
        body.append(f"<p>{e(p)}</p>")
        if n < len(point):
            body.append(point[n])
    return (
        f"<html>{_head(a)}<body><div id='w'><div id='c'><h1>{e(a['title'])}</h1>{''.join(body)}"
        "<div><a href='#'>Share on Facebook</a> <a href='#'>Telegram</a> <a href='#'>WhatsApp</a></div></div></div></body></html>"
    )


def bare_divs(a: Article, others: Sequence[Article]) -> str:
    """Only ``div`` elements without classes. The sidebar comes first."""
    side = "".join(
        f"<div><div>{i + 1}</div><div><a href='/p{i}'>{e(o['title'])}</a></div></div>"
        for i, o in enumerate(others)
    )
    return (
        f"<html>{_head(a)}<body><div><div><div>Popular now</div>{side}</div><div><h1>{e(a['title'])}</h1>"
        f"<div>{e(a['published'][:10])}</div>{''.join(f'<div>{e(p)}</div>' for p in a['paragraphs'])}"
        f"<div>Tags: <a href='/t1'>war</a> <a href='/t2'>drones</a></div></div></div>"
        f"<div><div>{len(COMMENTS)} comments</div>{''.join(f'<div><div>{c}</div></div>' for c in COMMENTS)}</div></body></html>"
    )


def newspaper(a: Article, others: Sequence[Article]) -> str:
    """A large newspaper: JSON-LD, a figure with a caption, a newsletter box, comments, and most read articles."""
    ld = json.dumps({"@type": "NewsArticle", "headline": a["title"], "datePublished": a["published"]})
    figure = "<figure><img src='1.jpg'><figcaption>Rescuers at the scene. Photo: State Emergency Service / Handout</figcaption></figure>"
    rel = "".join(
        f"<li><article><h3><a href='/m{i}'>{e(o['title'])}</a></h3><p>{e(o['summary'])}</p></article></li>"
        for i, o in enumerate(others)
    )
    said = "".join(
        f"<li><div><b>Reader {i}</b> <time>2 h</time></div><div><p>{c}</p></div><a href='#r'>Reply</a></li>"
        for i, c in enumerate(COMMENTS)
    )
    half = max(1, len(a["paragraphs"]) // 2)
    return (
        f"<!doctype html><html lang='en'>{_head(a, f'<script type=application/ld+json>{ld}</script>')}<body><header><nav><a href='/'>News</a></nav></header>"
        f"<main><article><header><h1>{e(a['title'])}</h1></header>{figure}<div>{_ps(a['paragraphs'][:half])}</div>"
        f"<div><h4>Stay informed</h4><p>Sign up for our evening briefing</p><form><input name='mail'><button>Go</button></form></div>"
        f"<div>{_ps(a['paragraphs'][half:])}</div></article><section><h2>Most read</h2><ol>{rel}</ol></section>"
        f"<section><h2>Have your say</h2><ul>{said}</ul></section></main></body></html>"
    )


def custom_elements(a: Article, others: Sequence[Article]) -> str:
    """The site has custom elements. Each recommendation is a link that contains the summary."""
    rel = "".join(
        f"<card-item><a href='/k{i}'><span>{e(o['title'])}</span><span>{e(o['summary'])}</span></a></card-item>"
        for i, o in enumerate(others)
    )
    return (
        f"<html>{_head(a)}<body><site-header><a href='/'>Front</a></site-header><story-page><h1>{e(a['title'])}</h1>"
        f"<story-body>{_ps(a['paragraphs'])}</story-body><card-list><h2>Recommended for you</h2>{rel}</card-list></story-page>"
        f"<talk-box><h2>Conversation</h2>{''.join(f'<talk-item><p>{c}</p></talk-item>' for c in COMMENTS)}</talk-box></body></html>"
    )


def trailing_teasers(a: Article, others: Sequence[Article]) -> str:
    """Teasers follow the last paragraph in the container of the article. Only one word of each is a link."""
    rel = "".join(
        f"<h4>{e(o['title'])}</h4><p>{e(o['summary'])} <a href='/z{i}'>More &raquo;</a></p>"
        for i, o in enumerate(others)
    )
    return (
        f"<html>{_head(a)}<body><div class='a'><h1>{e(a['title'])}</h1><div class='b'>{_ps(a['paragraphs'])}"
        f"<h3>Also in the news</h3>{rel}</div></div><div class='z'><p>{COOKIES}</p><a>OK</a></div></body></html>"
    )


def live_blog(a: Article, others: Sequence[Article]) -> str:
    """A live blog: posts with times. The first post is the article."""
    posts = "".join(
        f"<div><time>{10 - i}:1{i}</time><h2>{e(o['title'])}</h2><p>{e(o['summary'])}</p></div>"
        for i, o in enumerate(others)
    )
    return (
        f"<html>{_head(a)}<body><main><h1>{e(a['title'])}</h1><div><div><time>11:40</time><h2>{e(a['title'])}</h2>"
        f"{_ps(a['paragraphs'])}</div>{posts}</div></main></body></html>"
    )


def silent_comments(a: Article, others: Sequence[Article]) -> str:
    """Comments have no heading and no buttons. Names of social networks are plain text. A ticker is at the top."""
    ticker = " +++ ".join(f"<a href='/l{i}'>{e(o['title'])}</a>" for i, o in enumerate(others))
    return (
        f"<html>{_head(a)}<body><div class='q1'>{ticker}</div><div class='q2'><h1>{e(a['title'])}</h1>"
        f"<div class='q3'><span>{e(a['source'])}</span> | <span>{a['published'][:10]}</span></div>"
        f"<div class='q4'>{_ps(a['paragraphs'])}<div>Share: Facebook X Telegram WhatsApp</div></div></div>"
        f"<div class='q5'>{''.join(f'<div><p>{c}</p></div>' for c in COMMENTS)}</div></body></html>"
    )


def spans(a: Article, others: Sequence[Article]) -> str:
    """Paragraphs are blocks of spans with a styled first letter. Bars separate the related links."""

    def block(p: str) -> str:
        return f"<div class='x'><span class='y'><b>{e(p[:1])}</b>{e(p[1:])}</span></div>"

    bars = " | ".join(f"<a href='/{i}'>{e(o['title'])}</a>" for i, o in enumerate(others))
    return (
        f"<html>{_head(a)}<body><div class='h'><div class='t'>{e(a['title'])}</div></div><div class='m'>"
        f"{''.join(map(block, a['paragraphs']))}<div class='x'>{bars}</div></div>"
        f"<div class='n'><div>{COOKIES}</div><a href='#'>Agree</a></div></body></html>"
    )


def definition_list(a: Article, others: Sequence[Article]) -> str:
    """Related stories are a definition list. A quote belongs to the article."""
    paragraphs = a["paragraphs"]
    quote = f"<blockquote><p>{e(paragraphs[-1])}</p></blockquote>"
    rel = "".join(
        f"<dt><a href='/d{i}'>{e(o['title'])}</a></dt><dd>{e(o['summary'])}</dd>"
        for i, o in enumerate(others)
    )
    return (
        f"<html>{_head(a)}<body><div role='main'><h1>{e(a['title'])}</h1>{_ps(paragraphs[:-1])}{quote}"
        f"<dl>{rel}</dl></div><details><summary>Show {len(COMMENTS)} comments</summary>{_ps(COMMENTS)}</details></body></html>"
    )


def cards_without_links(a: Article, others: Sequence[Article]) -> str:
    """Cards that a script opens: headline and summary without a link, under a heading."""
    rel = "".join(
        f"<div class='k' data-href='/c{i}'><div class='kt'>{e(o['title'])}</div><div class='ks'>{e(o['summary'])}</div></div>"
        for i, o in enumerate(others)
    )
    return (
        f"<html>{_head(a)}<body><div class='p'><h1>{e(a['title'])}</h1><div class='r'>{_ps(a['paragraphs'])}</div>"
        f"<div class='g'><div class='gh'>Top stories</div><div class='gl'>{rel}</div></div></div></body></html>"
    )


def next_story_in_divs(a: Article, others: Sequence[Article]) -> str:
    """The next story follows under a heading of the first level, in the same element."""
    o = others[0]
    return (
        f"<html>{_head(a)}<body><div><h1>{e(a['title'])}</h1>{_ps(a['paragraphs'])}<div>Next story</div>"
        f"<h1>{e(o['title'])}</h1>{_ps(o['paragraphs'][:3])}</div></body></html>"
    )


def numbered_sidebar(a: Article, others: Sequence[Article]) -> str:
    """A ranking comes before the article. A box inside it has picture, kicker, headline and summary."""
    rank = "".join(
        f"<li><span>{i + 1}.</span> <a href='/n{i}'><b>Ukraine</b> {e(o['title'])}</a> <small>{i + 2} h ago</small></li>"
        for i, o in enumerate(others)
    )
    o = others[1]
    box = f"<div class='j8'><a href='/b'><img src='b.jpg'></a><div><span>Analysis</span><a href='/b'>{e(o['title'])}</a><p>{e(o['summary'])}</p></div></div>"
    half = max(1, len(a["paragraphs"]) // 2)
    return (
        f"<html>{_head(a)}<body><div class='j1'><ol>{rank}</ol></div><div class='j2'><h1>{e(a['title'])}</h1><h2>{e(a['source'])} reports</h2>"
        f"{_ps(a['paragraphs'][:half])}{box}{_ps(a['paragraphs'][half:])}</div></body></html>"
    )


def accelerated(a: Article, others: Sequence[Article]) -> str:
    """An AMP page for phones: special elements, and a consent box before the article."""
    rel = "".join(
        f"<div role='listitem'><a href='/a{i}'><amp-img src='x'></amp-img><div>{e(o['title'])}</div></a><div>{e(o['summary'])}</div></div>"
        for i, o in enumerate(others)
    )
    return (
        f"<html amp>{_head(a)}<body><amp-sidebar><ul><li><a href='/'>World</a></li></ul></amp-sidebar>"
        f"<amp-consent><div><p>{COOKIES}</p><button>Accept all</button></div></amp-consent>"
        f"<article class='z0'><header><h1>{e(a['title'])}</h1></header><div class='z1'>{_ps(a['paragraphs'])}</div></article>"
        f"<amp-list><div role='list'>{rel}</div></amp-list><section class='z9'><h3>{len(COMMENTS)} comments</h3>"
        f"{''.join(f'<div><p>{c}</p></div>' for c in COMMENTS)}</section></body></html>"
    )


def blog(a: Article, others: Sequence[Article]) -> str:
    """A blog: a headline of the second level, links to the previous and next post, and comments."""
    said = "".join(
        f"<li><div>Reader {i} says:</div><p>{c}</p><a href='#'>Reply</a></li>" for i, c in enumerate(COMMENTS)
    )
    return (
        f"<html>{_head(a)}<body><div id='x'><div class='e'><h2>{e(a['title'])}</h2><div class='m'>Posted on April 4, 2025 by admin</div>"
        f"<div class='t'>{_ps(a['paragraphs'])}</div><div class='pn'><span>Previous: <a href='/p'>{e(others[0]['title'])}</a></span>"
        f"<span>Next: <a href='/n'>{e(others[1]['title'])}</a></span></div></div>"
        f"<h3>{len(COMMENTS)} thoughts on &ldquo;{e(a['title'])}&rdquo;</h3><ol>{said}</ol></div></body></html>"
    )


def single_breaks(a: Article, others: Sequence[Article]) -> str:
    """Single line breaks separate paragraphs, and pointers too."""
    links = "<br>".join(f"<a href='/{i}'>{e(o['title'])}</a>" for i, o in enumerate(others))
    return (
        f"<html>{_head(a)}<body><div><h1>{e(a['title'])}</h1><div>{'<br>'.join(e(p) for p in a['paragraphs'])}</div>"
        f"<div><b>READ ALSO</b><br>{links}</div></div><div><p>{COOKIES}</p></div></body></html>"
    )


def cards_as_articles(a: Article, others: Sequence[Article]) -> str:
    """Teasers are ``article`` elements without links."""
    rel = "".join(
        f"<article class='q'><h2>{e(o['title'])}</h2><p>{e(o['summary'])}</p></article>" for o in others
    )
    return (
        f"<html>{_head(a)}<body><main><article class='p'><h1>{e(a['title'])}</h1>{_ps(a['paragraphs'])}</article>"
        f"<div>{rel}</div></main></body></html>"
    )


def plain_pointers(a: Article, others: Sequence[Article]) -> str:
    """Pointers begin in capitals. One of them is not a link."""
    body = [f"<p>{e(p)}</p>" for p in a["paragraphs"]]
    body.insert(1, f"<p><em>READ ALSO: {e(others[0]['title'])}</em></p>")
    body.insert(3, f"<p><strong>SEE MORE: </strong><a href='/x'>{e(others[1]['title'])}</a></p>")
    return f"<html>{_head(a)}<body><div class='c1'><div class='c2'><h1>{e(a['title'])}</h1>{''.join(body)}</div></div></body></html>"


def dek_and_feed(a: Article, others: Sequence[Article]) -> str:
    """The summary is in bold before the article. Beside it are headlines with times, below it comments in blocks."""
    rel = "".join(
        f"<li><span>12:0{i}</span> <a href='/{i}'>{e(o['title'])}</a></li>" for i, o in enumerate(others)
    )
    return (
        f"<html>{_head(a)}<body><div class='w'><div class='l'><h3>News feed</h3><ul>{rel}</ul></div><div class='m'><h1>{e(a['title'])}</h1>"
        f"<p class='x'><b>{e(a['summary'])}</b></p>{_ps(a['paragraphs'])}<p>ADVERTISEMENT</p></div></div>"
        f"<div class='f'>Comments ({len(COMMENTS)}){''.join(f'<div>{c}</div>' for c in COMMENTS)}</div></body></html>"
    )


def all_in_one(a: Article, others: Sequence[Article]) -> str:
    """Everything is in the container of the article: a consent text, comments with buttons, and a row of links."""
    said = "".join(f"<div class='r'><p>{c}</p><span>Reply</span> <span>Report</span></div>" for c in COMMENTS)
    bars = " / ".join(
        f"<a href='/{i}'>{e(' '.join(o['title'].split()[:3]))}</a>" for i, o in enumerate(others)
    )
    return (
        f"<html>{_head(a)}<body><div class='one'><p>{COOKIES} <a href='#'>Accept</a></p><h1>{e(a['title'])}</h1>"
        f"{_ps(a['paragraphs'])}<p>{bars}</p>{said}</div></body></html>"
    )


LAYOUTS: dict[str, Layout] = {
    f.__name__: f
    for f in (
        hashed_classes, line_breaks, sections, next_story, linked_lists, bare_divs, newspaper,
        custom_elements, trailing_teasers, live_blog, silent_comments, spans, definition_list,
        cards_without_links, next_story_in_divs, numbered_sidebar, accelerated, blog, single_breaks,
        cards_as_articles, plain_pointers, dek_and_feed, all_in_one,
    )
}  # fmt: skip
