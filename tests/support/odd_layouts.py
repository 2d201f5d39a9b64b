"""Page layouts in further manners: live posts, cards, cells, cookie walls, data for scripts, galleries, timelines.

Each function takes a story, three other stories and the site's words, and returns a page. Cleaning was tuned on
these and on ``short_story_layouts``; those of ``odd_layouts_held_out`` were only measured.
"""

from __future__ import annotations

import json
from html import escape as e

from cms_articles import Layout, Story, Words
from cms_layouts import head, menu, ps


def links(others: list[Story], tag: str = "li") -> str:
    return "".join(f"<{tag}><a href='/n/{i}'>{e(o.title)}</a></{tag}>" for i, o in enumerate(others))


def live_ticker(a: Story, others: list[Story], w: Words) -> str:
    """Posts with headings, newest first; between them a picture with a caption and a card of another story."""
    posts = [
        f"<div class='tk-i' data-id='{i}'><div class='tk-h'><b>{20 - i}.1{i}</b><button>{w.share}</button></div>"
        f"<div class='tk-b'><p>{e(p)}</p></div></div>"
        for i, p in enumerate(a.paragraphs)
    ]
    posts.insert(
        1,
        f"<div class='tk-i'><div class='tk-b'><img src='x.jpg'><div class='tk-c'>{e(w.photo)}</div></div></div>",
    )
    posts.insert(
        2,
        f"<div class='tk-i'><a class='tk-l' href='/n/1'><b>{e(others[0].title)}</b><span>{e(others[0].summary)}</span></a></div>",
    )
    return (
        f"{head(a, w)}<body>{menu(w, 12, 'div')}<div class='tk'><div class='tk-t'><h1>{e(a.title)}</h1></div><div class='tk-f'>{''.join(posts)}</div>"
        f"<div class='tk-n'><form><p>{e(w.newsletter)}</p><input type='email'></form></div></div><div class='tk-r'><h3>{w.most}</h3><ol>{links(others)}</ol></div><div class='ft'>{e(w.rights)}</div></body></html>"
    )


def spans_and_breaks(a: Story, others: list[Story], w: Words) -> str:
    """Paragraphs are spans between line breaks, as a word processor writes them; notes follow in the same manner."""
    text = "<br><br>".join(
        f"<span style='font-size:16px'><span style='color:#111'>{e(p)}</span></span>" for p in a.paragraphs
    )
    return (
        f"{head(a, w)}<body><div id='w'><div id='m'>{menu(w, 16, 'div')}</div><div id='c'><span class='big'>{e(a.title)}</span><br><img src='p.jpg'><br><small><i>{e(w.photo)}</i></small><br><br>{text}<br><br>"
        f"<b>{w.related}</b><br>{'<br>'.join(f'<a href=/n/{i}>{e(o.title)}</a>' for i, o in enumerate(others))}<br><br><span style='font-size:11px'>{e(w.newsletter)}</span></div><div id='f'>{e(w.rights)}</div></div></body></html>"
    )


def lead_outside_the_article(a: Story, others: list[Story], w: Words) -> str:
    """Headline and first paragraph are in a banner over the picture; the ``article`` element holds the rest."""
    return (
        f"{head(a, w)}<body><header>{menu(w)}</header><div class='hero'><img src='h.jpg'><div class='hero__in'><h1>{e(a.title)}</h1><div class='hero__lead'>{e(a.paragraphs[0])}</div></div><span class='hero__cap'>{e(w.photo)}</span></div>"
        f"<div class='grid'><article>{ps(a.paragraphs[1:])}</article><div class='rail'><h3>{w.most}</h3><ul>{links(others)}</ul><div class='rail__nl'>{e(w.newsletter)}</div></div></div>"
        f"<div class='who'><p>{e(w.author)}</p></div><footer><p>{e(w.rights)}</p></footer></body></html>"
    )


