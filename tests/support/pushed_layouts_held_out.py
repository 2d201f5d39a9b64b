"""Layouts with pushed data, columns, offers, a site's own words, live blogs and galleries. They only measure.

They were written by one who had not read the rules, for the kinds of ``pushed_layouts`` and some others.
"""

from __future__ import annotations

import json
from html import escape as e

from cms_articles import Layout, Story, Words
from held_out_words import ABOUT, CAPTIONS, OFFERS, html_of, in_script, lang_of, pieces
from pushed_pages_held_out import (
    next_app_router_blocks,
    next_app_router_elements,
    next_app_router_html_string,
    nuxt_payload_of_rich_text,
)


def bootstrap_columns_of_a_regional_portal(a: Story, others: list[Story], w: Words) -> str:
    """Bootstrap 3 in a Laravel site: text straight in col-md-8, stories with summaries and beginnings in col-md-4."""
    side = "".join(
        f'<div class="media"><div class="media-left"><a href="/news/{i}"><img class="media-object" src="/t/{i}.jpg" alt=""></a></div>'
        f'<div class="media-body"><strong><a href="/news/{i}">{e(o.title)}</a></strong>\n<p>{e(o.summary)}</p>\n<p>{e(o.paragraphs[0])}</p></div></div><hr>'
        for i, o in enumerate(others)
    )
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><link rel="stylesheet" href="/css/bootstrap.min.css"></head><body>'
        f'<div class="navbar navbar-default navbar-static-top"><div class="container"><ul class="nav navbar-nav"><li class="active"><a href="/">{w.home}</a></li>'
        + "".join(f'<li><a href="/cat/{i}">{w.world} {i}</a></li>' for i in range(9))
        + f'</ul></div></div><div class="container"><div class="row"><div class="col-md-8 col-sm-12"><ol class="breadcrumb"><li><a href="/">{w.home}</a></li><li class="active">{w.world}</li></ol>'
        f'<h2>{e(a.title)}</h2><p class="text-muted"><small><span class="glyphicon glyphicon-time"></span> 04.04.2025, 09:12 <span class="glyphicon glyphicon-eye-open"></span> 1204</small></p>'
        f'<img class="img-responsive" src="/u/71.jpg" alt=""><p class="small text-muted">{e(w.photo)}</p>'
        + "\n".join(f"<p>{e(p)}</p>" for p in a.paragraphs)
        + f'<p><span class="label label-default">{w.tags}</span> <a href="/tag/1">{w.world}</a></p></div>'
        f'<div class="col-md-4 col-sm-12"><h4>{w.most}</h4>{side}<div class="well"><p>{e(w.newsletter)}</p></div></div></div>'
        f'<div class="row"><div class="col-md-12"><h4>{w.comments} (1)</h4><div class="panel panel-default"><div class="panel-body"><p>{e(w.comment)}</p></div></div></div></div></div>'
        f'<div class="footer"><div class="container"><p>{e(w.rights)}</p></div></div></body></html>'
    )


def table_of_three_cells(a: Story, others: list[Story], w: Words) -> str:
    """A hand-made site of about 2003: cells of one table row, line breaks for paragraphs, no class that tells."""
    side = "".join(
        f'<tr><td bgcolor="#eeeeee"><font face="Arial" size="2"><b><a href="art.php3?id={i}">{e(o.title)}</a></b><br>{e(o.summary)}<br><br>{e(o.paragraphs[0])}</font></td></tr>'
        for i, o in enumerate(others)
    )
    return (
        f'{html_of(w)}<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{e(a.title)}</title></head>'
        '<body bgcolor="#ffffff" text="#000000"><table width="980" border="0" cellspacing="0" cellpadding="0" align="center"><tr>'
        f'<td colspan="3" height="80"><a href="index.php3"><img src="logo.gif" alt="{w.home}" border="0"></a></td></tr><tr valign="top"><td width="150" bgcolor="#003366"><font face="Arial" size="1">'
        + "".join(f'<a href="rub.php3?id={i}">{w.world} {i}</a><br>' for i in range(14))
        + f'</font></td><td width="530"><font face="Arial" size="4"><b>{e(a.title)}</b></font><br><font size="1">04/04/2003</font><br><br>'
        f'<table width="200" align="right" border="0"><tr><td><img src="photos/71.jpg" width="200" alt=""><br><font size="1"><i>{e(w.photo)}</i></font></td></tr></table>'
        f'<font face="Arial" size="2">{"<br><br>".join(e(p) for p in a.paragraphs)}</font><br><br><a href="imprimer.php3?id=71"><font size="1">{w.share}</font></a></td>'
        f'<td width="300"><table width="100%" cellpadding="6"><tr><td><font face="Arial" size="2"><b>{w.related}</b></font></td></tr>{side}<tr><td><font face="Arial" size="2">{e(w.newsletter)}</font></td></tr></table></td></tr>'
        f'<tr><td colspan="3" align="center"><font size="1">{e(w.rights)}</font></td></tr></table></body></html>'
    )


