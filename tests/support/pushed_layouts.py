"""Page layouts whose text scripts push in pieces, columns of one row, offers in the markup of the text, live posts.

Each function takes a story, three other stories and the site's words, and returns a page, as in ``odd_layouts``.
Cleaning was tuned on these. ``OFFERS`` and ``ABOUT`` are further sentences that are not the article's.
"""

from __future__ import annotations

import json
from html import escape as e

from cms_articles import Layout, Story, Words
from cms_layouts import head, menu, ps
from odd_layouts import links

OFFERS = (
    "Become a member for the price of a coffee a month and help keep this reporting free for everyone.",
    "Our app brings the most important alerts to your phone, even when the connection is weak.",
    "Con una donación de cinco euros al mes nos ayudas a seguir contando lo que otros callan.",
    "Mit unserer App bleiben Sie auch unterwegs informiert und verpassen keine wichtige Meldung mehr.",
    "Vous aimez notre travail ? Un don de quelques euros nous permet de rester indépendants.",
    "Станьте частиною спільноти читачів: ваш внесок допомагає редакції працювати незалежно.",
    "حمّل تطبيقنا على هاتفك لتصلك الأخبار العاجلة أولا بأول ومن دون إعلانات.",
)
ABOUT = (
    "The Harbour Post is an independent outlet that has reported on the region since 1998 from three cities.",
    "We are a team of eleven journalists, and our work is paid for by readers and by two foundations.",
    "La Gaceta del Puerto es un medio independiente que informa sobre la región desde 1998.",
    "Der Hafenbote ist ein unabhängiges Medium, das seit 1998 aus der Region berichtet.",
    "Портова газета є незалежним виданням, яке розповідає про регіон з 1998 року.",
    "Le Courrier du Port est un média indépendant qui raconte la région depuis 1998.",
    "بريد الميناء موقع إخباري مستقل يغطي أخبار المنطقة منذ عام 1998.",
)
_OFFERS_BY_HOME = {"الرئيسية": 6, "Головна": 5}


def _offers(w: Words) -> tuple[str, str]:
    """Return two offers of a site: one in its language where there is one, and one in English."""
    return OFFERS[_OFFERS_BY_HOME.get(w.home, 0)], OFFERS[1]