def amp_with_sections(a: Story, others: list[Story], w: Words) -> str:
    """An AMP page whose text is in sections that open; a carousel of other stories is among them."""
    half = max(1, len(a.paragraphs) // 2)
    slides = "".join(
        f"<div class='slide'><amp-img src='{i}.jpg'></amp-img><a href='/n/{i}'>{e(o.title)}</a><span>{e(o.summary)}</span></div>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><amp-sidebar id='s'>{menu(w, 20, 'div')}</amp-sidebar><div class='hd'><a href='/'>{w.home}</a></div><h1 class='ttl'>{e(a.title)}</h1><amp-img src='h.jpg'></amp-img><p class='cpt'>{e(w.photo)}</p>"
        f"<amp-accordion><section expanded><h2>1</h2><div>{ps(a.paragraphs[:half])}</div></section><section><h2>{w.related}</h2><amp-carousel>{slides}</amp-carousel></section><section expanded><h2>2</h2><div>{ps(a.paragraphs[half:])}</div></section></amp-accordion>"
        f"<amp-user-notification><p>{e(w.newsletter)}</p><button>OK</button></amp-user-notification><div class='ft'><p>{e(w.rights)}</p></div></body></html>"
    )


def portal_of_other_scripts(a: Story, others: list[Story], w: Words) -> str:
    """Paragraphs are indented with wide blanks inside one block; an editor's line and a list of stories follow."""
    text = "".join(f"<div>\u3000\u3000{e(p)}</div>" for p in a.paragraphs)
    return (
        f"{head(a, w)}<body><div class='channel'>{menu(w, 14, 'div')}</div><div class='main-title'>{e(a.title)}</div><div class='date-source'><span>2025-04-04 09:12</span><a href='/'>{w.home}</a></div>"
        f"<div class='art' id='artibody'><div class='img_wrapper'><img src='a.jpg'><span>{e(w.photo)}</span></div>{text}<div class='editor'>({w.world}: R. Key)</div></div><div class='keywords'>{w.tags}: <a href='/t'>{w.world}</a></div>"
        f"<div class='qr'><p>{e(w.newsletter)}</p></div><div class='hot'><h2>{w.most}</h2><ul>{links(others)}</ul></div><div class='cmnt'><h3>{w.comments}</h3><div>{w.comment}</div></div><div class='copy'>{e(w.rights)}</div></body></html>"
    )


def gallery_between_paragraphs(a: Story, others: list[Story], w: Words) -> str:
    """Pictures stand between the paragraphs, each with its caption in a paragraph."""
    shots = [
        f"<div class='ph'><a href='/g/{i}'><img src='{i}.jpg'></a><p>{i + 1}/9 {e(w.photo)}</p></div>"
        for i in range(3)
    ]
    body = "".join(f"<p>{e(p)}</p>{shots[i] if i < 3 else ''}" for i, p in enumerate(a.paragraphs))
    return (
        f"{head(a, w)}<body>{menu(w)}<section class='g'><h1>{e(a.title)}</h1><div class='g-b'>{body}</div><div class='g-s'><h4>{w.tags}</h4><a href='/t'>{w.world}</a></div></section>"
        f"<section class='g-m'><h2>{w.related}</h2>"
        + "".join(
            f"<div class='g-c'><a href='/n/{i}'><img src='{i}.jpg'><b>{e(o.title)}</b></a><p>{e(o.summary)}</p></div>"
            for i, o in enumerate(others)
        )
        + f"</section><p class='legal'>{e(w.rights)}</p></body></html>"
    )


def custom_elements(a: Story, others: list[Story], w: Words) -> str:
    """Every part is an element of the site's own, also the paragraphs."""
    text = "".join(f"<news-par>{e(p)}</news-par>" for p in a.paragraphs)
    cards = "".join(
        f"<news-card><a href='/n/{i}'><news-kicker>{e(o.title)}</news-kicker></a><news-dek>{e(o.summary)}</news-dek></news-card>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><news-top>{menu(w, 10, 'div')}</news-top><news-story><h1>{e(a.title)}</h1><news-image><img src='c.jpg'><news-caption>{e(w.photo)}</news-caption></news-image><news-body>{text}</news-body></news-story>"
        f"<news-promo>{e(w.newsletter)}</news-promo><news-list><h2>{w.related}</h2>{cards}</news-list><news-foot>{e(w.rights)}</news-foot></body></html>"
    )


def data_that_a_script_assigns(a: Story, others: list[Story], w: Words) -> str:
    """The page is empty but for its headline; the text is in an object that a script assigns."""
    state = {
        "nav": [{"title": f"{w.world} {i}", "url": f"/s/{i}"} for i in range(20)],
        "entities": {
            "article": {
                "17": {
                    "id": 17,
                    "title": a.title,
                    "content": [{"kind": "text", "html": f"<p>{e(p)}</p>"} for p in a.paragraphs],
                    "image": {"caption": w.photo},
                }
            },
            "teasers": [
                {"title": o.title, "text": o.summary, "url": f"/n/{i}"} for i, o in enumerate(others)
            ],
        },
        "strings": {"newsletter": w.newsletter, "rights": w.rights},
    }
    return (
        f"{head(a, w)}<body><div id='app'><h1>{e(a.title)}</h1><div class='spinner'></div></div><noscript>{w.home}</noscript>"
        f"<script>window.__APP_STATE__ = {json.dumps(state, ensure_ascii=False)};</script><script src='/app.js'></script></body></html>"
    )


def hashed_blocks(a: Story, others: list[Story], w: Words) -> str:
    """Every block has a class of its own, which a style compiler made; so have the boxes of other stories."""
    blocks = [
        f"<div class='c{i}x{i * 7 % 5}'><div class='i{i * 3}'>{e(p)}</div></div>"
        for i, p in enumerate(a.paragraphs)
    ]
    blocks.insert(
        2,
        f"<div class='c77'><div class='i77'><a href='/n/1'><div class='u1'>{e(others[1].title)}</div><div class='u2'>{e(others[1].summary)}</div></a></div></div>",
    )
    return (
        f"{head(a, w)}<body><div class='p0'>{menu(w, 9, 'div')}</div><div class='p1'><div class='h7'><h1 class='h8'>{e(a.title)}</h1></div><div class='m2'><img src='a.jpg'><div class='m3'>{e(w.photo)}</div></div>{''.join(blocks)}"
        f"<div class='c90'><div class='i90'>{e(w.newsletter)}</div></div></div><div class='p9'><div class='r1'>{w.most}</div>{links(others, 'div')}</div><div class='z'>{e(w.rights)}</div></body></html>"
    )


def other_story_in_a_box(a: Story, others: list[Story], w: Words) -> str:
    """A box between the paragraphs tells another story in two paragraphs under a headline of its own."""
    box = f"<div class='kasten'><h4>{e(others[0].title)}</h4>{ps(others[0].paragraphs[:2])}<a href='/n/0'>{w.related}</a></div>"
    body = "".join(f"<p>{e(p)}</p>{box if i == 0 else ''}" for i, p in enumerate(a.paragraphs))
    return (
        f"{head(a, w)}<body>{menu(w)}<div class='seite'><h1>{e(a.title)}</h1><div class='bild'><img src='k.jpg'><span class='bildtext'>{e(w.photo)}</span></div><div class='fliess'>{body}</div></div>"
        f"<div class='unten'><p>{e(w.rights)}</p></div></body></html>"
    )


def page_in_a_form(a: Story, others: list[Story], w: Words) -> str:
    """The whole page is one form, as an old framework writes it; the text is in a span with line breaks."""
    return (
        f"{head(a, w)}<body><form method='post' action='./news.aspx' id='aspnetForm'><input type='hidden' name='__VIEWSTATE' value='x'><div id='ctl00_menu'>{menu(w, 11, 'div')}</div><div id='ctl00_search'><input type='text'><input type='submit' value='OK'></div>"
        f"<div id='ctl00_main'><span id='ctl00_lblTitle'>{e(a.title)}</span><br /><span id='ctl00_lblDate'>4.4.2025</span><br /><img id='ctl00_img' src='i.jpg' /><span id='ctl00_lblAlt'>{e(w.photo)}</span><div id='ctl00_body'>{'<br /><br />'.join(e(p) for p in a.paragraphs)}</div></div>"
        f"<table id='ctl00_grid'>{''.join(f'<tr><td><a href=n{i}.aspx>{e(o.title)}</a></td></tr>' for i, o in enumerate(others))}</table><div id='ctl00_foot'>{e(w.rights)}</div></form></body></html>"
    )


def next_story_below(a: Story, others: list[Story], w: Words) -> str:
    """An endless page: the next story follows whole, in the same markup, with a heading of the second level."""
    story = f"<section class='s'><h2><a href='/n/0'>{e(others[0].title)}</a></h2><div class='d'><time datetime='2025-04-03'>3 Apr 2025</time></div><div class='t'>{ps(others[0].paragraphs)}</div></section>"
    return (
        f"{head(a, w)}<body>{menu(w)}<section class='s'><h2>{e(a.title)}</h2><div class='d'><time datetime='2025-04-04'>4 Apr 2025</time></div><div class='t'>{ps(a.paragraphs)}</div></section>{story}"
        f"<div class='f'>{e(w.rights)}</div></body></html>"
    )


def list_of_facts_first(a: Story, others: list[Story], w: Words) -> str:
    """The first two paragraphs are a list of what is known; the others follow under it."""
    facts = "".join(f"<li>{e(p)}</li>" for p in a.paragraphs[:2])
    return (
        f"{head(a, w)}<body>{menu(w)}<div class='o'><h1>{e(a.title)}</h1><ul class='facts'>{facts}</ul><div class='pic'><img src='a.jpg'><p>{e(w.photo)}</p></div>{ps(a.paragraphs[2:])}"
        f"<ul class='more'>{links(others)}</ul></div><div class='nl'><p>{e(w.newsletter)}</p></div><div class='f'><p>{e(w.rights)}</p></div></body></html>"
    )


def article_among_cards(a: Story, others: list[Story], w: Words) -> str:
    """A stream of cards of which one is open and holds the whole article; its headline is no link."""
    cards = [
        f"<div class='card'><img src='{i}.jpg'><h2><a href='/n/{i}'>{e(o.title)}</a></h2><p>{e(o.summary)}</p><span>4 h</span></div>"
        for i, o in enumerate(others)
    ]
    cards.insert(
        1,
        f"<div class='card card--open'><img src='o.jpg'><div class='cap'>{e(w.photo)}</div><h2>{e(a.title)}</h2>{ps(a.paragraphs)}<div class='act'><a href='#'>{w.share}</a><a href='#c'>{w.comments}</a></div></div>",
    )
    return (
        f"{head(a, w)}<body><div class='top'>{menu(w, 8)}</div><div class='stream'>{''.join(cards)}</div>"
        f"<div class='nl'><p>{e(w.newsletter)}</p></div><div class='bottom'><p>{e(w.rights)}</p></div></body></html>"
    )


def rows_of_a_table(a: Story, others: list[Story], w: Words) -> str:
    """Each paragraph is in a row of its own; the cells beside it hold pictures, captions and links."""
    rows = ""
    for i, p in enumerate(a.paragraphs):
        beside = (
            f"<img src='a.jpg'><br><font size='1'>{e(w.photo)}</font>"
            if i == 0
            else f"<font size='1'><a href='/n/{i}'>{e(others[i % 3].title)}</a></font>"
        )
        rows += f"<tr><td width='70%' valign='top'>{e(p)}</td><td bgcolor='#eee'>{beside}</td></tr>"
    return (
        f"{head(a, w)}<body><table width='900'><tr><td colspan='2'><table><tr>{''.join(f'<td><a href=/s/{i}>{w.world} {i}</a></td>' for i in range(8))}</tr></table></td></tr>"
        f"<tr><td colspan='2'><font size='6'>{e(a.title)}</font></td></tr>{rows}<tr><td colspan='2'><font size='1'>{e(w.newsletter)}</font></td></tr><tr><td colspan='2' align='center'><font size='1'>{e(w.rights)}</font></td></tr></table></body></html>"
    )


_CONSENT = (
    "We and our 812 partners use technologies such as cookies to store and access personal data on your device, for instance your browsing behaviour.",
    "We do this to measure advertising and content, to learn about audiences, and to develop and improve services for everyone who visits the site.",
    "With your consent we may use precise location data and identify your device by scanning it; you may refuse or change your choices at any time.",
    "Some partners do not ask for your consent and rely on their legitimate business interest instead; you may object to this in the settings below.",
)


def cookie_wall_before_the_text(a: Story, others: list[Story], w: Words) -> str:
    """A long request for consent stands before the article, which lies whole behind it."""
    partners = "".join(f"<li><label><input type='checkbox'> Partner {i}</label></li>" for i in range(40))
    return (
        f"{head(a, w)}<body class='locked'><div role='dialog' class='cmp'><div class='cmp-in'><h2>Your choices</h2>{ps(_CONSENT)}<ul>{partners}</ul><div><button>Accept</button><button>Reject</button></div></div></div>"
        f"<div class='behind' aria-hidden='true'>{menu(w, 14)}<div class='txt'><h1>{e(a.title)}</h1><img src='a.jpg'><p class='imgtxt'>{e(w.photo)}</p><div>{ps(a.paragraphs)}</div><div class='mehr'><h3>{w.related}</h3><ul>{links(others)}</ul></div></div><div class='fuss'>{e(w.rights)}</div></div></body></html>"
    )


def quotes_and_boxes_inside(a: Story, others: list[Story], w: Words) -> str:
    """Pull quotes repeat the text; boxes lead to other stories, one in a list, one in a block, one with a picture."""
    boxes = [
        f"<div class='b-alt'><span>{w.related}</span><a href='/n/0'>{e(others[0].title)}</a><em>{e(others[0].summary)}</em></div>",
        f"<blockquote class='pq'><span>{e(a.paragraphs[0])}</span></blockquote>",
        f"<ul class='see'><li><a href='/n/1'>{e(others[1].title)}</a></li><li><a href='/n/2'>{e(others[2].title)}</a></li></ul>",
        f"<div class='b-img'><a href='/n/2'><img src='2.jpg'></a><div><a href='/n/2'>{e(others[2].title)}</a><p>{e(others[2].summary)}</p></div></div>",
    ]
    body = "".join(f"<p>{e(p)}</p>{boxes[i] if i < len(boxes) else ''}" for i, p in enumerate(a.paragraphs))
    return (
        f"{head(a, w)}<body>{menu(w)}<div class='st'><h1>{e(a.title)}</h1><div class='st-b'>{body}</div><div class='st-n'>{e(w.newsletter)}</div><div class='st-a'><img src='k.jpg'><div>R. Key</div><div>{e(w.author)}</div></div></div>"
        f"<div class='foot'>{e(w.rights)}</div></body></html>"
    )


def timeline_of_the_day(a: Story, others: list[Story], w: Words) -> str:
    """A definition list of hours and paragraphs; other stories are in a list of the same kind."""
    hours = "".join(f"<dt>0{i + 1}:15</dt><dd>{e(p)}</dd>" for i, p in enumerate(a.paragraphs))
    rest = "".join(
        f"<dt><a href='/n/{i}'>{e(o.title)}</a></dt><dd>{e(o.summary)}</dd>" for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><div class='n'>{menu(w, 9, 'div')}</div><h1>{e(a.title)}</h1><figure><img src='m.jpg'><figcaption>{e(w.photo)}</figcaption></figure><dl class='line'>{hours}</dl>"
        f"<h2>{w.related}</h2><dl class='more'>{rest}</dl><div class='sub'>{e(w.newsletter)}</div><div class='ft'>{e(w.rights)}</div></body></html>"
    )


def preformatted_bulletin(a: Story, others: list[Story], w: Words) -> str:
    """A bulletin as plain text in one ``pre``; links to other bulletins follow in a second one."""
    text = "\n\n".join(e(p) for p in a.paragraphs)
    more = "\n".join(f"<a href='/n/{i}'>{e(o.title)}</a>" for i, o in enumerate(others))
    return f"{head(a, w)}<body><center><a href='/'>{w.home}</a> | <a href='/w'>{w.world}</a></center><hr><h3>{e(a.title)}</h3><pre>{text}</pre><hr><b>{w.related}</b><pre>{more}</pre><hr><p>{e(w.newsletter)}</p><address>{e(w.rights)}</address></body></html>"


def two_columns(a: Story, others: list[Story], w: Words) -> str:
    """The text runs over two columns; between them stand an advertisement and links."""
    half = max(1, len(a.paragraphs) // 2)
    return (
        f"{head(a, w)}<body><div class='mast'>{menu(w, 9)}</div><h1>{e(a.title)}</h1><div class='row'><div class='col-a'>{ps(a.paragraphs[:half])}</div><div class='col-x'><p>{e(w.newsletter)}</p><ul>{links(others)}</ul></div><div class='col-b'>{ps(a.paragraphs[half:])}</div></div>"
        f"<div class='row'><p>{e(w.author)}</p></div><div class='end'>{e(w.rights)}</div></body></html>"
    )


def text_for_readers_without_scripts(a: Story, others: list[Story], w: Words) -> str:
    """The page shows a headline; the text is in a ``noscript`` element, for readers without scripts."""
    return (
        f"{head(a, w)}<body><div id='app'><h1>{e(a.title)}</h1><div class='skeleton'></div></div><noscript><div>{menu(w, 6)}{ps(a.paragraphs)}<h3>{w.related}</h3><ul>{links(others)}</ul></div></noscript>"
        f"<script src='/a.js'></script><div class='z'>{e(w.rights)}</div></body></html>"
    )


def linked_words_and_notes(a: Story, others: list[Story], w: Words) -> str:
    """An encyclopedic portal: the first words of each paragraph are links, and notes follow in a list."""
    body = "".join(
        f"<p>{' '.join(f'<a href=/w/{k}>{e(word)}</a>' if k < 5 else e(word) for k, word in enumerate(p.split(' ')))}<sup><a href='#n{i}'>[{i}]</a></sup></p>"
        for i, p in enumerate(a.paragraphs)
    )
    return (
        f"{head(a, w)}<body><div id='nav'>{menu(w, 20, 'div')}</div><div id='content'><h1>{e(a.title)}</h1><div class='thumb'><img src='a.jpg'><div class='thumbcaption'>{e(w.photo)}</div></div><div id='bodyContent'>{body}</div>"
        f"<ol class='refs'>{''.join(f'<li id=n{i}><a href=/r/{i}>{e(o.title)}</a></li>' for i, o in enumerate(others))}</ol></div><div id='foot'>{e(w.rights)}</div></body></html>"
    )


def headline_is_a_picture(a: Story, others: list[Story], w: Words) -> str:
    """No element shows the headline; the site introduces itself at length before the text."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{w.home} News</title></head><body><div class='about'><p>{e(w.author)}</p><p>{e(w.newsletter)}</p></div>{menu(w)}<div class='pg'><img src='headline.png' alt='{e(a.title)}'><div class='tx'>{ps(a.paragraphs)}</div></div>"
        f"<div class='ls'><b>{w.most}</b>{links(others, 'p')}</div><div class='lg'><p>{e(w.rights)}</p></div></body></html>"
    )


def flat_data_of_an_application(a: Story, others: list[Story], w: Words) -> str:
    """The text is in a flat list of values that refer to each other by their places."""
    values: list[object] = [{"data": 1}, {"article": 2, "menu": 3}, {"title": 4, "body": 5}, [6, 7]]
    first = 9
    values += [
        a.title,
        list(range(first, first + len(a.paragraphs))),
        f"{w.world} 1",
        f"{w.world} 2",
        w.rights,
    ]
    values += [*a.paragraphs, *(o.title for o in others)]
    return f"{head(a, w)}<body><div id='__nuxt'><h1>{e(a.title)}</h1></div><script type='application/json' id='__NUXT_DATA__'>{json.dumps(values)}</script></body></html>"


LAYOUTS: dict[Layout, str] = {
    live_ticker: "en es",
    spans_and_breaks: "en uk",
    lead_outside_the_article: "en de",
    amp_with_sections: "en hi",
    portal_of_other_scripts: "zh he",
    gallery_between_paragraphs: "fr ar",
    custom_elements: "en uk",
    data_that_a_script_assigns: "en ar",
    hashed_blocks: "en es",
    other_story_in_a_box: "en de",
    page_in_a_form: "en uk",
    next_story_below: "en fr",
    list_of_facts_first: "en he",
    article_among_cards: "en es",
    rows_of_a_table: "en uk",
    cookie_wall_before_the_text: "en de",
    quotes_and_boxes_inside: "en fr",
    timeline_of_the_day: "en my",
    preformatted_bulletin: "en uk",
    two_columns: "en de",
    text_for_readers_without_scripts: "en uk",
    linked_words_and_notes: "en fr",
    headline_is_a_picture: "en es",
    flat_data_of_an_application: "en ar",
}