def text_over_two_columns(a: Story, others: list[Story], w: Words) -> str:
    """Squarespace: the text goes on in a second column of the row; a third one has teasers in blocks like it."""
    half = (len(a.paragraphs) + 1) // 2

    def block(inside: str, n: int) -> str:
        return f'<div class="sqs-block html-block sqs-block-html" data-block-type="2" id="block-yui_3_17_2_1_17{n}"><div class="sqs-block-content"><div class="sqs-html-content">{inside}</div></div></div>'

    def text(paragraphs: tuple[str, ...]) -> str:
        return "".join(f'<p class="" style="white-space:pre-wrap;">{e(p)}</p>' for p in paragraphs)

    side = "".join(
        block(
            f'<h3 style="white-space:pre-wrap;"><a href="/blog/{i}">{e(o.title)}</a></h3>{text((o.summary,))}',
            70 + i,
        )
        for i, o in enumerate(others)
    )
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)} — Journal</title><meta itemprop="headline" content="{e(a.title)}"></head>'
        '<body id="collection-5f1" class="tweak-blog-basic-grid view-item collection-type-blog"><div id="siteWrapper" class="clearfix site-wrapper"><header id="header" class="header"><div class="header-nav-list">'
        + "".join(
            f'<div class="header-nav-item header-nav-item--collection"><a href="/c{i}">{w.world} {i}</a></div>'
            for i in range(7)
        )
        + f'</div></header><main id="page" class="container"><div class="blog-item-wrapper"><div class="blog-item-title"><h1 class="entry-title" data-content-field="title">{e(a.title)}</h1></div>'
        '<div class="sqs-layout sqs-grid-12 columns-12" data-type="item"><div class="row sqs-row" style="display:flex">'
        f'<div class="col sqs-col-5 span-5">{block(text(a.paragraphs[:half]), 1)}</div>'
        f'<div class="col sqs-col-5 span-5"><div class="sqs-block image-block"><figure class="sqs-block-image-figure"><img src="a.png" alt=""><figcaption class="image-caption-wrapper"><p>{e(w.photo)}</p></figcaption></figure></div>{block(text(a.paragraphs[half:]), 2)}</div>'
        f'<div class="col sqs-col-2 span-2">{block(f"<h2>{w.related}</h2>", 3)}{side}</div></div>'
        f'<div class="row sqs-row"><div class="col sqs-col-12 span-12"><div class="sqs-block newsletter-block"><p>{e(w.newsletter)}</p></div></div></div></div></div></main>'
        f'<footer class="sections" id="footer-sections">{block(text((w.rights,)), 9)}</footer></div></body></html>'
    )


