"""More page layouts in the manner of publishing systems. No rule of cleaning was made or tuned with these.

They measure what cleaning does on layouts that it has not seen, so read a page of them only to judge the figure.
"""

from __future__ import annotations

import json
from html import escape as e

from cms_articles import Layout, Story, Words
from cms_layouts import head, menu, ps


def newspaper_theme(a: Story, others: list[Story], w: Words) -> str:
    """A popular commercial theme: a mega menu with pictures, advertisements in the text, a related row."""
    row = "".join(
        f"<div class='td_module_related_posts'><div class='td-module-thumb'><a href='/{i}'><img src='{i}.jpg'></a></div><h3 class='entry-title td-module-title'><a href='/{i}'>{e(o.title)}</a></h3></div>"
        for i, o in enumerate(others)
    )
    body = [f"<p>{e(p)}</p>" for p in a.paragraphs]
    body.insert(
        2,
        "<div class='td-a-rec td-a-rec-id-content_inline'><span class='td-adspot-title'>- Advertisement -</span></div>",
    )
    return (
        f"{head(a, w)}<body class='single-post'><div id='td-outer-wrap'><div class='td-header-wrap'>{menu(w, 60, 'div')}</div><div class='td-main-content-wrap'><article class='post'><div class='td-post-header'><ul class='td-category'><li><a href='/w'>{w.world}</a></li></ul><header class='td-post-title'><h1 class='entry-title'>{e(a.title)}</h1></header></div>"
        f"<div class='td-post-content'><div class='td-post-featured-image'><figure><img src='i.jpg'><figcaption class='wp-caption-text'>{e(w.photo)}</figcaption></figure></div>{''.join(body)}</div><footer><div class='td-post-sharing'><a href='#'>Facebook</a><a href='#'>Twitter</a></div>"
        f"<div class='author-box-wrap'><div class='desc'><div class='td-author-name'>R. Key</div><div class='td-author-description'>{e(w.author)}</div></div></div></footer></article><div class='td_block_wrap td_block_related_posts'><h4 class='td-related-title'><a id='r'>{w.related}</a></h4><div>{row}</div></div>"
        f"<div class='comments' id='comments'><h3>{w.comments}</h3><div class='comment'>{w.comment}</div></div></div><div class='td-footer-wrapper'><div>{e(w.rights)}</div></div></div></body></html>"
    )


def agency_components(a: Story, others: list[Story], w: Words) -> str:
    """A news agency: each paragraph is a ``div`` with a generated class; its principles follow the text."""
    body = "".join(
        f"<div data-testid='paragraph-{i}' class='text__text__1FZLe text__dark-grey__3Ml43'>{e(p)}</div>"
        for i, p in enumerate(a.paragraphs)
    )
    rel = "".join(
        f"<li class='story-collection__story__LeZ29'><div><a data-testid='Heading' href='/{i}'>{e(o.title)}</a><p>{e(o.summary)}</p><time>April {i + 1}</time></div></li>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><div id='fusion-app'><header>{menu(w, 20)}</header><main><article><div class='article-header__wrapper'><h1 data-testid='Heading'>{e(a.title)}</h1><div class='info-content'><span>By Reuben Key</span><time>April 4, 2025 9:12 AM GMT+3</time></div></div>"
        f"<div data-testid='primary-image'><img src='p.jpg'><p class='caption__caption__1A'>{e(w.photo)}</p></div><div class='article-body__content'>{body}<p data-testid='sign-off'>Reporting by Reuben Key; Editing by Ann Mill</p><p>Our Standards: <a href='/pr'>The Trust Principles.</a></p></div>"
        f"<div class='newsletter__box'><p>{e(w.newsletter)}</p><button>Sign up</button></div></article><div class='read-next__container'><h2>{w.related}</h2><ul>{rel}</ul></div></main><footer><p>{e(w.rights)}</p></footer></div></body></html>"
    )


def next_js_shell(a: Story, others: list[Story], w: Words) -> str:
    """The page shows a line and a spinner; text, menus and other stories are in its JSON."""
    data = {
        "props": {
            "pageProps": {
                "nav": [{"label": f"{w.world} {i}", "href": f"/s/{i}"} for i in range(200)],
                "legal": w.rights,
                "content": {
                    "title": a.title,
                    "bodyHtml": f"{ps(a.paragraphs)}<p><a href='/1'>{e(others[0].title)}</a></p>",
                    "author": {"name": "R. Key", "bio": w.author},
                },
                "related": [{"title": o.title, "excerpt": o.summary} for o in others],
            }
        },
        "buildId": "x" * 21,
    }
    return (
        f"{head(a, w)}<body><div id='__next'><div class='spinner'>Loading...</div></div>"
        f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps(data)}</script></body></html>"
    )