def _cut(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def _flight(rows: list[str], size: int) -> str:
    """Return the scripts that push rows of flight data in pieces, which end anywhere."""
    pieces = "".join(
        f"<script>self.__next_f.push([1,{json.dumps(piece)}])</script>" for piece in _cut("".join(rows), size)
    )
    return f"<script>(self.__next_f=self.__next_f||[]).push([0])</script>{pieces}"


def _row(key: str, value: object) -> str:
    return f"{key}:{json.dumps(value, ensure_ascii=False)}\n"


def _text_row(key: str, text: str) -> str:
    """Return a row with a long text: its length in bytes, in hexadecimal digits, then the text as it is."""
    return f"{key}:T{len(text.encode()):x},{text}"


def flight_elements_in_pieces(a: Story, others: list[Story], w: Words) -> str:
    """Elements of the page as flight data, cut anywhere; words of the text are in elements of their own."""
    text = []
    for i, p in enumerate(a.paragraphs):
        first, _, rest = p.partition(" ")
        inner: object = [["$", "strong", None, {"children": first}], f" {rest}"] if i % 2 else p
        text.append(["$", "p", f"p-{i}", {"className": "c", "children": inner}])
    cards = [
        [
            "$",
            "$L4",
            str(i),
            {
                "href": f"/n/{i}",
                "children": [
                    ["$", "h3", None, {"children": o.title}],
                    ["$", "p", None, {"children": o.summary}],
                ],
            },
        ]
        for i, o in enumerate(others)
    ]
    rows = [
        '1:"$Sreact.fragment"\n',
        '4:I[9665,["/_next/static/chunks/a.js"],"Link"]\n',
        ':HL["/_next/static/css/a.css","style"]\n',
        _row(
            "0", {"P": None, "b": "x1", "c": ["", "news"], "f": [[["", {"children": "$L6"}], "$undefined"]]}
        ),
        _row(
            "6",
            [
                "$",
                "main",
                None,
                {
                    "children": [
                        ["$", "h1", None, {"children": a.title}],
                        ["$", "div", None, {"className": "b", "children": text}],
                        ["$", "aside", None, {"children": cards}],
                        ["$", "footer", None, {"children": ["$", "p", None, {"children": w.rights}]}],
                    ]
                },
            ],
        ),
    ]
    return f"{head(a, w)}<body><div class='l'></div>{_flight(rows, 97)}</body></html>"


def flight_with_text_rows(a: Story, others: list[Story], w: Words) -> str:
    """The article is an object of flight data; its HTML is in a row of its own, to which the object refers."""
    body = "".join(f"<p>{e(p)}</p>" for p in a.paragraphs)
    article = {"@type": "NewsArticle", "headline": a.title, "articleBody": "$1b", "author": w.author}
    teasers = [{"headline": o.title, "summary": o.summary, "slug": f"n-{i}"} for i, o in enumerate(others)]
    rows = [
        '2:I[4211,[],"Article"]\n',
        _text_row("1b", body),
        _row("5", ["$", "$L2", None, {"article": article, "teasers": teasers, "rights": w.rights}]),
    ]
    return (
        f"{head(a, w)}<body>{menu(w, 8)}<h1>{e(a.title)}</h1><p>{e(a.paragraphs[0])}</p>"
        f"{_flight(rows, 211)}<div>{e(w.rights)}</div></body></html>"
    )


def flight_with_blocks(a: Story, others: list[Story], w: Words) -> str:
    """Flight data hold blocks with a type; between those of the text stand a picture and links to other stories."""
    blocks: list[dict] = [{"type": "paragraph", "text": p} for p in a.paragraphs]
    blocks.insert(1, {"type": "image", "src": "a.jpg", "caption": w.photo})
    blocks.insert(2, {"type": "related", "url": "/n/0", "text": others[0].title})
    story = {"id": 5, "title": a.title, "blocks": blocks}
    feed = [{"id": i, "title": o.title, "dek": o.summary, "url": f"/n/{i}"} for i, o in enumerate(others)]
    rows = [_row("7", ["$", "$L3", None, {"initial": {"story": story, "feed": feed}, "now": "$D2025-04-04"}])]
    return f"{head(a, w)}<body><div id='x'><span>{w.home}</span></div>{_flight(rows, 64)}</body></html>"


def function_that_returns_the_state(a: Story, others: list[Story], w: Words) -> str:
    """A function returns the state in the notation of scripts; often used values are its arguments."""
    paragraphs = ",".join(f"{{kind:c,text:{json.dumps(p)}}}" for p in a.paragraphs)
    cards = ",".join(
        f"{{title:{json.dumps(o.title)},lead:{json.dumps(o.summary)},link:'/n/{i}',hot:!1}}"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><div id='__nuxt'><h1>{e(a.title)}</h1></div><script>window.__NUXT__=(function(a,b,c){{return {{layout:\"default\",data:[{{article:{{id:5,title:a,paragraphs:[{paragraphs}],image:b,open:!0}},more:[{cards}]}}],error:b,serverRendered:!0,at:void 0}}}}"
        f'({json.dumps(a.title)},null,"text"));</script><div>{e(w.rights)}</div></body></html>'
    )


def normalised_cache(a: Story, others: list[Story], w: Words) -> str:
    """A cache keeps every object once and refers to it; the paragraphs are objects of their own."""
    state: dict[str, dict] = {
        "ROOT_QUERY": {"__typename": "Query", 'article({"id":"9"})': {"__ref": "Article:9"}},
        "Article:9": {
            "__typename": "Article",
            "title": a.title,
            "content": [{"__ref": f"Block:{i}"} for i in range(len(a.paragraphs))],
        },
    }
    for i, o in enumerate(others):
        state[f"Article:{i}"] = {"title": o.title, "teaser": o.summary, "url": f"/n/{i}"}
    for i, p in enumerate(a.paragraphs):
        state[f"Block:{i}"] = {"__typename": "Block", "html": f"<p>{e(p)}</p>"}
    return f"{head(a, w)}<body><div id='root'>{menu(w, 5)}</div><script>window.__CONFIG__={{\"a\":1}};window.__APOLLO_STATE__={json.dumps(state)};window.__LOCALE__='x';</script></body></html>"


def objects_pushed_into_a_list(a: Story, others: list[Story], w: Words) -> str:
    """Scripts push objects and strings with data into a list of the site."""
    story = {"type": "story", "payload": {"headline": a.title, "body": list(a.paragraphs)}}
    rail = {
        "type": "rail",
        "items": [{"headline": o.title, "text": o.summary, "url": f"/n/{i}"} for i, o in enumerate(others)],
    }
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<h1>{e(a.title)}</h1><div class='sk'></div><script>(window.pageData=window.pageData||[]).push({json.dumps(rail)});</script>"
        f"<script>window.pageData.push(['render', {json.dumps(json.dumps(story))}]);</script><div>{e(w.rights)}</div></body></html>"
    )


def content_of_a_publishing_system(a: Story, others: list[Story], w: Words) -> str:
    """A script sets several properties of one object, among them the elements of the article."""
    elements = [{"type": "text", "content": e(p)} for p in a.paragraphs]
    content = {"headlines": {"basic": a.title}, "content_elements": elements, "type": "story"}
    shown = {"x": {"data": [{"headlines": {"basic": o.title}, "description": o.summary} for o in others]}}
    return (
        f"{head(a, w)}<body><div id='fusion-app'><h1>{e(a.title)}</h1><p>{e(a.paragraphs[0])}</p></div><script type='application/javascript'>window.Fusion=window.Fusion||{{}};Fusion.arcSite=\"post\";"
        f"Fusion.globalContent={json.dumps(content)};Fusion.contentCache={json.dumps(shown)};</script></body></html>"
    )


def row_with_a_side_column(a: Story, others: list[Story], w: Words) -> str:
    """Two columns of a grid: the wide one holds the text, the other one stories with summaries."""
    side = "".join(
        f"<div class='mb-3'><p class='h6'><a href='/n/{i}'>{e(o.title)}</a></p><p>{e(o.summary)}</p></div>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><div class='container'>{menu(w, 9)}<div class='row'><div class='col-md-12'><h1>{e(a.title)}</h1></div></div><div class='row'><div class='col-md-8'>{ps(a.paragraphs)}</div><div class='col-md-4'>{side}<p>{e(w.newsletter)}</p></div></div>"
        f"<div class='row'><div class='col-md-12'><p>{e(w.rights)}</p></div></div></div></body></html>"
    )


def text_in_the_smaller_column(a: Story, others: list[Story], w: Words) -> str:
    """The wide column shows a picture and a stream of stories with their beginnings; the narrow one holds the text."""
    stream = "".join(
        f"<div class='media'><div class='media-body'><h4><a href='/n/{i}'>{e(o.title)}</a></h4><p>{e(o.summary)}</p><p>{e(o.paragraphs[-1])}</p></div></div>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<div class='row-fluid'><div class='span8'><img src='b.jpg'>{stream}</div><div class='span4'><h2>{e(a.title)}</h2>{ps(a.paragraphs)}</div></div>"
        f"<div class='row-fluid'><div class='span12'><p>{e(w.rights)}</p></div></div></body></html>"
    )


def text_beside_a_wider_column(a: Story, others: list[Story], w: Words) -> str:
    """Under the headline the wide column tells other stories, each under a heading; the text is in the narrow one."""
    stories = "".join(
        f"<h4><a href='/n/{i}'>{e(o.title)}</a></h4><p>{e(o.summary)}</p><p>{e(o.paragraphs[0])}</p>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<h1>{e(a.title)}</h1><div class='row'><div class='col-md-8'>{stories}</div><div class='col-md-4'>{ps(a.paragraphs)}</div></div>"
        f"<p>{e(w.rights)}</p></body></html>"
    )


def text_in_two_of_three_boxes(a: Story, others: list[Story], w: Words) -> str:
    """Three boxes in a row: two hold the text, the third one stories whose headlines a script makes links."""
    half = (len(a.paragraphs) + 1) // 2
    side = "".join(
        f"<div onclick='go({i})'><b>{e(o.title)}</b><p>{e(o.summary)}</p></div>" for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<h1>{e(a.title)}</h1><div style='display:flex'><div style='flex:1'>{ps(a.paragraphs[:half])}</div><div style='flex:1'>{ps(a.paragraphs[half:])}</div><div style='flex:1'>{side}</div></div>"
        f"<div>{e(w.rights)}</div></body></html>"
    )


def cells_of_one_row(a: Story, others: list[Story], w: Words) -> str:
    """One row of a table: a menu, the text, and a cell with stories whose summaries follow a line break."""
    side = "".join(
        f"<b><a href='n{i}.html'>{e(o.title)}</a></b><br>{e(o.summary)}<br><br>" for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><table><tr><td width='15%'>{menu(w, 9, 'div')}</td><td width='55%'><font size='5'>{e(a.title)}</font><br><br>{'<br><br>'.join(map(e, a.paragraphs))}</td><td width='30%'>{side}{e(w.newsletter)}</td></tr></table>"
        f"<center>{e(w.rights)}</center></body></html>"
    )


def offers_among_paragraphs(a: Story, others: list[Story], w: Words) -> str:
    """Two paragraphs between those of the text offer a newsletter and a membership; each ends with a link."""
    lines = [f"<p>{e(p)}</p>" for p in a.paragraphs]
    lines.insert(1, f"<p>{e(w.newsletter)} <a href='/nl'>{w.home}</a></p>")
    lines.insert(3, f"<p>{e(_offers(w)[0])} <a href='https://pay.example/join'>{w.share}</a></p>")
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<div class='e'><h1>{e(a.title)}</h1>{''.join(lines)}</div>"
        f"<div class='m'><h3>{w.most}</h3><ul>{links(others)}</ul></div><p>{e(w.rights)}</p></body></html>"
    )


def offer_repeated_in_blocks(a: Story, others: list[Story], w: Words) -> str:
    """Every paragraph is a block; the same offer stands in such a block after every second one."""
    blocks = [f"<div class='t'>{e(p)}</div>" for p in a.paragraphs]
    for place in (1, 3):
        blocks.insert(place, f"<div class='t'>{e(_offers(w)[0])}</div>")
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<h1>{e(a.title)}</h1><div class='k'>{''.join(blocks)}<div class='t'>{e(w.newsletter)}</div></div>"
        f"<div class='z'>{e(w.rights)}</div></body></html>"
    )


def site_tells_of_itself_first(a: Story, others: list[Story], w: Words) -> str:
    """The site tells of itself before the text; the headline is only in the head of the page."""
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<div class='i'><p>{ABOUT[0]}</p><p>{ABOUT[1]}</p></div><div class='t'>{ps(a.paragraphs)}</div>"
        f"<div class='m'>{links(others, 'p')}</div><div class='z'><p>{e(w.rights)}</p></div></body></html>"
    )


def site_tells_of_itself_last(a: Story, others: list[Story], w: Words) -> str:
    """After the text, in the markup of the text, the site tells of itself under a heading."""
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<div class='t'>{ps(a.paragraphs)}<h4>The Harbour Post</h4><p>{ABOUT[0]}</p><p>{ABOUT[1]}</p></div>"
        f"<div class='m'>{links(others, 'p')}</div><div class='z'><p>{e(w.rights)}</p></div></body></html>"
    )


def short_lead_in_a_span(a: Story, others: list[Story], w: Words) -> str:
    """The first paragraph is a span in the page's header, beside the picture; the text is further down."""
    return (
        f"{head(a, w)}<body>{menu(w, 9)}<header class='o'><h1>{e(a.title)}</h1><span class='d'>{e(a.paragraphs[0])}</span><img src='a.jpg'></header><div class='w'><div class='s'><a href='#'>{w.share}</a></div><div class='x'>{ps(a.paragraphs[1:])}</div></div>"
        f"<div class='m'><h3>{w.related}</h3><ul>{links(others)}</ul></div><footer><p>{e(w.rights)}</p></footer></body></html>"
    )


def one_entry_of_many(a: Story, others: list[Story], w: Words) -> str:
    """A live page under a headline of its own: entries with an hour; the feed's title is that of one entry."""
    entry = "<li class='e'><time>{}</time><h4>{}</h4>{}</li>"
    entries = [entry.format(f"1{9 - i}:0{i}", e(o.title), ps(o.paragraphs[:2])) for i, o in enumerate(others)]
    entries.insert(1, entry.format("18:30", e(a.title), ps(a.paragraphs)))
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{w.world}: live | {w.home}</title></head><body>{menu(w, 9)}<h1>{w.world}: live</h1><p>{e(w.newsletter)}</p><ol class='l'>{''.join(entries)}</ol>"
        f"<footer><p>{e(w.rights)}</p></footer></body></html>"
    )