def offers_as_paragraphs_of_wordpress(a: Story, others: list[Story], w: Words) -> str:
    """Joining and newsletter lines are paragraphs of the entry, some bold, some a link, as editors paste them."""
    app, channel, member = OFFERS[lang_of(w)][1], OFFERS[lang_of(w)][0], OFFERS[lang_of(w)][2]
    put = {
        0: f"<p><strong>{e(channel)}</strong></p>",
        1: f"<p><strong>{w.related}: <a href='/9'>{e(others[0].title)}</a></strong></p>",
        2: f"<p><a href='/app' target='_blank' rel='noopener'>{e(app)}</a></p>",
        3: f"<p><em>{e(w.newsletter)}</em></p>",
    }
    text = "".join(f"<p>{e(p)}</p>\n{put.get(n, '')}" for n, p in enumerate(a.paragraphs))
    return (
        f"{html_of(w)}<head><meta charset='UTF-8'><title>{e(a.title)} - {w.home}</title><meta name='generator' content='WordPress 6.4.3'></head>"
        f"<body class='post-template-default single single-post postid-71 td-standard-pack'><div id='td-outer-wrap'><div class='td-header-menu-wrap'><ul class='sf-menu'>{''.join(f'<li class=menu-item><a href=/c/{i}>{w.world} {i}</a></li>' for i in range(11))}</ul></div>"
        f"<div class='td-container'><div class='td-pb-row'><div class='td-pb-span8 td-main-content'><article class='post-71 post type-post'><div class='td-post-header'><h1 class='entry-title'>{e(a.title)}</h1></div>"
        f"<div class='td-post-content tagdiv-type'><div class='td-post-featured-image'><figure><img class='entry-thumb' src='i.jpg' alt=''><figcaption class='wp-caption-text'>{e(w.photo)}</figcaption></figure></div>\n{text}"
        f"<p>{e(member)}</p></div></article></div><div class='td-pb-span4 td-main-sidebar'>"
        + "".join(
            f"<div class='td_module_6'><h3 class='td-module-title'><a href='/{i}'>{e(o.title)}</a></h3><div class='td-excerpt'>{e(o.summary)}</div></div>"
            for i, o in enumerate(others)
        )
        + f"</div></div></div><div class='td-sub-footer-container'><p>{e(w.rights)}</p></div></div></body></html>"
    )


def donations_between_divs(a: Story, others: list[Story], w: Words) -> str:
    """A non-profit site with hashed classes: asks for money stand before, in and after the text, unmarked."""
    first, second, third = OFFERS[lang_of(w)]
    lines = [first, *a.paragraphs[:1], w.newsletter, *a.paragraphs[1:2], second, *a.paragraphs[2:], third]
    text = "".join(
        f'<div class="sc-1w0 kVbqZp"><div class="sc-abc iYtRrE">{e(line)}</div></div>' for line in lines
    )
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><style data-styled="active"></style></head><body><div id="app"><div class="sc-hdr fQwZ">'
        + "".join(f'<a class="sc-lnk" href="/t/{i}">{w.world} {i}</a>' for i in range(8))
        + f'</div><div class="sc-pg mWwX"><div class="sc-ttl"><h1 class="sc-h1">{e(a.title)}</h1><div class="sc-dk">{e(a.summary)}</div></div><div class="sc-img"><img src="/1.webp" alt=""><span class="sc-cap">{e(w.photo)}</span></div>'
        f'<div class="sc-bd pLkJ">{text}</div><div class="sc-by">{e(w.author)}</div></div><div class="sc-rel">'
        + "".join(
            f'<a class="sc-crd" href="/{i}"><div class="sc-ct">{e(o.title)}</div><div class="sc-cs">{e(o.summary)}</div></a>'
            for i, o in enumerate(others)
        )
        + f'</div><div class="sc-ft">{e(w.rights)}</div></div></body></html>'
    )