def teaser_with_json_ld(a: Story, others: list[Story], w: Words) -> str:
    """The page shows the beginning only; structured data carry the whole text."""
    ld = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": f"{w.home} News", "description": w.rights},
            {
                "@type": ["NewsArticle", "Article"],
                "headline": a.title,
                "datePublished": "2025-04-04T09:12:00+03:00",
                "articleBody": "\n\n".join(a.paragraphs),
                "author": [{"@type": "Person", "name": "R. Key", "description": w.author}],
            },
        ],
    }
    rel = "".join(
        f"<div class='x'><a href='/{i}'><h3>{e(o.title)}</h3></a><p>{e(o.summary)}</p></div>"
        for i, o in enumerate(others)
    )
    script = f"<script type='application/ld+json'>{json.dumps(ld)}</script>"
    return (
        f"{head(a, w, script)}<body>{menu(w)}<main><h1>{e(a.title)}</h1><div class='art'><p>{e(a.paragraphs[0])}</p><div class='fade'></div></div>"
        f"<div class='more'><h2>{w.related}</h2>{rel}</div></main><footer><p>{e(w.rights)}</p></footer></body></html>"
    )


def amp_plugin(a: Story, others: list[Story], w: Words) -> str:
    """AMP as a plugin of a blog system makes it."""
    return (
        f"{head(a, w)}<body class=''><header id='top' class='amp-wp-header'><div><a href='/'>{w.home} News</a></div></header><article class='amp-wp-article'><header class='amp-wp-article-header'><h1 class='amp-wp-title'>{e(a.title)}</h1><div class='amp-wp-meta amp-wp-byline'><span class='amp-wp-author author vcard'>R. Key</span></div><div class='amp-wp-meta amp-wp-posted-on'><time>2 days ago</time></div></header>"
        f"<figure class='amp-wp-article-featured-image wp-caption'><amp-img src='f.jpg'></amp-img><p class='wp-caption-text'>{e(w.photo)}</p></figure><div class='amp-wp-article-content'>{ps(a.paragraphs)}<p><strong>{w.related}: <a href='/1'>{e(others[1].title)}</a></strong></p></div>"
        f"<footer class='amp-wp-article-footer'><div class='amp-wp-meta amp-wp-tax-category'>{w.tags}: <a href='/w'>{w.world}</a></div><div class='amp-wp-meta amp-wp-comments-link'><a href='#c'>{w.comments}</a></div></footer></article><footer class='amp-wp-footer'><div><p>{e(w.rights)}</p><a href='#top'>Back to top</a></div></footer></body></html>"
    )


def nested_tables(a: Story, others: list[Story], w: Words) -> str:
    """A site of the year 2003: nested tables, fonts, paragraphs that nobody closes."""
    left = "".join(
        f"<tr><td><font size=1><a href='s{i}.asp'>{w.world} {i}</a></font></td></tr>" for i in range(14)
    )
    right = "".join(
        f"<tr><td><font size=2><a href='n{i}.asp'><b>{e(o.title)}</b></a><br>{e(o.summary)}</font></td></tr>"
        for i, o in enumerate(others)
    )
    body = "".join(f"<p align=justify><font face=Verdana size=2>{e(p)}</font>\n" for p in a.paragraphs)
    return (
        f"<html><head><meta charset='utf-8'><title>{e(a.title)}</title></head><body bgcolor=white topmargin=0><center><table width=980><tr><td colspan=3><img src=banner.gif></td></tr><tr><td width=140 valign=top><table>{left}</table></td>"
        f"<td width=600 valign=top><table width=100%><tr><td><font color=navy size=4><b>{e(a.title)}</b></font></td></tr><tr><td><font size=1>04.04.2025 9:12</font></td></tr><tr><td align=center><img src=p.jpg><br><font size=1><i>{e(w.photo)}</i></font></td></tr><tr><td>{body}</td></tr></table></td>"
        f"<td width=240 valign=top><table><tr><td bgcolor=navy><font color=white><b>{w.most}</b></font></td></tr>{right}</table></td></tr><tr><td colspan=3 align=center><font size=1>{e(w.rights)}</font></td></tr></table></center></body></html>"
    )


def live_ticker(a: Story, others: list[Story], w: Words) -> str:
    """A list of posts of one story, newest first, each with buttons; older coverage below."""
    posts = "".join(
        f"<li class='ticker-entry' data-post-id='{i}'><span class='ts'>1{9 - i}:05 GMT</span><div class='entry-inner'><p>{e(p)}</p></div><ul class='btns'><li>Facebook</li><li>Telegram</li></ul></li>"
        for i, p in enumerate(reversed(a.paragraphs))
    )
    old = "".join(f"<li><a href='/{i}'>{e(o.title)}</a></li>" for i, o in enumerate(others))
    return (
        f"{head(a, w)}<body><div class='hd'>{menu(w, 10, 'div')}</div><section class='live'><h1>{e(a.title)}</h1><p class='note'>This page is updated continuously.</p><ol class='ticker'>{posts}</ol></section>"
        f"<section><h3>{w.related}</h3><ul>{old}</ul></section><div class='ft'>{e(w.rights)}</div></body></html>"
    )


