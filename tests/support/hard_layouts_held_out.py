"""What programs get wrong: lists, cells, cards, appeals, pushed data, live pages. They only measure.

They were written by one who had read neither the rules nor other layouts.
"""

from __future__ import annotations

import json
import re
from html import escape as e

from cms_articles import Layout, Story, Words
from site_words import (
    LABELS,
    SAID,
    html_of,
    menu_of,
    meta_of,
    text_in_tag,
    with_link,
    words_of,
)


def list_items_layout_builder(a: Story, others: list[Story], w: Words) -> str:
    """Drupal's Layout Builder; after the first paragraph the text is in list items, as are the menus and other stories."""
    _code, s, x = words_of(w)
    cut = max(2, (len(a.paragraphs) + 1) // 2)
    first = "".join(f"<li>{text_in_tag(p)}</li>\n" for p in a.paragraphs[1:cut])
    second = "".join(
        f"<li><p>{with_link(p, n, 'strong')}</p></li>\n" for n, p in enumerate(a.paragraphs[cut:])
    )
    see = "".join(f'<li><a href="/node/{i}">{text_in_tag(o.title)}</a></li>' for i, o in enumerate(others))
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<meta name="Generator" content="Drupal 10 (https://www.drupal.org)" /></head><body class="path-node page-node-type-article"><div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas><div class="layout-container">
<header role="banner"><div class="region region-header"><nav role="navigation" id="block-main-menu" class="block block-menu navigation menu--main"><ul class="menu">{menu_of(w, 15, ' class="menu-item"')}</ul></nav></div></header>
<main role="main"><div class="layout-content"><div class="region region-content"><article data-history-node-id="771" class="node node--type-article node--view-mode-full"><div class="node__content">
<div class="layout layout--onecol"><div class="layout__region layout__region--content"><div class="block block-layout-builder block-field-blocknodearticletitle"><h1><span class="field field--name-title field--type-string field--label-hidden">{text_in_tag(a.title)}</span></h1></div><div class="block block-layout-builder block-field-blocknodearticlefield-deck"><div class="field field--name-field-deck field__item">{text_in_tag(a.summary)}</div></div></div></div>
<div class="layout layout--twocol-section layout--twocol-section--67-33"><div class="layout__region layout__region--first"><div class="block block-layout-builder block-field-blocknodearticlefield-image"><div class="field field--name-field-image field__item"><img loading="lazy" src="/sites/default/files/a.jpg" alt=""><blockquote class="image-field-caption"><p>{w.photo}</p></blockquote></div></div>
<div class="block block-layout-builder block-field-blocknodearticlebody"><div class="clearfix text-formatted field field--name-body field--type-text-with-summary field--label-hidden field__item">
<p>{with_link(a.paragraphs[0], 4)}</p>
<ul>
{first}</ul>
<div class="embedded-entity align-right"><h3>{w.related}</h3><ul>{see}</ul></div>
{f"<ol>{second}</ol>" if second else ""}
</div></div>
<div class="block block-layout-builder block-inline-blocknewsletter"><ul class="benefits"><li>{w.newsletter}</li><li>{x["channel"]}</li></ul></div>
<div class="block block-layout-builder block-field-blocknodearticlefield-tags"><ul class="links field__items"><li><a href="/t/1">{w.world}</a></li></ul></div>
<div class="block block-views block-views-blockcomments-recent"><ul>{"".join(f"<li><div class='views-field-comment-body'>{c}</div></li>" for c in (w.comment, x["comment2"]))}</ul></div></div>
<div class="layout__region layout__region--second"><div class="views-element-container block block-views block-views-blockmost-read"><h2>{w.most}</h2><div class="item-list"><ul>{"".join(f'<li><div class="views-field views-field-title"><span class="field-content"><a href="/m/{i}">{text_in_tag(o.title)}</a></span></div><div class="views-field views-field-body"><div class="field-content"><p>{text_in_tag(o.paragraphs[0])}</p></div></div></li>' for i, o in enumerate(others))}</ul></div></div><ul class="summaries">{"".join(f"<li>{text_in_tag(o.summary)}</li>" for o in others)}</ul></div></div></div></article></div></div></main>
<footer role="contentinfo"><div class="region region-footer"><ul><li>{x["about"]}</li><li>{w.author}</li><li>{w.rights}</li></ul></div></footer></div></div></body></html>"""


def drop_cap_and_pull_quotes(a: Story, others: list[Story], w: Words) -> str:
    """A Substack-like letter: the first letter is in a span, pull quotes repeat sentences before and after their place."""
    _code, s, x = words_of(w)
    first = a.paragraphs[0]

    def quote(p: str) -> str:
        return max(re.split(r"(?<=[.!?]) +", p), key=len)

    body = [
        f'<p class="first"><span class="dropcap" style="float:left;font-size:4em">{text_in_tag(first[0])}</span>{text_in_tag(first[1:])}</p>'
    ]
    for n, p in enumerate(a.paragraphs[1:], start=1):
        if n == 2:
            body.append(f'<div class="pullquote"><p>{text_in_tag(quote(p))}</p></div>')
        body.append(f"<p>{with_link(p, n, 'em')}</p>")
        if n == 1:
            body.append(
                f'<aside class="pull-quote right"><span class="quote-mark">“</span><p>{text_in_tag(quote(first))}</p><cite>{s["name"]}</cite></aside>'
            )
            body.append(
                f'<div class="subscription-widget-wrap"><div class="subscription-widget show-subscribe"><div class="preamble"><p class="cta-caption">{w.newsletter}</p></div><form class="subscription-widget-subscribe"><input type="email" class="email-input"><input type="submit" class="button primary" value="{s["go"]}"></form></div></div>'
            )
        if n == 2:
            body.append(
                f'<div class="captioned-image-container"><figure><a class="image-link image2" href="/i.png"><div class="image2-inset"><img src="/i.png" class="sizing-normal" alt=""></div></a><figcaption class="image-caption">{w.photo}</figcaption></figure></div>'
            )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}</head><body class="reader2-body"><div id="entry"><div id="main" class="main typography use-theme-bg"><div class="pencraft topBar"><a href="/">{s["site"]}</a><nav><ul>{menu_of(w, 6)}</ul></nav><button>{s["go"]}</button></div>
<div class="single-post-container"><div class="container"><div class="single-post"><div class="pencraft pc-display-contents typography"><article class="typography newsletter-post post"><div class="post-header" role="region"><h1 dir="auto" class="post-title published">{text_in_tag(a.title)}</h1><h3 dir="auto" class="subtitle">{text_in_tag(a.summary)}</h3><div class="byline-wrapper"><a href="/@h">{s["name"]}</a><div class="meta">{s["date"]}</div><div class="post-ufi"><a class="post-ufi-button">12</a><a class="post-ufi-button">{w.share}</a></div></div></div>
<div><div class="available-content"><div dir="auto" class="body markup">
{"".join(body)}
<div class="captioned-button-wrap"><div class="preamble"><p class="cta-caption">{x["appeal"]}</p></div><p class="button-wrapper"><a class="button primary" href="/subscribe"><span>{s["go"]}</span></a></p></div>
</div></div></div></article><div class="post-about-author"><p>{w.author}</p></div></div></div></div>
<div class="container comments-section"><h4>{w.comments}</h4><div class="comment-list"><div class="comment"><div class="comment-body"><p>{w.comment}</p></div><a>{w.reply}</a></div><div class="comment"><div class="comment-body"><p>{x["comment2"]}</p></div></div></div></div>
<div class="single-post-section"><div class="portable-archive"><div class="portable-archive-list">{"".join(f'<div role="article" class="post-preview portable-archive-post"><div class="post-preview-content"><a class="post-preview-title" href="/p/{i}">{text_in_tag(o.title)}</a><a class="post-preview-description" href="/p/{i}">{text_in_tag(o.summary)}</a><p>{text_in_tag(o.paragraphs[0])}</p></div></div>' for i, o in enumerate(others))}</div></div></div></div>
<div class="footer-wrap"><div class="footer-terms">© 2025 {s["name"]} · {w.rights}</div><div class="footer-slogan-blurb">{x["about"]}</div></div></div></div></body></html>"""


def breaks_in_blogger_divs(a: Story, others: list[Story], w: Words) -> str:
    """Blogger: the text is bare in a div, with two breaks between paragraphs, or in divs with a div for an empty line."""
    code, s, x = words_of(w)
    half = max(2, len(a.paragraphs) // 2)
    bare = "<br /><br />\n".join(with_link(p, n, "b") for n, p in enumerate(a.paragraphs[:half]))
    in_divs = "".join(f"<div>{text_in_tag(p)}</div><div><br /></div>\n" for p in a.paragraphs[half:])
    posts = "".join(
        f'<li><div class="item-content"><div class="item-thumbnail"><a href="/2025/05/{i}.html"><img alt="" src="/s72-c/{i}.jpg"/></a></div><div class="item-title"><a href="/2025/05/{i}.html">{text_in_tag(o.title)}</a></div><div class="item-snippet">{text_in_tag(o.paragraphs[0])}</div></div><div style="clear: both;"></div></li>'
        for i, o in enumerate(others)
    )
    dots = "<br /><br />".join(f"<b>{text_in_tag(o.title)}</b><br />{text_in_tag(o.summary)}" for o in others)
    return f"""<!DOCTYPE html><html class="v2" dir="{"rtl" if code in ("ar", "he") else "ltr"}" lang="{code}" xmlns="http://www.w3.org/1999/xhtml"><head>{meta_of(a, s["site"])}<meta content="blogger" name="generator"/></head><body class="loading variant-dark"><div class="content"><div class="content-outer"><div class="content-inner">
<header><div class="header-outer"><div class="widget Header" id="Header1"><h1 class="title"><a href="/">{s["site"]}</a></h1><p class="description"><span>{x["about"]}</span></p></div></div></header><div class="tabs-outer"><div class="widget PageList" id="PageList1"><ul>{menu_of(w, 10)}</ul></div></div>
<div class="main-outer"><div class="columns fauxcolumns"><div class="column-center-outer"><div class="main section" id="main"><div class="widget Blog" id="Blog1"><div class="blog-posts hfeed"><div class="date-outer"><h2 class="date-header"><span>{s["date"]}</span></h2><div class="date-posts"><div class="post-outer"><div class="post hentry uncustomized-post-template" itemprop="blogPost" itemscope="itemscope"><a name="8812"></a><h3 class="post-title entry-title" itemprop="name">{text_in_tag(a.title)}</h3><div class="post-header"><div class="post-header-line-1"></div></div>
<div class="post-body entry-content" id="post-body-8812" itemprop="description articleBody"><table align="center" cellpadding="0" cellspacing="0" class="tr-caption-container"><tbody><tr><td style="text-align: center;"><a href="/s1600/a.jpg"><img border="0" src="/s640/a.jpg" width="640" /></a></td></tr><tr><td class="tr-caption" style="text-align: center;">{w.photo}</td></tr></tbody></table>
{bare}<br /><br />
<div class="separator" style="clear: both; text-align: center;"><a href="/s1600/b.jpg"><img border="0" src="/s320/b.jpg" /></a></div>
{in_divs}<div style="clear: both;"></div></div>
<div class="post-footer"><div class="post-footer-line post-footer-line-1"><span class="post-author vcard">{s["name"]}</span><div class="post-share-buttons goog-inline-block"><a class="goog-inline-block share-button sb-email" href="#"><span class="share-button-link-text">{w.share}</span></a></div></div><div class="post-footer-line post-footer-line-2"><span class="post-labels">{w.tags}: <a href="/search/label/w" rel="tag">{w.world}</a></span></div></div></div>
<div class="comments" id="comments"><h4>{w.comments}</h4><div id="comments-block"><dl><dt class="comment-author">Unknown</dt><dd class="comment-body"><p>{w.comment}</p></dd></dl><div class="comment-body">{x["comment2"]}<br /><br />{w.reply}</div></div></div></div></div></div></div>
<div class="blog-pager" id="blog-pager"><a class="blog-pager-older-link" href="/o">{text_in_tag(others[0].title)}</a></div></div></div></div>
<div class="column-right-outer"><aside><div class="sidebar section"><div class="widget PopularPosts"><h2>{w.most}</h2><div class="widget-content popular-posts"><ul>{posts}</ul></div></div><div class="widget HTML" id="HTML2"><h2 class="title">{w.related}</h2><div class="widget-content">{dots}</div></div><div class="widget Text"><div class="widget-content">{w.newsletter}<br /><br />{x["appeal"]}</div></div><div class="widget Profile"><dl class="profile-datablock"><dd class="profile-textblock">{w.author}</dd></dl></div></div></aside></div></div></div>
<footer><div class="footer-outer"><div class="widget Attribution" id="Attribution1">{w.rights}<br /><br />{x["cookie"]}</div></div></footer></div></div></div></body></html>"""


def table_rows_php_portal(a: Story, others: list[Story], w: Words) -> str:
    """A hand-made portal of 2008: each paragraph in a row of its own, a column of other stories spans the rows."""
    code, s, x = words_of(w)
    column = "".join(
        f'<table width="100%" cellpadding="3" cellspacing="0" border="0" bgcolor="#EEF2F8"><tr><td class="small"><a href="news.php?id={i}"><b>{text_in_tag(o.title)}</b></a><br><font size="1" color="#777777">{s["date"]}</font><br>{text_in_tag(o.summary)}</td></tr><tr><td class="txt">{text_in_tag(o.paragraphs[0])}</td></tr></table>'
        for i, o in enumerate(others)
    )
    rows = []
    for n, p in enumerate(a.paragraphs):
        aside = (
            f'<td width="210" valign="top" rowspan="{len(a.paragraphs) + 1}" class="rcol"><font class="hd">{w.most}</font>{column}<p class="txt">{w.newsletter}</p></td>'
            if n == 0
            else ""
        )
        rows.append(
            f'<tr><td class="txt" valign="top"><font face="Verdana" size="2">{with_link(p, n, "b")}</font></td>{aside}</tr>'
        )
        if n == 0:
            rows.append(
                f'<tr><td align="center" class="txt"><img src="foto/1.jpg" width="400" border="0"><br><font size="1"><i>{w.photo}</i></font></td></tr>'
            )
    left = "".join(
        f'<tr><td class="mn"><a href="cat.php?c={i}">{w.world} {i}</a></td></tr>' for i in range(16)
    )
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd"><html{' dir="rtl"' if code in ("ar", "he") else ""}><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{s["site"]} :: {text_in_tag(a.title)}</title><link rel="stylesheet" type="text/css" href="style.css"></head>
<body bgcolor="#FFFFFF" topmargin="0" leftmargin="0"><center><table width="980" border="0" cellpadding="0" cellspacing="0"><tr><td colspan="2" height="90"><a href="index.php"><img src="img/logo.gif" border="0" alt="{s["site"]}"></a></td></tr>
<tr><td width="170" valign="top"><table width="100%" cellspacing="1"><tr><td class="mn"><a href="index.php">{w.home}</a></td></tr>{left}</table><table class="bn"><tr><td>{s["ad"]}<br><img src="bn/120x600.gif"></td></tr></table></td>
<td valign="top"><table width="100%" cellpadding="6" border="0"><tr><td colspan="2"><font class="title" size="4"><b>{text_in_tag(a.title)}</b></font><br><font size="1" color="#999999">{s["date"]} | {s["name"]} | 3412</font></td></tr>
{chr(10).join(rows)}
<tr><td class="txt" colspan="2"><font face="Verdana" size="2">{x["editor"]}</font></td></tr>
<tr><td colspan="2" class="txt"><font size="1">{w.author}</font></td></tr>
<tr><td colspan="2" align="right"><a href="print.php?id=8">print</a> | <a href="send.php?id=8">{w.share}</a></td></tr></table>
<table width="100%" border="0" cellpadding="4" bgcolor="#F7F7F7"><tr><td><b>{w.comments}</b></td></tr><tr><td class="txt"><b>Gast</b> (12:44)<br>{w.comment}</td></tr><tr><td class="txt"><b>anon</b> (13:02)<br>{x["comment2"]}</td></tr></table>
<table width="100%" border="0" cellpadding="4"><tr><td colspan="3"><b>{w.related}</b></td></tr><tr>{"".join(f'<td width="33%" valign="top" class="txt"><a href="news.php?id=1{i}">{text_in_tag(o.title)}</a><br>{text_in_tag(o.summary)}</td>' for i, o in enumerate(others))}</tr></table></td></tr>
<tr><td colspan="2" align="center" bgcolor="#DDDDDD"><font size="1">&copy; 2003-2025 {s["site"]}<br>{w.rights}<br>{x["about"]}</font></td></tr></table></center></body></html>"""


def split_by_ads_and_cards(a: Story, others: list[Story], w: Words) -> str:
    """Each paragraph is in a section of its own; advertisements, cards and offers are the sections between them."""
    _code, s, x = words_of(w)

    def card(o: Story) -> str:
        return f'<section class="st-section st-section--embed"><div class="st-card"><a href="/c" class="st-card__link"><span class="st-card__kicker">{w.related}</span><strong class="st-card__headline">{text_in_tag(o.title)}</strong></a><p class="st-text">{text_in_tag(o.paragraphs[0])}</p></div></section>'

    between = [
        f'<section class="st-section"><div class="st-ad"><span>{s["ad"]}</span><div id="div-gpt-ad-1700-0" style="min-height:250px"><script>googletag.cmd.push(function(){{googletag.display("div-gpt-ad-1700-0");}});</script></div></div></section>{card(others[0])}',
        f'<section class="st-section st-section--promo"><div class="st-promo"><p class="st-text"><strong>{w.newsletter}</strong></p><form><input type="email"><button>{s["go"]}</button></form></div></section><section class="st-section"><figure><img src="/p.jpg" alt=""><figcaption class="st-caption">{w.photo}</figcaption></figure></section>',
        f'{card(others[1])}<section class="st-section"><div class="OUTBRAIN" data-widget-id="AR_6"><p class="st-text">{x["channel"]}</p></div></section>',
        card(others[2]),
    ]
    body = []
    for n, p in enumerate(a.paragraphs):
        body.append(
            f'<section class="st-section st-section--text" data-index="{n}"><div class="st-text"><p>{with_link(p, n)}</p></div></section>'
        )
        if n < len(a.paragraphs) - 1 and n < len(between):
            body.append(between[n])
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}</head><body><div id="__app"><header class="gh"><div class="gh__in"><a href="/">{s["site"]}</a><ul class="gh__nav">{menu_of(w, 19)}</ul></div></header><div class="ticker"><ul>{"".join(f'<li><a href="/q{i}">{text_in_tag(o.title)}</a></li>' for i, o in enumerate(others))}</ul></div>
<main class="st"><section class="st-section st-section--head"><h1 class="st-headline">{text_in_tag(a.title)}</h1><p class="st-deck">{text_in_tag(a.summary)}</p><div class="st-meta"><span>{s["name"]}</span><time>{s["date"]}</time></div></section>
{chr(10).join(body)}
<section class="st-section"><div class="st-text st-text--end"><p>{x["appeal"]}</p></div></section>
<section class="st-section"><div class="st-author"><b>{s["name"]}</b><p>{w.author}</p></div></section>
<section class="st-section"><h2>{w.most}</h2>{"".join(f'<div class="st-card"><h3><a href="/m{i}">{text_in_tag(o.title)}</a></h3><div class="st-text"><p>{text_in_tag(o.summary)}</p></div></div>' for i, o in enumerate(others))}</section>
<section class="st-section"><h2>{w.comments}</h2><div class="st-comment"><p>{w.comment}</p></div><div class="st-comment"><p>{x["comment2"]}</p></div></section></main>
<footer class="gf"><p>{x["about"]}</p><p>{w.rights}</p></footer><div class="cmp"><p>{x["cookie"]}</p></div></div></body></html>"""


def captions_facts_and_bio(a: Story, others: list[Story], w: Words) -> str:
    """Captions are plain paragraphs between those of the text; a fact box is inside it and the author's note ends it."""
    _code, s, x = words_of(w)
    body = []
    for n, p in enumerate(a.paragraphs):
        body.append(f"<p>{with_link(p, n)}</p>")
        if n == 0:
            body.append(
                f'<p><img class="alignnone size-full" src="/uploads/1.jpg" alt="" width="900" height="600" /></p>\n<p><em>{w.photo}</em></p>'
            )
        if n == 1:
            body.append(
                f"""<div class="factbox"><h4 class="factbox__title">{s["facts"]}</h4><p>{x["fact1"]}</p><ul><li>{x["fact2"]}</li></ul></div>
<p style="text-align: center;"><img src="/uploads/2.jpg" alt="" width="900" height="600" /><br /><small>{x["cap"]}</small></p>"""
            )
    body.append(f"<hr />\n<p><em><strong>{s['name']}</strong>. {w.author}</em></p>")
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}</head><body class="single"><div class="top"><a class="logo" href="/">{s["site"]}</a><div class="mainmenu"><ul>{menu_of(w, 14)}</ul></div></div>
<div class="page"><div class="col-main"><div class="entry"><h1>{text_in_tag(a.title)}</h1><div class="lead">{text_in_tag(a.summary)}</div><div class="info">{s["date"]} / {s["name"]} / <a href="#c">{w.comments} (2)</a></div>
<div class="entry-text">
{chr(10).join(body)}
</div><div class="bottom-tags">{w.tags}: <a href="/t/w">{w.world}</a></div></div>
<div class="read-next"><h3>{w.related}</h3>{"".join(f'<div class="rn"><img src="/r{i}.jpg" alt=""><h4><a href="/r/{i}">{text_in_tag(o.title)}</a></h4><p>{text_in_tag(o.summary)}</p></div>' for i, o in enumerate(others))}</div>
<div id="c" class="opinions"><h3>{w.comments}</h3><div class="opinion"><b>Max</b><p>{w.comment}</p><a href="#">{w.reply}</a></div><div class="opinion"><b>I.</b><p>{x["comment2"]}</p></div></div></div>
<div class="col-side"><h3>{w.most}</h3>{"".join(f'<p class="side-item"><a href="/s/{i}">{text_in_tag(o.title)}</a></p><p>{text_in_tag(o.paragraphs[0])}</p>' for i, o in enumerate(others))}<div class="mail"><p>{w.newsletter}</p></div></div></div><div class="foot"><p>{x["about"]}</p><p>{w.rights}</p></div></body></html>"""


def appeals_in_text_markup(a: Story, others: list[Story], w: Words) -> str:
    """Appeals, offers, links to other stories, the correction and the "about us" have the markup of the text."""
    _code, s, x = words_of(w)
    between = [
        x["channel"],
        f'<strong>{w.related}: <a href="/o">{text_in_tag(others[0].title)}</a></strong>',
        w.newsletter,
        f'<a href="/donate"><strong>{x["appeal"]}</strong></a>',
    ]
    body = []
    for n, p in enumerate(a.paragraphs):
        body.append(f'<p class="article__p">{with_link(p, n)}</p>')
        if n < min(len(between), len(a.paragraphs) - 1):
            body.append(f'<p class="article__p">{between[n]}</p>')
    end = (
        f"<em>{x['correction']}</em>",
        f"<strong>{x['appeal']}</strong>",
        f'{x["editor"]} <a href="/contact">{s["site"]}</a>',
        x["about"],
    )
    body.extend(f'<p class="article__p">{line}</p>' for line in end)
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}</head><body><div class="layout"><header class="layout__header"><a class="brand" href="/">{s["site"]}</a><nav class="rubrics"><ul>{menu_of(w, 12)}</ul></nav></header>
<main class="layout__main"><article class="article"><h1 class="article__title">{text_in_tag(a.title)}</h1><div class="article__meta"><time datetime="2025-05-14">{s["date"]}</time><span class="article__author">{s["name"]}</span></div><figure class="article__figure"><img src="/a.webp" alt=""><figcaption>{w.photo}</figcaption></figure>
<div class="article__content">
{chr(10).join(body)}
</div></article><div class="about-author"><p>{w.author}</p></div>
<div class="article-list"><h2>{w.most}</h2>{"".join(f'<div class="article-list__item"><a href="/n/{i}">{text_in_tag(o.title)}</a><p>{text_in_tag(o.summary)}</p><p>{text_in_tag(o.paragraphs[0])}</p></div>' for i, o in enumerate(others))}</div>
<div class="discussion"><h2>{w.comments}</h2><div class="discussion__item">{w.comment}</div><div class="discussion__item">{x["comment2"]}</div></div></main><footer class="layout__footer"><p>{w.rights}</p></footer></div></body></html>"""


def next_flight_only(a: Story, others: list[Story], w: Words) -> str:
    """Next.js, rendered in the browser: the story is only in the pushed rows, cut anywhere; teasers are in the page."""
    code, s, x = words_of(w)
    said = SAID[code]
    story = {
        "__typename": "Article",
        "id": "a-88121",
        "headline": a.title,
        "standfirst": a.summary,
        "authors": [{"name": LABELS[code]["name"], "bio": w.author}],
        "body": [
            element
            for n, p in enumerate(a.paragraphs)
            for element in (
                [{"type": "paragraph", "content": f"<p>{with_link(p, n)}</p>"}]
                + ([{"type": "image", "src": "/a.jpg", "caption": w.photo}] if n == 0 else [])
                + (
                    [{"type": "newsletter", "title": w.newsletter, "cta": LABELS[code]["go"]}]
                    if n == 1
                    else []
                )
            )
        ],
        "copyright": w.rights,
        "related": [
            {
                "__typename": "Article",
                "headline": o.title,
                "standfirst": o.summary,
                "excerpt": o.paragraphs[0],
            }
            for o in others
        ],
    }
    dump = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))  # noqa: E731
    rows = [
        '1:"$Sreact.fragment"',
        '2:I[87555,["177","static/chunks/app/layout-5a1c.js"],""]',
        '9:I[61120,["931","static/chunks/app/%5Bslug%5D/page-77de.js"],"ArticleView"]',
        "0:"
        + dump(
            {
                "P": None,
                "b": "Xk2p9",
                "p": "",
                "c": ["", "world", "a-88121"],
                "i": False,
                "f": [[["", {}], "$L5"]],
            }
        ),
        "5:"
        + dump(["$", "$1", "c", {"children": [["$", "$L9", None, {"article": story, "ads": True}], "$L6"]}]),
        "6:"
        + dump(
            [
                "$",
                "footer",
                None,
                {"className": "ft", "children": ["$", "p", None, {"children": said["about"]}]},
            ]
        ),
        "7:" + dump([["$", "title", "0", {"children": a.title}]]),
    ]
    flight = "\n".join(rows) + "\n"
    step = 610
    pushed = "".join(
        "<script>self.__next_f.push([1,"
        + json.dumps(flight[i : i + step], ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
        + "])</script>"
        for i in range(0, len(flight), step)
    )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<link rel="preload" as="script" fetchPriority="low" href="/_next/static/chunks/webpack-1.js"/><script src="/_next/static/chunks/main-app-1.js" async=""></script></head><body class="__className_d65c78">
<header class="Header_root__Qx1"><a href="/">{s["site"]}</a><nav class="Header_nav__9zA"><ul>{menu_of(w, 11)}</ul></nav></header>
<main class="Page_main__x81"><!--$!--><template data-dgst="BAILOUT_TO_CLIENT_SIDE_RENDERING"></template><div class="Skeleton_root__a2"><div class="Skeleton_line__1b"></div><div class="Skeleton_line__1b"></div></div><!--/$-->
<section class="Teasers_root__0kk"><h2>{w.most}</h2>{"".join(f'<article class="Teaser_card__77"><h3><a href="/t/{i}">{text_in_tag(o.title)}</a></h3><p class="Teaser_text__3c">{text_in_tag(o.summary)}</p></article>' for i, o in enumerate(others))}</section></main>
<div class="Consent_root__u2" hidden=""><p>{x["cookie"]}</p></div><footer class="Footer_root__t1"><p>{w.rights}</p></footer>
<script src="/_next/static/chunks/webpack-1.js" id="_R_" async=""></script><script>(self.__next_f=self.__next_f||[]).push([0])</script>{pushed}</body></html>"""


def live_page(a: Story, others: list[Story], w: Words) -> str:
    """A live page: the text is in posts with times; key events, readers' words and offers are beside and between them."""
    _code, s, x = words_of(w)
    posts = []
    at = n = 0
    while at < len(a.paragraphs):
        size = 1 if n % 2 == 0 else 2
        some = a.paragraphs[at : at + size]
        at += size
        posts.append(
            f"""<article id="block-6824a{n}" class="dcr-block" data-block-id="6824a{n}"><header class="dcr-block-head"><a href="?page=with:block-6824a{n}#block-6824a{n}"><time datetime="2025-05-14T{18 - n:02}:05:00Z">{18 - n}:05</time></a></header>
<div class="dcr-block-body">{"".join(f'<p class="dcr-p">{with_link(p, k + n)}</p>' for k, p in enumerate(some))}</div><footer class="dcr-block-foot"><button type="button">{w.share}</button><span>{s["date"]}</span></footer></article>"""
        )
        if n == 0:
            posts.append(
                f'<aside class="dcr-newsletter" data-component="newsletter"><p class="dcr-p">{w.newsletter}</p><button>{s["go"]}</button></aside>'
            )
        if n == 1:
            posts.append(
                f'<div class="ad-slot-container"><div id="dfp-ad--inline2" class="js-ad-slot ad-slot"><span>{s["ad"]}</span></div></div><figure class="dcr-fig"><img src="/a.jpg" alt=""><figcaption>{w.photo}</figcaption></figure>'
            )
        n += 1
    key = "".join(
        f'<li class="dcr-key"><a href="#k{i}"><time>1{i}:40</time><span>{text_in_tag(o.title)}</span></a><p>{text_in_tag(o.summary)}</p></li>'
        for i, o in enumerate(others)
    )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": a.title, "description": a.summary, "coverageStartTime": "2025-05-14T05:00:00Z"}, ensure_ascii=False)}</script></head><body><div id="bannerandheader"><header><a href="/">{s["site"]}</a><nav><ul>{menu_of(w, 18)}</ul></nav></header></div>
<main data-layout="LiveLayout"><div class="live-head"><span class="live-tag">{s["live"]}</span><h1>{text_in_tag(a.title)}</h1><div class="standfirst"><p>{text_in_tag(a.summary)}</p></div></div>
<div class="live-grid"><div class="live-left"><div class="keyevents"><h2>{w.most}</h2><ul>{key}</ul></div></div>
<div class="live-body" id="maincontent"><div id="liveblog-body" class="js-liveblog-body"><div class="js-top-of-liveblog"></div>
{chr(10).join(posts)}
</div><div class="pagination"><a href="?page=2">2</a></div><div class="submeta"><ul><li><a href="/t">{w.world}</a></li></ul></div>
<div class="reader-voices"><h3>{w.comments}</h3><div class="reader-voice"><p class="dcr-p">{w.comment}</p></div><div class="reader-voice"><p class="dcr-p">{x["comment2"]}</p></div></div></div></div>
<section class="onwards"><h2>{w.related}</h2>{"".join(f'<div class="fc-item"><h3><a href="/f/{i}">{text_in_tag(o.title)}</a></h3><div class="fc-trail"><p>{text_in_tag(o.paragraphs[0])}</p></div></div>' for i, o in enumerate(others))}</section></main>
<div class="contributions"><p>{x["appeal"]}</p></div><footer><p>{w.author}</p><p>{x["about"]}</p><p>{w.rights}</p></footer></body></html>"""


def infinite_scroll(a: Story, others: list[Story], w: Words) -> str:
    """Below the article the page already holds the next ones, whole and in the same markup."""
    _code, s, x = words_of(w)

    def whole(o: Story, n: int) -> str:
        ps = "".join(
            f"<p>{with_link(p, k)}</p>\n"
            + (f'<div class="ad-unit" data-pos="{n}-{k}"><small>{s["ad"]}</small></div>\n' if k == 1 else "")
            for k, p in enumerate(o.paragraphs)
        )
        return f"""<div class="scroll-article" data-url="/world/{n}-{n}77" data-title="{e(o.title)}" data-id="{n}77"><article class="story" itemscope itemtype="https://schema.org/NewsArticle"><div class="story-kicker">{w.world}</div><h1 class="story-title" itemprop="headline">{text_in_tag(o.title)}</h1><div class="story-lead"><p>{text_in_tag(o.summary)}</p></div><div class="story-by"><span>{s["name"]}</span> <time>{s["date"]}</time></div>
<figure class="story-photo"><img src="/{n}.jpg" alt=""><figcaption>{w.photo if n == 0 else x["cap"]}</figcaption></figure><div class="story-text" itemprop="articleBody">
{ps}</div><div class="story-foot"><p>{w.author}</p><a href="#">{w.share}</a></div></article></div>"""

    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<link rel="canonical" href="https://example.org/world/0-077"><meta property="og:url" content="https://example.org/world/0-077"></head><body class="page-story infinite"><header class="hd"><a href="/">{s["site"]}</a><ul class="hd-menu">{menu_of(w, 16)}</ul></header>
<div class="wrap"><div class="scroll-container" id="js-infinite">{whole(a, 0)}
<div class="scroll-separator"><p>{w.newsletter}</p></div>
{"".join(f'<div class="scroll-next"><span>{w.related}</span></div>{whole(o, n)}' for n, o in enumerate(others, start=1))}
<div class="scroll-loader" data-next="/ajax/next/4"></div></div>
<aside class="side"><h3>{w.most}</h3><ul>{"".join(f'<li><a href="/s/{i}">{text_in_tag(o.title)}</a></li>' for i, o in enumerate(others))}</ul><div class="side-talk"><h3>{w.comments}</h3><p>{w.comment}</p></div></aside></div><footer class="ft"><p>{x["about"]}</p><p>{w.rights}</p></footer></body></html>"""


LAYOUTS: dict[Layout, str] = {
    list_items_layout_builder: "en uk zh",
    drop_cap_and_pull_quotes: "en fr es de",
    breaks_in_blogger_divs: "en es my ar",
    table_rows_php_portal: "he uk de es",
    split_by_ads_and_cards: "en uk hi fr zh",
    captions_facts_and_bio: "en fr de es uk my hi zh he ar",
    appeals_in_text_markup: "en uk de es ar fr hi my he zh",
    next_flight_only: "en fr zh uk",
    live_page: "en uk fr ar",
    infinite_scroll: "en hi he de zh",
}