def membership_and_app_components(a: Story, others: list[Story], w: Words) -> str:
    """A newspaper's components: an offer is the same text component as a paragraph, its last words a link."""
    offers = list(OFFERS[lang_of(w)])

    def component(inside: str, n: int) -> str:
        return f'<section class="c-article__section" data-component="text-block" data-n="{n}"><p class="c-text c-text--body">{inside}</p></section>'

    def linked(line: str) -> str:
        before, inner, after = pieces(line)
        return f'{e(before)}<a class="c-link" href="/go?src=inline">{e(inner)}</a>{e(after)}'

    parts: list[str] = []
    for n, p in enumerate(a.paragraphs):
        parts.append(component(e(p), len(parts)))
        if n == 0:
            parts.append(component(linked(offers[0]), len(parts)))
        elif n == 1:
            parts.append(component(e(offers[1]), len(parts)))
            parts.append(component(e(w.newsletter), len(parts)))
    parts.append(component(linked(offers[2]), len(parts)))
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><script type="application/ld+json">{in_script(json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": a.title, "description": a.summary, "isAccessibleForFree": True}))}</script></head>'
        f'<body class="t-default"><header class="c-header"><nav class="c-nav">{"".join(f"<a href=/x{i}>{w.world} {i}</a>" for i in range(10))}</nav></header><main class="l-main"><div class="c-article"><header class="c-article__head"><h1 class="c-article__title">{e(a.title)}</h1></header>'
        f'<figure class="c-media"><img src="m.jpg" alt=""><figcaption class="c-media__caption">{e(w.photo)}</figcaption></figure>{"".join(parts)}</div>'
        f'<div class="c-teaserlist"><h2>{w.related}</h2>'
        + "".join(
            f'<div class="c-teaser"><h3 class="c-teaser__title"><a href="/{i}">{e(o.title)}</a></h3><p class="c-text c-text--teaser">{e(o.summary)}</p></div>'
            for i, o in enumerate(others)
        )
        + f'</div></main><footer class="c-footer"><p class="c-text">{e(w.rights)}</p></footer></body></html>'
    )


def about_the_agency_before_the_text(a: Story, others: list[Story], w: Words) -> str:
    """Joomla 1.5 of an exile agency: the module above the text has paragraphs as it does; titles are table cells."""
    about = "".join(f"<p>{e(line)}</p>" for line in ABOUT[lang_of(w)])
    latest = "".join(
        f'<li class="latestnews"><a class="latestnews" href="/{i}">{e(o.title)}</a><br>{e(o.summary)}</li>'
        for i, o in enumerate(others)
    )
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><meta name="generator" content="Joomla! 1.5 - Open Source Content Management"></head><body id="page_bg"><div id="wrapper">'
        f'<div id="tabarea"><table id="mainlevel-nav"><tr><td>{"".join(f"<a class=mainlevel-nav href=/m{i}>{w.world} {i}</a>" for i in range(8))}</td></tr></table></div>'
        f'<div id="whitebox_m"><div id="area"><div id="maincolumn"><div class="moduletable">{about}</div>'
        f'<table class="contentpaneopen"><tr><td class="contentheading">{e(a.title)}</td></tr></table><table class="contentpaneopen"><tr><td class="createdate">04/04/2011</td></tr><tr><td>'
        f'<div class="img_caption"><img class="caption" src="71.jpg" alt=""><p class="img_caption">{e(w.photo)}</p></div>'
        + "".join(f"<p>{e(p)}</p>" for p in a.paragraphs)
        + f'</td></tr></table><span class="article_separator">&nbsp;</span></div><div id="rightcolumn"><div class="moduletable"><ul class="latestnews">{latest}</ul></div><div class="moduletable"><p>{e(w.newsletter)}</p></div></div></div></div>'
        f'<div id="footer"><p>{e(w.rights)}</p></div></div></body></html>'
    )


def about_the_newsroom_after_the_text(a: Story, others: list[Story], w: Words) -> str:
    """The end of the text runs on, in the same container and markup, into what the newsroom says of itself."""
    lines = [*a.paragraphs, *ABOUT[lang_of(w)]]
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><meta property="og:title" content="{e(a.title)}"><meta property="og:type" content="article"></head><body><div class="wrap"><div class="topbar"><a href="/">{w.home}</a>'
        + "".join(f' · <a href="/{i}/">{w.world} {i}</a>' for i in range(6))
        + f'</div><div class="layout"><div class="layout-main"><div class="kicker">{w.world}</div><div class="hl">{e(a.title)}</div><div class="dateline">4.4.2025</div><div class="pic"><img src="/p.jpg" alt=""><div class="pic-text">{e(w.photo)}</div></div>'
        f'<div class="rte">{"".join(f"<p>{e(line)}</p>" for line in lines)}</div><div class="share"><a href="#">{w.share}</a></div>'
        f'<div class="thread"><div class="thread-item"><p>{e(w.comment)}</p><a href="#">{w.reply}</a></div></div></div><div class="layout-side">'
        + "".join(
            f'<div class="tile"><a href="/{i}/x"><b>{e(o.title)}</b></a><p>{e(o.summary)}</p></div>'
            for i, o in enumerate(others)
        )
        + f'<div class="tile"><p>{e(w.newsletter)}</p></div></div></div><div class="bottom"><p>{e(w.rights)}</p></div></div></body></html>'
    )