def agency_bulletin(a: Story, others: list[Story], w: Words) -> str:
    """A state agency: the text is one block with line breaks; the latest news with times stand beside it."""
    latest = "".join(
        f"<div class='n'><span>0{i}:15</span> <a href='/{i}.html'>{e(o.title)}</a></div>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><div id='wrap'><div id='menu'>{menu(w, 12, 'div')}</div><div id='left'><div class='hdr'>{e(a.title)}</div><div class='dt'>04.04.2025 | 09:12</div><div class='txt'>{'<br>'.join(e(p) for p in a.paragraphs)}<br></div>"
        f"<div class='cpy'>{e(w.rights)}</div></div><div id='right'><div class='t'>{w.most}</div>{latest}<div class='sub'>{e(w.newsletter)}</div></div></div></body></html>"
    )


def hebrew_portal(a: Story, others: list[Story], w: Words) -> str:
    """An editor's spans instead of paragraphs, promotions between them, talkbacks below."""
    block = "<div class='text_editor_paragraph rtl'><div class='public-DraftStyleDefault-block'><span data-text='true'>{}</span></div></div>"
    body = [block.format(e(p)) for p in a.paragraphs]
    body.insert(
        1,
        f"<div class='relatedComponenta'><div class='title'>{w.related}</div><div><a href='/1'><div class='t'>{e(others[0].title)}</div><div class='s'>{e(others[0].summary)}</div></a></div></div>",
    )
    said = "".join(
        f"<div class='talkback-row'><div class='num'>{i}.</div><div class='tb-t'>{w.comment}</div><span>{w.reply}</span></div>"
        for i in (2, 1)
    )
    return (
        f"{head(a, w)}<body dir='rtl'><div class='top'>{menu(w, 25, 'div')}</div><div class='layoutContainer'><div class='mainTitleWrapper'><h1 class='mainTitle'>{e(a.title)}</h1></div><div class='ArticleImage'><img src='i.jpg'><div class='imgCaption'>{e(w.photo)}</div></div>"
        f"<div class='ArticleBodyComponent'><div class='DraftEditor-root'>{''.join(body)}</div></div><div class='ArticleTalkbacks'><div class='h'>{w.comments}</div>{said}</div></div><div class='foot'><p>{e(w.rights)}</p></div></body></html>"
    )


def hindi_portal(a: Story, others: list[Story], w: Words) -> str:
    """Pointers in paragraphs, a strip of stories before the text, an appeal and a disclaimer after it."""
    strip = "".join(f"<li><a href='/{i}'><p>{e(o.title)}</p></a></li>" for i, o in enumerate(others))
    body = [f"<p>{e(p)}</p>" for p in a.paragraphs]
    body.insert(1, f"<p><b>{w.related} - <a href='/1'>{e(others[1].title)}</a></b></p>")
    return (
        f"{head(a, w)}<body><div class='nav-bar'>{menu(w, 30, 'div')}</div><div class='hot-strip'><span>{w.most}</span><ul>{strip}</ul></div><div class='story-page'><div class='story-left'><h1>{e(a.title)}</h1><div class='auth'><span>R. Key</span></div>"
        f"<div class='story-details'><div class='pic'><img src='s.jpg'><span>{e(w.photo)}</span></div>{''.join(body)}</div><div class='app-promo'><p>{e(w.newsletter)}</p></div><div class='disc'><p>{e(w.rights)}</p></div></div></div></body></html>"
    )


def chinese_portal(a: Story, others: list[Story], w: Words) -> str:
    """Indented paragraphs, the editor's line, related links and readers' comments."""
    rel = "".join(f"<li>· <a href='/{i}.html'>{e(o.title)}</a></li>" for i, o in enumerate(others))
    body = "".join(f"<p>　　{e(p)}</p>" for p in a.paragraphs)
    return (
        f"{head(a, w)}<body><div class='channel'>{menu(w, 16, 'div')}</div><div class='main'><h1 class='title'>{e(a.title)}</h1><div class='info'>2025-04-04 09:12:33</div><div id='detail'><p align='center'><img src='1.jpg'></p><p align='center'><font color='navy'>{e(w.photo)}</font></p>{body}<p class='editor'>[责任编辑: 王明]</p></div>"
        f"<div class='xgxw'><div class='hd'>{w.related}</div><ul>{rel}</ul></div><div class='pl'><div class='hd'>{w.comments}</div><div class='pl-item'><span>网友1</span><p>{w.comment}</p><a href='#'>{w.reply}</a></div></div></div><div class='copyright'>{e(w.rights)}</div></body></html>"
    )


