"""Pages whose text is only in data that scripts push. They are for ``pushed_layouts_held_out``."""

from __future__ import annotations

import json
import random
from html import escape as e
from typing import Any

from cms_articles import Story, Words
from held_out_words import html_of, in_script, pieces


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pushes(rows: str, seed: str, least: int, most: int, attributes: str = "") -> str:
    """Cut flight rows at arbitrary places, also in words and in escapes, and push each piece in a script."""
    chance, scripts, at = random.Random(seed), [], 0
    while at < len(rows):
        size = chance.randint(least, most)
        scripts.append(
            f"<script{attributes}>self.__next_f.push([1,{in_script(_compact(rows[at : at + size]))}])</script>"
        )
        at += size
    return "".join(scripts)


def _text_row(key: str, text: str) -> str:
    """Return a row of text: its length in bytes, and no line end after it."""
    return f"{key}:T{len(text.encode()):x},{text}"


def next_app_router_html_string(a: Story, others: list[Story], w: Words) -> str:
    """A headless WordPress behind Next.js 15: the body is an HTML string in a text row, teasers are strings too."""
    middle = len(a.paragraphs) // 2
    figure = f'<figure class="wp-block-image size-large"><img src="https://cms.example/u/1.jpg" alt=""/><figcaption class="wp-element-caption">{e(w.photo)}</figcaption></figure>'
    body = (
        "\n\n".join(f"<p>{e(p)}</p>" for p in a.paragraphs[:middle])
        + f"\n\n{figure}\n\n"
        + "\n\n".join(f"<p>{e(p)}</p>" for p in a.paragraphs[middle:])
        + "\n"
    )
    related = [
        {
            "id": f"cG9zdDo{900 + i}",
            "slug": f"story-{i}",
            "title": o.title,
            "excerpt": f"<p>{e(o.summary)}</p>\n",
            "content": f"$1{i + 1}",
            "categories": {"nodes": [{"name": w.world}]},
        }
        for i, o in enumerate(others)
    ]
    page = [
        "$",
        "main",
        None,
        {
            "className": "mx-auto max-w-7xl px-4",
            "children": [
                ["$", "h1", None, {"className": "text-3xl font-bold", "children": a.title}],
                [
                    "$",
                    "div",
                    None,
                    {"className": "prose prose-lg", "dangerouslySetInnerHTML": {"__html": "$10"}},
                ],
                ["$", "$L5", None, {"posts": related, "heading": w.related}],
                ["$", "$L6", None, {"text": w.newsletter, "cta": "OK"}],
                ["$", "$L7", None, {"postId": 71, "initial": [{"author": "N. K.", "content": w.comment}]}],
            ],
        },
    ]
    rows = (
        '1:"$Sreact.fragment"\n'
        '2:I[87555,["/_next/static/chunks/4bd1b696-52.js","177","static/chunks/app/layout-9a1c.js"],"default"]\n'
        '3:I[31295,[],"default"]\n'
        '5:I[50211,["874","static/chunks/874-c1f.js"],"RelatedPosts"]\n'
        '6:I[66012,["874","static/chunks/874-c1f.js"],"Signup"]\n'
        '7:I[10934,["219","static/chunks/219-77e.js"],"Comments"]\n'
        ':HL["/_next/static/css/2f8c3b9d.css","style"]\n'
        '0:{"P":null,"b":"kW3_tYq","p":"","c":["","world","71"],"i":false,"f":[[["",{"children":["world",{"children":[["slug","71","d"],{"children":["__PAGE__",{}]}]}]}],'
        f'["$","$1","c",{{"children":[["$","nav",null,{{"children":{_compact([["$", "a", str(i), {"href": f"/s/{i}", "children": f"{w.world} {i}"}] for i in range(12)])}}}],"$L4"]}}]]],"m":"$undefined","S":true}}\n'
        + _text_row("10", body)
        + "".join(_text_row(f"1{i + 1}", f"<p>{e(o.paragraphs[0])}</p>\n") for i, o in enumerate(others))
        + f"4:{_compact(page)}\n"
        + f'8:[["$","title","0",{{"children":{_compact(a.title)}}}],["$","meta","1",{{"name":"description","content":{_compact(a.summary)}}}]]\n'
    )
    return (
        f'{html_of(w)}<head><meta charSet="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/><link rel="stylesheet" href="/_next/static/css/2f8c3b9d.css" data-precedence="next"/>'
        f'<title>{e(a.title)}</title><meta name="description" content="{e(a.summary)}"/><meta property="og:title" content="{e(a.title)}"/></head>'
        f'<body class="__className_d65c78 antialiased"><header class="sticky top-0 flex"><a href="/">{w.home}</a></header>'
        f'<main class="mx-auto max-w-7xl px-4"><h1 class="text-3xl font-bold">{e(a.title)}</h1><!--$?--><template id="B:0"></template><div class="animate-pulse space-y-4"><div class="h-4 bg-gray-200"></div><div class="h-4 bg-gray-200"></div></div><!--/$--></main>'
        f'<footer class="border-t py-8"><p class="text-sm">{e(w.rights)}</p></footer>'
        '<script src="/_next/static/chunks/webpack-e1.js" id="_R_" async=""></script><script>(self.__next_f=self.__next_f||[]).push([0])</script>'
        f"{_pushes(rows, a.title, 90, 700)}</body></html>"
    )