def statements_of_a_portal_around_the_text(a: Story, others: list[Story], w: Words) -> str:
    """A portal's editor output: spans in paragraphs, the portal's statements before and after them without a mark."""
    before, *after = ABOUT[lang_of(w)]

    def line(text: str) -> str:
        return f'<p style="text-indent: 2em; line-height: 1.75em;"><span style="font-family: sans-serif; font-size: 16px;">{e(text)}</span></p>'

    text = line(before) + "".join(map(line, a.paragraphs)) + "".join(map(line, after))
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><meta name="ArticleTitle" content="{e(a.title)}"><title>{e(a.title)}</title></head><body><div class="top"><div class="w1200">{"".join(f"<a href=/ch{i}>{w.world} {i}</a>|" for i in range(16))}</div></div>'
        f'<div class="w1200 clearfix"><div class="pos"><a href="/">{w.home}</a>&gt;<a href="/ch1">{w.world}</a></div><div class="left_zw"><div class="bt">{e(a.title)}</div><div class="info">2025-04-04 09:12:30 <span id="hits">328</span></div>'
        f'<div class="TRS_Editor" id="zoom"><div class="Custom_UnionStyle">{text}</div></div><div class="bdsharebuttonbox"><a href="#">{w.share}</a></div><div class="pl"><span>{w.comments}</span><p>{e(w.comment)}</p></div></div>'
        f'<div class="right_lb"><div class="tit">{w.most}</div><ul>'
        + "".join(
            f'<li><a href="/{i}.shtml" title="{e(o.title)}">{e(o.title)}</a><span>{e(o.summary)}</span></li>'
            for i, o in enumerate(others)
        )
        + f'</ul><div class="ewm"><img src="q.png" alt=""><span>{e(w.newsletter)}</span></div></div></div><div class="foot">{e(w.rights)}</div></body></html>'
    )


def deck_far_from_the_body(a: Story, others: list[Story], w: Words) -> str:
    """A feature template: the deck is in the full-width head; stories below have decks of the same class."""
    cards = "".join(
        f'<article class="story-card"><p class="kicker"><a href="/c">{w.world}</a></p><h2 class="story-card__title"><a href="/{i}">{e(o.title)}</a></h2><p class="standfirst">{e(o.summary)}</p></article>'
        for i, o in enumerate(others)
    )
    return (
        f'{html_of(w, " class=no-js")}<head><meta charset="utf-8"><title>{e(a.title)}</title></head><body class="article article--feature"><header class="masthead"><a class="logo" href="/">{w.home}</a><button type="button">≡</button></header>'
        f'<section class="opener"><picture><source srcset="h.webp"><img src="h.jpg" alt=""></picture><p class="opener__credit">{e(w.photo)}</p><div class="opener__text"><p class="kicker"><a href="/c">{w.world}</a></p><h1>{e(a.title)}</h1><p class="standfirst">{e(a.summary)}</p></div></section>'
        f'<section class="strip"><ul class="strip__list">{"".join(f"<li><a href=/l{i}>{e(o.title)}</a></li>" for i, o in enumerate(others))}</ul></section>'
        f'<section class="meta-bar"><time datetime="2025-04-04">4.4.2025</time><a href="#c">{w.comments}</a><a href="#s">{w.share}</a></section>'
        f'<section class="copy">{"".join(f"<p>{e(p)}</p>" for p in a.paragraphs)}</section><section class="signoff"><p>{e(w.author)}</p></section>'
        f'<section class="more">{cards}</section><section class="promo"><h2>{w.home}</h2><p class="standfirst">{e(w.newsletter)}</p></section><footer><small>{e(w.rights)}</small></footer></body></html>'
    )