def entries_with_bold_beginnings(a: Story, others: list[Story], w: Words) -> str:
    """A live page: each entry begins with an hour and a bold headline in one paragraph; then come its paragraphs."""
    entry = "<div class='q'><p><span>{}</span> <strong>{}</strong></p>{}</div>"
    entries = [entry.format(f"1{9 - i}.0{i}", e(o.title), ps(o.paragraphs[:2])) for i, o in enumerate(others)]
    entries.insert(2, entry.format("17.40", e(a.title), ps(a.paragraphs)))
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{w.world} | {w.home}</title></head><body>{menu(w, 9)}<div class='y'><h1>{w.world}</h1>{''.join(entries)}</div>"
        f"<div class='z'><p>{e(w.rights)}</p></div></body></html>"
    )


LAYOUTS: dict[Layout, str] = {
    flight_elements_in_pieces: "en ar",
    flight_with_text_rows: "en uk",
    flight_with_blocks: "en he",
    function_that_returns_the_state: "en es",
    normalised_cache: "en de",
    objects_pushed_into_a_list: "en fr",
    content_of_a_publishing_system: "en es",
    row_with_a_side_column: "en uk",
    text_in_the_smaller_column: "en de",
    text_beside_a_wider_column: "en es",
    text_in_two_of_three_boxes: "en fr",
    cells_of_one_row: "en uk",
    offers_among_paragraphs: "en uk",
    offer_repeated_in_blocks: "en ar",
    site_tells_of_itself_first: "en de",
    site_tells_of_itself_last: "en es",
    short_lead_in_a_span: "en he",
    one_entry_of_many: "en fr",
    entries_with_bold_beginnings: "en uk",
}