def next_app_router_elements(a: Story, others: list[Story], w: Words) -> str:
    """React elements in rows of their own, links and emphasis among the text; teasers are paragraphs likewise."""

    def paragraph(n: int, p: str) -> list[Any]:
        if n % 3 == 1:
            before, inner, after = pieces(p)
            link = ["$", "$L9", None, {"href": f"/topic/{n}", "className": "css-1h2", "children": inner}]
            return ["$", "p", None, {"className": "css-1xk3 e1jsehar0", "children": [before, link, after]}]
        if n % 3 == 2:
            before, inner, after = pieces(p)
            strong = ["$", "strong", None, {"children": inner}]
            return [
                "$",
                "p",
                None,
                {
                    "className": "css-1xk3 e1jsehar0",
                    "children": [before, ["$", "$1", "s", {"children": strong}], after],
                },
            ]
        return ["$", "p", None, {"className": "css-1xk3 e1jsehar0", "children": p}]

    children: list[Any] = [["$", "h1", None, {"className": "css-h0", "children": a.title}]]
    outlined = []
    for n, p in enumerate(a.paragraphs):
        if n < 2:
            children.append(paragraph(n, p))
        else:
            children.append(f"$L2{n}")
            outlined.append(f"2{n}:{_compact(paragraph(n, p))}\n")
        if n == 0:
            caption = ["$", "figcaption", None, {"className": "css-c4p", "children": [w.photo, " "]}]
            children.append(
                [
                    "$",
                    "figure",
                    None,
                    {"children": [["$", "$La", None, {"src": "/i/71.webp", "alt": ""}], caption]},
                ]
            )
        if n == 1:
            children.append(["$", "$Lb", "ad-1", {"slot": "inline-1"}])
    cards = [
        [
            "$",
            "article",
            f"r{i}",
            {
                "className": "css-9kk",
                "children": [
                    [
                        "$",
                        "$L9",
                        None,
                        {"href": f"/{i}", "children": ["$", "h3", None, {"children": o.title}]},
                    ],
                    ["$", "p", None, {"className": "css-1xk3 e1jsehar0", "children": o.summary}],
                    ["$", "p", None, {"className": "css-1xk3 e1jsehar0", "children": o.paragraphs[0]}],
                ],
            },
        ]
        for i, o in enumerate(others)
    ]
    layout = [
        "$",
        "div",
        None,
        {
            "className": "css-lay",
            "children": [
                [
                    "$",
                    "nav",
                    None,
                    {
                        "children": [
                            ["$", "$L9", str(i), {"href": f"/s/{i}", "children": f"{w.world} {i}"}]
                            for i in range(18)
                        ]
                    },
                ],
                ["$", "div", None, {"className": "css-0", "children": children}],
                ["$", "aside", None, {"children": [["$", "h2", None, {"children": w.most}], *cards]}],
                [
                    "$",
                    "form",
                    None,
                    {
                        "children": [
                            "$",
                            "p",
                            None,
                            {"className": "css-1xk3 e1jsehar0", "children": w.newsletter},
                        ]
                    },
                ],
                ["$", "footer", None, {"children": ["$", "p", None, {"children": w.rights}]}],
            ],
        },
    ]
    rows = (
        '9:I[5250,["250","static/chunks/250-a.js"],""]\na:I[3749,["749","static/chunks/749.js"],"Image"]\nb:I[8871,["11","static/chunks/11.js"],"Slot"]\n'
        '0:["Zx81lq",[[["",{"children":["(site)",{"children":[["id","71","d"],{"children":["__PAGE__?{}",{}]}]}]},"$undefined","$undefined",true],"$Lc"],["$","$Ld",null,{}]]]\n'
        'd:I[1060,[],"GlobalError"]\n'
        f"c:{_compact(layout)}\n{''.join(outlined)}"
        f'e:["$","meta","0",{{"charSet":"utf-8"}}]\nf:null\n'
    )
    return (
        f"{html_of(w)}<head><meta charset='utf-8'><title>{e(a.title)}</title><link rel='preload' as='script' href='/_next/static/chunks/fd9d1056.js'></head>"
        f"<body><div class='css-hd'><a href='/'>{w.home}</a></div><div class='css-ld' role='status'><span>…</span></div><div class='css-t0'>{e(a.title)}</div>"
        "<script>(self.__next_f=self.__next_f||[]).push([0]);self.__next_f.push([2,null])</script>"
        f"{_pushes(rows, a.title, 7, 160)}<script src='/_next/static/chunks/main-app.js' async></script></body></html>"
    )