def entry_of_a_live_blog(a: Story, others: list[Story], w: Words) -> str:
    """The page is one pinned entry's address; entries before and after it have the same markup and other stories."""

    def entry(n: int, title: str, paragraphs: tuple[str, ...], more: str = "") -> str:
        return (
            f'<li class="lx-stream__post-container" id="post-6{n}f0"><article class="lx-stream-post gs-u-pb-alt+" aria-labelledby="t{n}"><div class="lx-stream-post__meta"><time datetime="2025-04-04T{18 - n}:{10 + n}:00Z">{18 - n}:{10 + n}</time></div>'
            f'<h3 class="lx-stream-post__header-title" id="t{n}"><span class="lx-stream-post__header-text">{e(title)}</span></h3><div class="lx-stream-post-body">{more}'
            + "".join(f"<p>{e(p)}</p>" for p in paragraphs)
            + f'</div><div class="lx-share-tools"><a href="#post-6{n}f0">{w.share}</a></div></article></li>'
        )

    caption = (
        f'<figure class="lx-media"><img src="x.jpg" alt=""><figcaption>{e(w.photo)}</figcaption></figure>'
    )
    entries = [
        entry(0, others[0].title, (others[0].summary, others[0].paragraphs[0])),
        entry(1, a.title, a.paragraphs, caption),
        entry(2, others[1].title, (others[1].summary,)),
        entry(3, others[2].title, (others[2].summary, others[2].paragraphs[0])),
    ]
    data = {
        "@context": "http://schema.org",
        "@type": "LiveBlogPosting",
        "headline": a.title,
        "liveBlogUpdate": [
            {"@type": "BlogPosting", "headline": s.title, "url": f"#post-6{n}f0"}
            for n, s in enumerate([others[0], a, *others[1:]])
        ],
    }
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><link rel="canonical" href="https://news.example/live/world-71?pinned_post_locator=61f0#post-61f0"><meta property="og:title" content="{e(a.title)}"><meta property="og:description" content="{e(a.summary)}">'
        f'<script type="application/ld+json">{in_script(json.dumps(data))}</script></head><body><div class="orb-nav"><ul>{"".join(f"<li><a href=/n{i}>{w.world} {i}</a></li>" for i in range(10))}</ul></div>'
        f'<div class="lx-page"><header class="lx-event-header"><h1>{e(a.title)}</h1><p>{e(a.summary)}</p></header><div class="lx-columns"><div class="lx-commentary"><ol class="lx-stream__feed">{"".join(entries)}</ol><nav class="lx-pagination"><span>1</span><a href="?p=2">2</a></nav></div>'
        f'<div class="lx-sidebar"><p>{e(w.newsletter)}</p><ul>{"".join(f"<li><a href=#post-6{n}f0>{e(o.title)}</a></li>" for n, o in enumerate(others))}</ul></div></div></div><footer><p>{e(w.rights)}</p></footer></body></html>'
    )


def gallery_around_the_text(a: Story, others: list[Story], w: Words) -> str:
    """Slides with captions before and after the text, captions in paragraphs; then slides that are other galleries."""
    own = CAPTIONS[lang_of(w)]

    def slide(n: int, caption: str) -> str:
        return f'<div class="swiper-slide" data-index="{n}"><img data-src="/g/{n}.jpg" alt="" class="swiper-lazy"><div class="slide-info"><span>{n}/{len(own) + 1}</span><p>{e(caption)}</p></div></div>'

    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><meta name="description" content="{e(a.summary)}"></head><body class="page-fotogaleria"><div class="main-menu"><ul>{"".join(f"<li><a href=/{i}>{w.world} {i}</a></li>" for i in range(13))}</ul></div>'
        f'<div class="content-wrapper"><div class="gallery-top"><h1 class="gallery-title">{e(a.title)}</h1><div class="swiper-container"><div class="swiper-wrapper">{slide(1, w.photo)}{slide(2, own[0])}</div><div class="swiper-pagination"></div></div></div>'
        f'<div class="gallery-body">{"".join(f"<p>{e(p)}</p>" for p in a.paragraphs)}</div>'
        f'<div class="gallery-bottom"><div class="swiper-container"><div class="swiper-wrapper">{slide(3, own[1])}{slide(4, own[2])}</div></div></div>'
        f'<div class="gallery-next"><p class="gallery-next-title">{w.related}</p><div class="swiper-wrapper">'
        + "".join(
            f'<div class="swiper-slide"><a href="/f/{i}"><img src="/g/o{i}.jpg" alt=""></a><div class="slide-info"><p><a href="/f/{i}">{e(o.title)}</a></p><p>{e(o.summary)}</p></div></div>'
            for i, o in enumerate(others)
        )
        + f'</div></div><div class="boletin"><p>{e(w.newsletter)}</p></div><div class="opiniones"><strong>{w.comments}</strong><p>{e(w.comment)}</p></div></div><div class="pie"><p>{e(w.rights)}</p></div></body></html>'
    )