def letter_platform(a: Story, others: list[Story], w: Words) -> str:
    """A newsletter on the web: a widget in the text asks for subscriptions, other letters follow."""
    body = [f"<p>{e(p)}</p>" for p in a.paragraphs]
    body.insert(
        2,
        f"<div class='subscription-widget-wrap-editor'><div class='subscription-widget show-subscribe'><div class='preamble'><p class='cta-caption'>{e(w.newsletter)}</p></div><form><input type='email'><input type='submit' value='Subscribe'></form></div></div>",
    )
    rel = "".join(
        f"<div class='portable-archive-post'><a class='post-preview-title' href='/p/{i}'>{e(o.title)}</a><a class='post-preview-description' href='/p/{i}'>{e(o.summary)}</a><time>Apr {i + 1}</time></div>"
        for i, o in enumerate(others)
    )
    said = f"<div class='comment-content'><a href='/u'>Dana</a><div class='comment-body'><p>{w.comment}</p></div><a>Like</a><a>{w.reply}</a></div>"
    return (
        f"{head(a, w)}<body><div id='entry'><div class='main-menu'><h1 class='nav-name'><a href='/'>{w.home} Letter</a></h1></div><div class='single-post'><article class='newsletter-post post'><div class='post-header'><h1 class='post-title published'>{e(a.title)}</h1></div><div class='available-content'><div class='body markup' dir='auto'><div class='captioned-image-container'><figure><img src='c.jpg'><figcaption class='image-caption'>{e(w.photo)}</figcaption></figure></div>{''.join(body)}<p class='button-wrapper'><a class='button primary' href='#'><span>{w.share}</span></a></p></div></div></article>"
        f"<div class='post-footer'><h4>Discussion about this post</h4><div class='comments-page'>{said}{said}</div></div><div class='portable-archive'>{rel}</div></div><div class='footer'>{e(w.rights)}</div></div></body></html>"
    )


def explainer(a: Story, others: list[Story], w: Words) -> str:
    """Questions as headings of the second level, one section each; a call to subscribe between the sections."""
    parts = [
        f"<section class='q'><h2>{i + 1}. {' '.join(p.split()[:4])}?</h2><p>{e(p)}</p></section>"
        for i, p in enumerate(a.paragraphs)
    ]
    parts.insert(
        1, f"<section class='cta'><h2>{w.home}</h2><p>{e(w.newsletter)}</p><a href='/nl'>OK</a></section>"
    )
    rel = "".join(
        f"<div class='tile'><a href='/{i}'><h3>{e(o.title)}</h3><p>{e(o.summary)}</p></a></div>"
        for i, o in enumerate(others)
    )
    return f"{head(a, w)}<body><header><h1 class='brand'><a href='/'>{w.home} News</a></h1>{menu(w, 8)}</header><div class='content'><h1>{e(a.title)}</h1>{''.join(parts)}</div><div class='tiles'><h2>{w.most}</h2>{rel}</div><footer>{e(w.rights)}</footer></body></html>"


def ministry_site(a: Story, others: list[Story], w: Words) -> str:
    """An office's content server: zero-width spaces, ``div`` paragraphs, long menus, an address."""
    body = "".join(f"<div>&#8203;{e(p)}</div><div><br></div>" for p in a.paragraphs)
    rel = "".join(
        f"<li class='dfwp-item'><div class='item link-item'><a href='/p/{i}.aspx'>{e(o.title)}</a><div class='description'>{e(o.summary)}</div></div></li>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><form id='aspnetForm'><div id='s4-ribbonrow'></div><div id='s4-workspace'><div class='ms-core-navigation'>{menu(w, 70, 'div')}</div><div id='contentBox'><div class='page-title'><h1>{e(a.title)}</h1></div><div class='article-date'>4/4/2025</div><div class='ms-rtestate-field'>{body}</div>"
        f"<div class='ms-webpart-zone'><h2>{w.related}</h2><ul class='dfwp-list'>{rel}</ul></div></div><div id='footer'><div>{e(w.rights)}</div><div>12 Harbour Road, PO Box 44, Telephone 555 0100</div></div></div></form></body></html>"
    )


LAYOUTS: dict[Layout, str] = {
    newspaper_theme: "en es",
    agency_components: "en uk",
    next_js_shell: "en fr",
    teaser_with_json_ld: "en es",
    amp_plugin: "fr en",
    nested_tables: "uk en",
    live_ticker: "en",
    agency_bulletin: "ar en",
    hebrew_portal: "he",
    hindi_portal: "hi",
    chinese_portal: "zh",
    letter_platform: "en",
    explainer: "en uk",
    ministry_site: "en my",
}