def next_app_router_blocks(a: Story, others: list[Story], w: Words) -> str:
    """A client component gets the article as blocks of runs; other stories come as blocks of the same form."""

    def block(i: int, p: str) -> dict[str, Any]:
        return {
            "__typename": "ContentParagraph",
            "_key": f"k{i:04x}",
            "style": "normal",
            "children": [
                {"_type": "span", "marks": ["strong"] if n == 1 else [], "text": t}
                for n, t in enumerate(pieces(p))
            ],
        }

    blocks: list[dict[str, Any]] = []
    for i, p in enumerate(a.paragraphs):
        blocks.append(block(i, p))
        if i == 0:
            blocks.append(
                {
                    "__typename": "ContentImage",
                    "_key": "img1",
                    "caption": w.photo,
                    "asset": {"url": "/71.avif", "width": 1280},
                }
            )
        if i == 1:
            blocks.append(
                {"__typename": "ContentNewsletter", "_key": "nl", "title": w.home, "text": w.newsletter}
            )
            blocks.append(
                {
                    "__typename": "ContentReadMore",
                    "_key": "rm",
                    "items": [{"title": others[0].title, "teaser": others[0].summary}],
                }
            )
    state = {
        "navigation": [{"label": f"{w.world} {i}", "url": f"/r/{i}"} for i in range(30)],
        "recommendations": [
            {
                "__typename": "Article",
                "id": str(500 + i),
                "title": o.title,
                "lead": o.summary,
                "body": [block(i, o.paragraphs[0])],
            }
            for i, o in enumerate(others)
        ],
        "article": {
            "__typename": "Article",
            "id": "71",
            "path": "/r/1/71",
            "title": a.title,
            "lead": a.summary,
            "publishedAt": "$D2025-04-04T07:12:00.000Z",
            "author": {"name": "red", "bio": w.author},
            "body": blocks,
            "paywall": "$undefined",
        },
        "comments": {
            "count": 2,
            "items": [{"user": "u1", "text": w.comment}, {"user": "u2", "text": w.comment}],
        },
        "legal": w.rights,
    }
    rows = (
        '1:"$Sreact.fragment"\n2:I[1901,["/_next/static/chunks/8a2.js"],"ArticleClient"]\n'
        '0:{"b":"r7","f":[["$","$1","h",{"children":"$L3"}]],"S":false}\n'
        f'3:["$","$L2",null,{{"dehydratedState":{{"mutations":[],"queries":[{{"state":{{"data":{_compact(state)},"status":"success"}},"queryKey":["article","71"]}}]}}}}]\n'
        '4:[["$","meta","0",{"name":"viewport","content":"width=device-width"}]]\n5:null\n'
    )
    first = a.paragraphs[0]
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><meta property="og:description" content="{e(a.summary)}"></head>'
        f'<body><div id="root-71"><div class="sc-gKPRtg bXyZ"><a href="/">{w.home}</a></div><div class="sc-iBYQkv"><h1 class="sc-ftTHYK">{e(a.title)}</h1><p class="sc-pyfCe">{e(first[: len(first) // 3])}…</p></div></div>'
        '<script nonce="Zm9v">(self.__next_f=self.__next_f||[]).push([0])</script>'
        + _pushes(rows, a.title, 300, 1400, ' nonce="Zm9v"')
        + '<script nonce="Zm9v">self.__next_f.push([3,"AAEC"])</script></body></html>'
    )