def next_articles_loaded_below(a: Story, others: list[Story], w: Words) -> str:
    """Endless scrolling rendered on the server: whole other articles follow, each in the markup of the first."""

    def whole(n: int, s: Story) -> str:
        return (
            f'<div class="infinite-item" data-url="https://news.example/{71 + n}" data-title="{e(s.title)}"><article class="single-article" id="article-{71 + n}"><header><h1 class="headline">{e(s.title)}</h1><h2 class="subhead">{e(s.summary)}</h2>'
            f'<div class="byline"><time datetime="2025-04-0{4 - n}">0{4 - n}.04.2025</time></div></header><figure class="lead"><img src="{n}.jpg" alt=""><figcaption>{e(w.photo)}</figcaption></figure>'
            f'<div class="article-body" itemprop="articleBody">{"".join(f"<p>{e(p)}</p>" for p in s.paragraphs)}</div><div class="article-tags"><a href="/t">{w.world}</a></div></article></div><div class="ad-unit ad-between"></div>'
        )

    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title><link rel="canonical" href="https://news.example/71"><meta property="og:url" content="https://news.example/71"><meta property="og:title" content="{e(a.title)}"></head>'
        f'<body><header class="site-head"><nav>{"".join(f"<a href=/c{i}>{w.world} {i}</a>" for i in range(9))}</nav></header><div id="infinite-scroll" data-next="/api/next?after=74">'
        + "".join(whole(n, s) for n, s in enumerate([a, *others]))
        + f'</div><div class="sticky-signup"><p>{e(w.newsletter)}</p></div><footer><p>{e(w.rights)}</p></footer></body></html>'
    )


def bullets_with_a_drop_cap(a: Story, others: list[Story], w: Words) -> str:
    """All but the first paragraph are list items; the first begins with a letter in a span; teasers are lists too."""
    first = a.paragraphs[0]
    size = 2 if first[0] in "«\"'„¡¿" else 1
    bold = []
    for p in a.paragraphs[1:]:
        before, inner, after = pieces(p)
        bold.append(
            f'<li class="gtm-story-li"><strong>{e(before)}</strong>{e(inner)}<a href="/topic" class="gtm-content-link">{e(after)}</a></li>'
        )
    half = (len(bold) + 1) // 2
    return (
        f'{html_of(w)}<head><meta charset="utf-8"><title>{e(a.title)}</title></head><body><div class="flex flex-col"><div class="nav-drawer"><ul>{"".join(f"<li><a href=/x{i}>{w.world} {i}</a></li>" for i in range(15))}</ul></div>'
        f'<div class="grid-layout"><div class="col-1-13"><h1 class="h2">{e(a.title)}</h1><div class="image-block"><img src="s.jpg" alt=""><div class="image-credit">{e(w.photo)}</div></div>'
        f'<div class="story-text"><span class="schema-smart-brevity"><p class="gtm-p"><span class="first-letter">{e(first[:size])}</span>{e(first[size:])}</p></span><ul>{"".join(bold[:half])}</ul>'
        f'<div class="ad-rail" data-ad="mid"></div><ul>{"".join(bold[half:])}</ul></div>'
        f'<div class="go-deeper"><b>{w.related}</b><ul>{"".join(f"<li class=gtm-story-li><a href=/d{i}><strong>{e(o.title)}</strong></a> {e(o.summary)}</li>" for i, o in enumerate(others))}</ul></div>'
        f'<div class="signup-box"><ul><li>{e(w.newsletter)}</li></ul></div></div></div><div class="foot"><ul><li>{e(w.rights)}</li></ul></div></div></body></html>'
    )


LAYOUTS: dict[Layout, str] = {
    next_app_router_html_string: "en uk",
    next_app_router_elements: "ar fr es he",
    next_app_router_blocks: "de zh hi",
    bootstrap_columns_of_a_regional_portal: "uk es hi",
    table_of_three_cells: "fr ar my",
    text_over_two_columns: "en de uk",
    offers_as_paragraphs_of_wordpress: "hi en",
    donations_between_divs: "uk es fr",
    membership_and_app_components: "de zh he",
    about_the_agency_before_the_text: "my ar",
    about_the_newsroom_after_the_text: "en he hi",
    statements_of_a_portal_around_the_text: "zh es de",
    deck_far_from_the_body: "en de fr",
    entry_of_a_live_blog: "en uk he",
    gallery_around_the_text: "es ar zh fr",
    nuxt_payload_of_rich_text: "fr uk zh",
    next_articles_loaded_below: "en es hi",
    bullets_with_a_drop_cap: "en uk de",
}