def _devalue(value: Any) -> list[Any]:
    """Flatten as devalue does: every value once, in the order of the walk, containers holding positions."""
    found: list[Any] = []
    seen: dict[tuple[type, Any], int] = {}

    def put(v: Any) -> int:
        if not isinstance(v, (dict, list, tuple)):
            if (type(v), v) in seen:
                return seen[type(v), v]
            seen[type(v), v] = len(found)
            found.append(v)
            return len(found) - 1
        at = len(found)
        found.append(None)
        if isinstance(v, tuple):  # a named wrapper
            found[at] = [v[0], put(v[1])]
        elif isinstance(v, dict):
            found[at] = {k: put(x) for k, x in v.items()}
        else:
            found[at] = [put(x) for x in v]
        return at

    put(value)
    return found


def nuxt_payload_of_rich_text(a: Story, others: list[Story], w: Words) -> str:
    """Nuxt 3 with Storyblok: the text is runs of rich text in a flattened array; the page has a teaser only."""

    def rich(paragraphs: tuple[str, ...] | list[str]) -> dict[str, Any]:
        content = []
        for p in paragraphs:
            before, inner, after = pieces(p)
            runs = [
                {"type": "text", "text": before},
                {"type": "text", "text": inner, "marks": [{"type": "bold"}]},
                {"type": "text", "text": after},
            ]
            content.append({"type": "paragraph", "content": runs})
        return {"type": "doc", "content": content}

    story = {
        "name": a.title,
        "id": 71,
        "full_slug": "news/71",
        "content": {
            "_uid": "7c1",
            "component": "article",
            "headline": a.title,
            "intro": a.summary,
            "body": [
                {"component": "text", "text": rich(a.paragraphs[:1])},
                {"component": "image", "src": "//a.example/71.jpg", "caption": w.photo},
                {"component": "text", "text": rich(a.paragraphs[1:])},
                {"component": "newsletter", "text": w.newsletter},
            ],
        },
    }
    latest = [
        {
            "name": o.title,
            "id": 80 + i,
            "content": {
                "component": "article",
                "headline": o.title,
                "intro": o.summary,
                "body": [{"component": "text", "text": rich(o.paragraphs[:1])}],
            },
        }
        for i, o in enumerate(others)
    ]
    payload = (
        "ShallowReactive",
        {
            "data": (
                "ShallowReactive",
                {
                    "$fmenu": [{"label": f"{w.world} {i}", "to": f"/m/{i}"} for i in range(20)],
                    "latest": latest,
                    "story-71": story,
                    "footer": {"legal": w.rights},
                },
            ),
            "state": ("Reactive", {"$sconsent": False}),
            "once": ("Set", None),
            "serverRendered": True,
            "path": "/news/71",
        },
    )
    flat = _devalue(payload)
    flat[next(i for i, v in enumerate(flat) if isinstance(v, list) and v and v[0] == "Set")] = ["Set"]
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><link rel="modulepreload" as="script" crossorigin href="/_nuxt/Bx2k.js"></head>'
        f'<body><div id="__nuxt"><div class="app" data-v-5f3a><header data-v-5f3a><a href="/">{w.home}</a></header><main data-v-5f3a><h1 data-v-91c>{e(a.title)}</h1><p class="intro" data-v-91c>{e(a.summary)}</p><div class="skeleton" data-v-91c></div></main></div></div><div id="teleports"></div>'
        f'<script type="application/json" data-nuxt-data="nuxt-app" data-ssr="true" id="__NUXT_DATA__">{in_script(_compact(flat))}</script>'
        '<script>window.__NUXT__={};window.__NUXT__.config={public:{},app:{baseURL:"/",buildId:"c0ffee"}}</script></body></html>'
    )
