"""Ordinary sites in the manner of ten widespread systems and outlets. They only measure.

They were written by one who had read neither the rules nor other layouts.
"""

from __future__ import annotations

import json
from html import escape as e

from cms_articles import Layout, Story, Words
from site_words import (
    html_of,
    menu_of,
    meta_of,
    text_in_tag,
    with_link,
    words_of,
)


def newspack_block_theme(a: Story, others: list[Story], w: Words) -> str:
    """WordPress with a block theme: everything is a block, the newsletter prompt and related posts are in the content."""
    _code, s, x = words_of(w)
    body = []
    for n, p in enumerate(a.paragraphs):
        body.append(
            f'<p class="wp-block-paragraph">{with_link(p, n)}</p>' if n % 2 else f"<p>{text_in_tag(p)}</p>"
        )
        if n == 0:
            body.append(
                f'<figure class="wp-block-image size-large"><img decoding="async" width="1024" height="683" src="/wp-content/uploads/2025/05/DSC_0192-1024x683.jpg" alt="" class="wp-image-90121"/><figcaption class="wp-element-caption">{w.photo}</figcaption></figure>'
            )
        if n == 1:
            body.append(
                f"""<div class="newspack-popup-container newspack-popup newspack-inline-popup" data-segments="" role="button" tabindex="0" id="id_88213"><h3 class="wp-block-heading has-text-align-center">{s["site"]}</h3>
<p class="has-text-align-center">{w.newsletter}</p><div class="newspack-newsletters-subscribe wp-block-newspack-newsletters-subscribe"><form><input type="email" name="npe" placeholder="name@example.com"><button type="submit">{s["go"]}</button></form></div></div>"""
            )
        if n == 2:
            o = others[0]
            body.append(
                f"""<div class="wp-block-newspack-blocks-homepage-articles wpnbha show-image image-alignleft ts-2"><div data-posts><h2 class="article-section-title"><span>{w.related}</span></h2>
<article data-post-id="88102" class="tag-front category-world type-post post-has-image"><figure class="post-thumbnail"><a href="/2025/05/a/"><img src="/t1.jpg" alt=""></a></figure><div class="entry-wrapper"><h3 class="entry-title"><a href="/2025/05/a/" rel="bookmark">{text_in_tag(o.title)}</a></h3><p>{text_in_tag(o.summary)}</p><div class="entry-meta"><span class="byline">{s["name"]}</span></div></div></article></div></div>"""
            )
    cards = "".join(
        f"""<li class="wp-block-post post-{i} post type-post status-publish format-standard has-post-thumbnail hentry category-world">
<div class="wp-block-group is-layout-flow"><figure class="wp-block-post-featured-image"><a href="/p/{i}/"><img src="/t{i}.jpg" alt=""></a></figure><h3 class="wp-block-post-title has-medium-font-size"><a href="/p/{i}/">{text_in_tag(o.title)}</a></h3>
<div class="wp-block-post-excerpt"><p class="wp-block-post-excerpt__excerpt">{text_in_tag(o.paragraphs[0])} </p></div><div class="wp-block-post-date"><time datetime="2025-05-1{i}">{s["date"]}</time></div></div></li>"""
        for i, o in enumerate(others)
    )
    said = "".join(
        f'<li id="comment-{i}" class="comment even thread-even depth-1"><div class="wp-block-columns is-layout-flex"><div class="wp-block-column"><div class="wp-block-comment-author-name">Reader{i}</div><div class="wp-block-comment-content"><p>{text}</p></div><div class="wp-block-comment-reply-link"><a rel="nofollow" class="comment-reply-link" href="#">{w.reply}</a></div></div></div></li>'
        for i, text in enumerate((w.comment, x["comment2"]))
    )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<meta name="generator" content="WordPress 6.8.1" /></head>
<body class="wp-singular post-template-default single single-post postid-90118 single-format-standard wp-embed-responsive wp-theme-newspack-block-theme">
<a class="skip-link screen-reader-text" href="#wp--skip-link--target">Skip to content</a><div class="wp-site-blocks">
<header class="wp-block-template-part site-header"><div class="wp-block-group alignfull has-global-padding is-layout-constrained"><p class="wp-block-site-title"><a href="/">{s["site"]}</a></p>
<nav class="is-responsive items-justified-center wp-block-navigation"><ul class="wp-block-navigation__container">{menu_of(w, 12, ' class="wp-block-navigation-item wp-block-navigation-link"', ' class="wp-block-navigation-item__content"')}</ul></nav></div></header>
<main class="wp-block-group has-global-padding is-layout-constrained" id="wp--skip-link--target">
<div class="taxonomy-category wp-block-post-terms"><a href="/category/world/" rel="tag">{w.world}</a></div>
<h1 class="wp-block-post-title has-x-large-font-size">{text_in_tag(a.title)}</h1><div class="wp-block-newspack-blocks-article-subtitle newspack-post-subtitle"><p>{text_in_tag(a.summary)}</p></div>
<div class="wp-block-group is-nowrap is-layout-flex"><div class="wp-block-post-author-name">{s["name"]}</div><div class="wp-block-post-date"><time datetime="2025-05-14T09:12:00+00:00">{s["date"]}</time></div></div>
<div class="entry-content alignfull wp-block-post-content has-global-padding is-layout-constrained wp-block-post-content-is-layout-constrained">
{chr(10).join(body)}
</div>
<div class="taxonomy-post_tag wp-block-post-terms"><span class="wp-block-post-terms__prefix">{w.tags}: </span><a href="/tag/x/" rel="tag">{w.world}</a></div>
<div class="wp-block-group author-bio is-layout-flow"><div class="wp-block-newspack-blocks-author-profile wp-block-columns"><div class="wp-block-newspack-blocks-author-profile__bio"><h3><a href="/author/h/">{s["name"]}</a></h3><p>{w.author} <a href="/author/h/">{w.most}</a></p></div></div></div>
<div class="wp-block-comments"><h2 class="wp-block-comments-title">{w.comments}</h2><ol class="wp-block-comment-template">{said}</ol></div>
<div class="wp-block-query alignwide is-layout-flow"><h2 class="wp-block-heading">{w.related}</h2><ul class="columns-3 wp-block-post-template is-layout-grid">{cards}</ul></div>
</main><footer class="wp-block-template-part site-footer"><div class="wp-block-group alignfull has-base-color has-contrast-background-color"><p class="has-small-font-size">{x["about"]}</p><p class="has-small-font-size">© 2025 {w.rights}</p></div></footer></div>
<script type="speculationrules">{{"prefetch":[{{"source":"document"}}]}}</script></body></html>"""


def ghost_source_theme(a: Story, others: list[Story], w: Words) -> str:
    """Ghost: cards of the editor (sign-up, callout, bookmark) stand between the paragraphs."""
    _code, s, x = words_of(w)
    body = []
    for n, p in enumerate(a.paragraphs):
        body.append("<p>" + with_link(p, n + 3, 'a href="https://example.org/r" rel="noreferrer"') + "</p>")
        if n == 0:
            body.append(
                f"""<div class="kg-card kg-signup-card kg-width-regular " data-lexical-signup-form="" style="background-color: #F0F0F0; display: none;"><div class="kg-signup-card-content"><div class="kg-signup-card-text "><h2 class="kg-signup-card-heading" style="color: #000000;"><span style="white-space: pre-wrap;">{s["site"]}</span></h2>
<p class="kg-signup-card-subheading" style="color: #000000;"><span style="white-space: pre-wrap;">{w.newsletter}</span></p><form class="kg-signup-card-form" data-members-form="signup"><input class="kg-signup-card-input" type="email" required="true"><button class="kg-signup-card-button kg-style-accent" type="submit"><span class="kg-signup-card-button-default">{s["go"]}</span></button></form><p class="kg-signup-card-disclaimer">{x["cookie"]}</p></div></div></div>"""
            )
        if n == 1:
            o = others[0]
            body.append(
                f'<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="/o/"><div class="kg-bookmark-content"><div class="kg-bookmark-title">{text_in_tag(o.title)}</div><div class="kg-bookmark-description">{text_in_tag(o.summary)}</div><div class="kg-bookmark-metadata"><img class="kg-bookmark-icon" src="/i.png" alt=""><span class="kg-bookmark-author">{s["site"]}</span><span class="kg-bookmark-publisher">{s["name"]}</span></div></div><div class="kg-bookmark-thumbnail"><img src="/t.jpg" alt=""></div></a></figure>'
            )
            body.append(
                f'<figure class="kg-card kg-image-card kg-width-wide kg-card-hascaption"><img src="/content/images/size/w1000/2025/05/a.jpg" class="kg-image" alt="" loading="lazy"><figcaption><span style="white-space: pre-wrap;">{x["cap"]}</span></figcaption></figure>'
            )
    body.append(
        f'<div class="kg-card kg-callout-card kg-callout-card-blue"><div class="kg-callout-emoji">💡</div><div class="kg-callout-text">{x["appeal"]}</div></div>'
    )
    feed = "".join(
        f"""<article class="gh-card post"><a class="gh-card-link" href="/{i}/"><figure class="gh-card-image"><img src="/t{i}.jpg" alt=""></figure><div class="gh-card-wrapper"><p class="gh-card-tag">{w.world}</p><h3 class="gh-card-title is-title">{text_in_tag(o.title)}</h3><p class="gh-card-excerpt is-body">{text_in_tag(o.paragraphs[0])}</p><footer class="gh-card-meta"><span class="gh-card-author">{s["name"]}</span><time class="gh-card-date">{s["date"]}</time></footer></div></a></article>"""
        for i, o in enumerate(others)
    )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<meta name="generator" content="Ghost 5.118"><style>:root {{--ghost-accent-color: #15171A;}}</style></head>
<body class="post-template tag-world has-sans-title has-sans-body"><div class="gh-viewport">
<header id="gh-navigation" class="gh-navigation is-left-logo gh-outer"><div class="gh-navigation-inner gh-inner"><div class="gh-navigation-brand"><a class="gh-navigation-logo is-title" href="/">{s["site"]}</a></div><nav class="gh-navigation-menu"><ul class="nav">{menu_of(w, 9)}</ul></nav><div class="gh-navigation-members"><a href="#/portal/signin">{s["go"]}</a></div></div></header>
<main class="gh-main"><article class="gh-article post tag-world"><header class="gh-article-header gh-canvas"><a class="gh-article-tag" href="/tag/world/">{w.world}</a><h1 class="gh-article-title is-title">{text_in_tag(a.title)}</h1><p class="gh-article-excerpt is-body">{text_in_tag(a.summary)}</p>
<div class="gh-article-meta"><div class="gh-article-author-image instapaper_ignore"><a href="/author/h/"><img class="author-profile-image" src="/h.jpg" alt=""></a></div><div class="gh-article-meta-wrapper"><h4 class="gh-article-author-name"><a href="/author/h/">{s["name"]}</a></h4><div class="gh-article-meta-content"><time class="gh-article-meta-date" datetime="2025-05-14">{s["date"]}</time><span class="gh-article-meta-length"><span class="bull">—</span> 3 min</span></div></div></div>
<figure class="gh-article-image"><img src="/content/images/size/w1200/a.jpg" alt=""><figcaption>{w.photo}</figcaption></figure></header>
<section class="gh-content gh-canvas is-body drop-cap">
{chr(10).join(body)}
</section></article>
<div class="gh-comments gh-canvas"><header class="gh-comments-header"><h3>{w.comments}</h3></header><div class="gh-comment"><p>{w.comment}</p><p>{x["comment2"]}</p></div></div></main>
<section class="gh-container is-grid gh-outer"><div class="gh-container-inner gh-inner"><h2 class="gh-container-title">{w.related}</h2><div class="gh-feed">{feed}</div></div></section>
<footer class="gh-footer gh-outer"><div class="gh-footer-inner gh-inner"><section class="gh-footer-signup"><h2 class="gh-footer-signup-header is-title">{s["site"]}</h2><p class="gh-footer-signup-subhead is-body">{x["about"]}</p></section><div class="gh-footer-copyright">{w.rights}. Powered by <a href="https://ghost.org/">Ghost</a></div></div></footer></div></body></html>"""


def arc_xp_themes(a: Story, others: list[Story], w: Words) -> str:
    """Arc XP with its theme blocks; the story and the related stories are once more in Fusion's state."""
    _code, s, x = words_of(w)
    body = []
    for n, p in enumerate(a.paragraphs):
        body.append(f'<p class="c-paragraph">{with_link(p, n)}</p>')
        if n == 0:
            body.append(
                f'<div class="c-stack b-article-body__interstitial-link" data-style-direction="vertical"><p class="c-paragraph b-article-body__interstitial">[ <a class="c-link" href="/2025/05/13/o/" aria-hidden="false">{text_in_tag(others[0].title)}</a> ]</p></div>'
            )
            body.append(
                f'<div id="arcad-feature-f0fJ1" class="c-container b-ads-block" data-style-justification="center"><p class="c-paragraph b-ads-block__label">{s["ad"]}</p><div class="arcad width_full" id="arcad_1"></div></div>'
            )
        if n == 1:
            body.append(
                f'<figure class="c-media-item"><div class="c-media-item__wrapper"><img data-chromatic="ignore" alt="" class="c-image" src="/resizer/v2/ABC.jpg?auth=1&amp;width=800"/></div><figcaption class="c-media-item__fig-caption"><span class="c-media-item__caption">{w.photo} </span></figcaption></figure>'
            )
        if n == 2:
            body.append(
                f'<div class="c-container b-newsletter-promo"><h2 class="c-heading">{s["site"]}</h2><p class="c-paragraph">{w.newsletter}</p><button class="c-button c-button--primary">{s["go"]}</button></div>'
            )
    results = "".join(
        f'<article class="c-grid b-results-list__wrapper"><a class="c-link" href="/r/{i}/"><img class="c-image" src="/t{i}.jpg" alt=""/></a><a class="c-link" href="/r/{i}/"><h2 class="c-heading">{text_in_tag(o.title)}</h2></a><p class="c-paragraph">{text_in_tag(o.summary)}</p><div class="c-attribution">{s["name"]}<time class="c-date">{s["date"]}</time></div></article>'
        for i, o in enumerate(others)
    )
    state = {
        "_id": "IVKQ6Z5",
        "type": "story",
        "headlines": {"basic": a.title},
        "description": {"basic": a.summary},
        "content_elements": [
            {"_id": f"E{n}", "type": "text", "content": p} for n, p in enumerate(a.paragraphs)
        ],
        "related_content": {
            "basic": [
                {"type": "story", "headlines": {"basic": o.title}, "description": {"basic": o.summary}}
                for o in others
            ]
        },
        "copyright": w.rights,
    }
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<link id="fusion-output-type-styles" rel="stylesheet" href="/pf/dist/components/output-types/default.css?d=512"></head><body>
<div id="fusion-app" class="c-stack b-application"><div class="c-stack b-right-rail" data-style-direction="vertical">
<header class="c-stack b-right-rail__navigation"><nav id="main-nav" class="b-header-nav-chain " aria-label="Sections Menu"><div class="b-header-nav-chain__top-layout"><a class="c-link b-header-nav-chain__logo" href="/"><img src="/logo.svg" alt="{s["site"]}"/></a></div><div id="nav-sections" class="c-stack b-header-nav-chain__flyout-nav-wrapper"><ul class="b-header-nav-chain__flyout-nav">{menu_of(w, 16, ' class="section-item"', ' class="c-link"')}</ul></div></nav></header>
<section role="main" id="main" tabindex="-1" class="b-right-rail__main"><div class="c-stack b-right-rail__full-width-1"><a class="c-overline" href="/world/">{w.world}</a><h1 class="b-headline">{text_in_tag(a.title)}</h1><h2 class="b-subheadline">{text_in_tag(a.summary)}</h2><div class="b-byline"><span>By </span><a class="c-link" href="/author/h/">{s["name"]}</a></div><time as="time" class="c-date b-date" datetime="2025-05-14T09:12:00Z">{s["date"]}</time><div class="c-stack b-share-bar"><button type="button" class="c-button" aria-label="{w.share}"></button></div></div>
<div class="c-grid b-right-rail__rail-container"><div class="c-stack b-right-rail__main-interior-item"><article class="b-article-body">
{"".join(body)}
</article><div class="c-stack b-tags"><span class="c-pill">{w.world}</span></div>
<div class="c-stack b-full-author-bio"><img class="c-image" src="/h.jpg" alt=""/><div><h2 class="c-heading">{s["name"]}</h2><p class="c-paragraph b-full-author-bio__bio">{w.author}</p></div></div><p class="c-paragraph copyright">{w.rights}</p></div>
<aside class="c-stack b-right-rail__rail"><div class="b-top-table-list"><h2 class="c-heading">{w.most}</h2><div class="c-stack b-results-list">{results}</div></div><div class="b-simple-list"><h2 class="c-heading">{w.related}</h2><article class="c-media b-simple-list__item"><a class="c-link" href="/s/"><h2 class="c-heading">{text_in_tag(others[-1].title)}</h2></a><p class="c-paragraph">{text_in_tag(others[-1].paragraphs[0])}</p></article></div></aside></div></section>
<footer class="c-stack b-right-rail__footer"><section class="b-footer"><p class="c-paragraph">{x["about"]}</p><p class="c-paragraph b-footer__copyright">© 2025 {s["site"]}</p></section></footer></div></div>
<script id="fusion-metadata" type="application/javascript">window.Fusion=window.Fusion||{{}};Fusion.arcSite="meridian";Fusion.contextPath="/pf";Fusion.globalContent={json.dumps(state, ensure_ascii=False).replace("<", chr(92) + "u003c")};Fusion.globalContentConfig={{"source":"content-api"}};</script></body></html>"""


def blox_town_paper(a: Story, others: list[Story], w: Words) -> str:
    """BLOX (TownNews): a preview and a subscribers' part, regions for advertisements in the text."""
    _code, s, x = words_of(w)
    parts = "".join(
        f'<p dir="ltr"><span>{text_in_tag(p)}</span></p>\n'
        + (
            f"""<div class="tncms-region hidden-print" id="tncms-region-article_instory_{n}"><div class="inline-asset inline-editorial-card"><div class="card-container"><div class="card-label-section">{w.related}</div><div class="card-body"><div class="card-headline"><h3 class="tnt-headline "><a class="tnt-asset-link" href="/news/article_{n}.html">{text_in_tag(others[n % len(others)].title)}</a></h3></div><div class="card-lead"><p class="tnt-summary">{text_in_tag(others[n % len(others)].summary)}</p></div></div></div></div></div>
<div class="tnt-ads-container text-center advertising hidden-print"><div class="ad-col"><small>{s["ad"]}</small><div id="ad-box-{n}" class="tnt-ads dfp-ad"></div></div></div>
"""
            if n in (1, 2)
            else ""
        )
        for n, p in enumerate(a.paragraphs[1:])
    )
    blocks = "".join(
        f'<article class="tnt-asset-type-article card summary has-image tnt-section-news"><div class="card-container"><div class="image"><a href="/n/{i}"><img src="data:image/png;base64,iVBORw0KGgo=" alt=""></a></div><div class="card-body"><div class="card-headline"><h3 class="tnt-headline"><a class="tnt-asset-link" href="/n/{i}">{text_in_tag(o.title)}</a></h3></div><div class="card-meta"><ul class="list-inline"><li class="card-date"><time class="tnt-date asset-date text-muted">{s["date"]}</time></li></ul></div><div class="card-lead"><p class="tnt-summary">{text_in_tag(o.paragraphs[0])}</p></div></div></div></article>'
        for i, o in enumerate(others)
    )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<meta name="generator" content="BLOX CMS"></head><body class="tnt-responsive body-news">
<div id="site-container"><header id="site-header-container"><nav id="site-navbar-container" class="navbar hidden-print"><ul id="site-top-nav_menu" class="nav navbar-nav">{menu_of(w, 20, ' class="tnt-section-news"', ' class="tnt-nav-link"')}</ul></nav></header>
<section id="main-page-container"><div class="row row-senary-quinary"><div class="col-lg-8" id="main-body-container">
<article id="asset-a1f2" class="asset article-asset tnt-asset-type-article"><div id="asset-above-headline"></div><header class="asset-header"><h1 class="headline"><span>{text_in_tag(a.title)}</span></h1><div class="meta"><span><ul class="list-inline"><li><span itemprop="author" class="tnt-byline">By {s["name"]}</span></li><li class="hidden-print"><time class="tnt-date asset-date text-muted">{s["date"]}</time></li></ul></span></div></header>
<div class="asset-photo card"><div class="photo-container"><div class="image"><img class="img-responsive" src="/a.jpg" alt=""></div></div><figcaption class="caption-container"><span class="caption-text"><p>{w.photo}</p></span><span class="credit"><span class="tnt-byline">{s["name"]}</span></span></figcaption></div>
<div class="row"><div class="col-sm-2 share-container content hidden-print"><ul class="social-share-links"><li><a href="#">{w.share}</a></li></ul></div><div class="col-sm-10"><div id="article-body" class="asset-content  subscriber-premium"><div class="subscriber-preview"><p dir="ltr"><span>{text_in_tag(a.paragraphs[0])}</span></p></div>
<div id="newsletter-signup-bar" class="subscriber-hide"><h4>{s["site"]}</h4><p>{w.newsletter}</p><p><button class="btn btn-primary">{s["go"]}</button></p></div>
<div class="subscriber-only">{parts}</div>
<div class="subscriber-offers"><p>{x["appeal"]}</p></div></div></div></div>
<div class="asset-tagline text-muted"><p>{w.author}</p></div><div class="asset-tags hidden-print"><h4>{w.tags}</h4><ul><li><a href="/tags/w">{w.world}</a></li></ul></div></article>
<section id="comments" class="hidden-print"><h4>{w.comments}</h4><ul class="comments-list"><li class="comment"><div class="media-body"><h5>oldtimer</h5><div class="comment-body"><p>{w.comment}</p></div></div></li><li class="comment"><div class="comment-body"><p>{x["comment2"]}</p></div></li></ul></section></div>
<aside class="col-lg-4" id="main-right-container"><section class="block emphasis-h3"><div class="block-title"><h3>{w.most}</h3></div><div class="block-content">{blocks}</div></section></aside></div></section>
<footer id="site-footer-container" class="hidden-print"><p>{x["about"]}</p><p class="tnt-copyright-content">© {w.rights}</p></footer></div></body></html>"""


def bitrix_regional_portal(a: Story, others: list[Story], w: Words) -> str:
    """1C-Bitrix: news.detail with the text of the editor, news.list for the other stories."""
    _code, s, x = words_of(w)
    text = "\n".join(
        f"\t\t<p>\n\t\t\t {text_in_tag(p)}\n\t\t</p>"
        if n % 3 != 1
        else f'\t\t<p style="text-align: justify;">\n <span style="font-size: 12pt;">{with_link(p, n, "b")}</span>\n\t\t</p>'
        for n, p in enumerate(a.paragraphs)
    )
    items = "".join(
        f'<p class="news-item" id="bx_3218110189_{i}"><a href="/news/{i}/"><img class="preview_picture" border="0" src="/upload/resize_cache/iblock/{i}.jpg" width="150" height="100" style="float:left" /></a><span class="news-date-time">{s["date"]}</span> <a href="/news/{i}/"><b>{text_in_tag(o.title)}</b></a><br />{text_in_tag(o.summary)}<div style="clear:both"></div></p>'
        for i, o in enumerate(others)
    )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<script data-skip-moving="true">(function(w,d,n){{var cl="bx-core";}})(window,document,navigator);</script><link href="/bitrix/cache/css/s1/portal/template_1.css" type="text/css" rel="stylesheet"></head><body>
<div id="panel"></div><div class="wrapper"><div class="header"><div class="header__logo"><a href="/">{s["site"]}</a></div><div class="header__search"><form action="/search/"><input name="q"></form></div><ul id="horizontal-multilevel-menu">{menu_of(w, 18, "", ' class="root-item"')}</ul></div>
<div class="breadcrumb-navigation"><a href="/">{w.home}</a> <span>&gt;</span> <a href="/news/">{w.world}</a> <span>&gt;</span> {text_in_tag(a.title)}</div>
<div class="workarea"><div class="left-column"><div class="news-list news-list_popular"><div class="title">{w.most}</div>{items}</div><div class="banner">{s["ad"]}<a href="/bitrix/rk.php?id=12"><img src="/upload/rk/12.gif" alt=""></a></div></div>
<div class="content-column"><h1 id="pagetitle">{text_in_tag(a.title)}</h1>
<div class="news-detail"><div class="news-detail__picture"><img class="detail_picture" border="0" src="/upload/iblock/a.jpg" width="640" height="420" alt="" title="{e(w.photo)}" /><div class="news-detail__sign">{w.photo}</div></div><span class="news-date-time">{s["date"]}</span><div class="news-detail__preview">{text_in_tag(a.summary)}</div>
\t<div class="news-detail__text">
{text}
\t</div><div style="clear:both"></div><br />
<div class="news-detail-error">{x["editor"]}</div><div class="news-detail-share"><noindex>{w.share}: <a href="#">Facebook</a></noindex></div><div class="news-detail-subscribe"><noindex>{w.newsletter}</noindex></div></div>
<p><a href="/news/">{w.world}</a></p><div class="news-detail-tags">{w.tags}: <a href="/tags/1">{w.world}</a></div>
<div class="news-line"><b>{w.related}</b><br>{"".join(f'<small class="news-date-time">{s["date"]}</small> <a href="/l/{i}">{text_in_tag(o.title)}</a><br><span>{text_in_tag(o.paragraphs[0])}</span><br>' for i, o in enumerate(others))}</div>
<div class="reviews-block-container reviews-reviews-block-container"><div class="reviews-header-box">{w.comments}</div><table cellspacing="0" border="0" class="reviews-post-table"><thead><tr><td><div class="review-author"><b>Guest</b></div></td></tr></thead><tbody><tr><td><div class="reviews-text" id="message_text_11">{w.comment}</div></td></tr></tbody></table><table class="reviews-post-table"><tbody><tr><td><div class="reviews-text">{x["comment2"]}</div></td></tr></tbody></table></div></div></div>
<div class="footer"><div class="footer__copyright">© 2009–2025 {s["site"]}. {w.rights}</div><div class="footer__cookie">{x["cookie"]}</div><div>{x["about"]}</div></div></div></body></html>"""


def typo3_ministry_press(a: Story, others: list[Story], w: Words) -> str:
    """A ministry's press release in TYPO3 with the news extension; contact and boilerplate are content elements."""
    _code, s, x = words_of(w)
    related = "".join(
        f'<div class="article articletype-0"><div class="header"><h3><a title="{e(o.title)}" href="/presse/{i}"><span itemprop="headline">{text_in_tag(o.title)}</span></a></h3></div><div class="teaser-text"><div itemprop="description"><p>{text_in_tag(o.summary)}<span class="sr-only"> …</span></p></div><a class="more" href="/presse/{i}">{w.related}</a></div><div class="footer"><p><span class="news-list-date"><time datetime="2025-05-1{i}">{s["date"]}</time></span></p></div></div>'
        for i, o in enumerate(others)
    )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<meta name="generator" content="TYPO3 CMS" /></head><body id="p412" class="page-412 pagelevel-3 language-0 backendlayout-pagets__subnavigation_left layout-default">
<div class="body-bg"><a class="visually-hidden-focusable" href="#page-content">{w.home}</a><header id="page-header" class="bp-page-header navbar navbar-mainnavigation"><div class="container"><a class="navbar-brand" href="/">{s["site"]}</a><nav aria-label="Main navigation" id="mainnavigation"><ul class="navbar-nav">{menu_of(w, 14, ' class="nav-item"', ' class="nav-link"')}</ul></nav></div></header>
<nav class="breadcrumb-section"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">{w.home}</a></li><li class="breadcrumb-item active">{text_in_tag(a.title)}</li></ol></nav>
<main id="page-content" class="bp-page-content main-section"><!--TYPO3SEARCH_begin--><div class="section section-default"><div class="container"><div class="section-row"><div class="subnav-wrap"><ul class="subnav-nav">{menu_of(w, 7)}</ul></div><div class="section-column maincontent-wrap">
<div id="c2211" class="frame frame-default frame-type-news_newsdetail frame-layout-default"><div class="frame-container"><div class="frame-inner"><div class="news news-single"><div class="article" itemscope="itemscope" itemtype="http://schema.org/Article">
<div class="header"><h1 itemprop="headline">{text_in_tag(a.title)}</h1></div><div class="footer"><p><span class="news-list-date"><time itemprop="datePublished" datetime="2025-05-14">{s["date"]}</time></span><span class="news-list-category">{w.world}</span></p></div>
<div class="teaser-text lead" itemprop="description"><p>{text_in_tag(a.summary)}</p></div>
<div class="news-img-wrap"><div class="outer"><div class="mediaelement mediaelement-image"><a href="/fileadmin/a.jpg" class="lightbox"><img class="img-fluid" src="/fileadmin/_processed_/a.jpg" alt=""></a></div><p class="news-img-caption">{w.photo}</p></div></div>
<div class="news-text-wrap" itemprop="articleBody">{"".join(f"<p>{text_in_tag(p)}</p>" if n != 1 else f'<p class="text-justify">{with_link(p, 1, "strong")}</p>' for n, p in enumerate(a.paragraphs))}</div>
<div class="news-related-wrap"><div class="news-related news-related-news"><h4>{w.related}</h4><ul><li><span class="news-related-news-date">{s["date"]}</span> <a href="/presse/r">{text_in_tag(others[0].title)}</a></li></ul></div></div><div class="news-backlink-wrap"><a class="btn btn-default" href="/presse">{w.home}</a></div></div></div></div></div></div>
<div id="c2212" class="frame frame-default frame-type-text"><div class="frame-container"><div class="frame-inner"><header class="frame-header"><h2 class="element-header"><span>{s["name"]}</span></h2></header><p>{x["editor"]}</p><p>{w.author}</p></div></div></div>
<div id="c2213" class="frame frame-default frame-type-textpic"><div class="textpic textpic-right"><div class="textpic-item textpic-text"><p>{x["about"]}</p></div></div></div>
<div id="c2214" class="frame frame-default frame-type-news_newsliststicky"><div class="frame-inner"><header class="frame-header"><h2>{w.most}</h2></header><div class="news"><div class="news-list-view">{related}</div></div></div></div>
<div id="c2215" class="frame frame-background-secondary frame-type-form_formframework"><h3>{s["go"]}</h3><p>{w.newsletter}</p><form><input type="email" class="form-control"></form></div></div></div></div></div><!--TYPO3SEARCH_end--></main>
<footer id="page-footer" class="bp-page-footer"><section class="section footer-section-meta"><div class="frame frame-type-text"><p>{w.rights}</p><p>{text_in_tag(others[1].paragraphs[0])}</p></div></section></footer><div id="cookieconsent" class="cookie-consent"><p>{x["cookie"]}</p></div></div></body></html>"""


def rtl_broadcaster(a: Story, others: list[Story], w: Words) -> str:
    """A right-to-left broadcaster's site: utility classes, a wysiwyg block, cards between the paragraphs."""
    code, s, x = words_of(w)
    body = []
    for n, p in enumerate(a.paragraphs):
        body.append(f"<p>{with_link(p, n)}</p>")
        if n == 0:
            body.append(
                f'<div class="more-on"><h2 class="more-on__heading">{w.related}</h2><ul class="more-on__list">{"".join(f"""<li class="more-on__item"><a href="/n/{i}"><span class="screen-reader-text">list {i} of 3</span><h3 class="article-card__title">{text_in_tag(o.title)}</h3></a></li>""" for i, o in enumerate(others))}</ul><span class="screen-reader-text">end of list</span></div>'
            )
        if n == 1:
            body.append(
                f'<figure class="wp-caption aligncenter" style="width:770px"><img loading="lazy" class="size-arc-image-770" src="/wp-content/a.jpg" alt=""><figcaption class="wp-caption-text">{w.photo}</figcaption></figure><div class="container--ads container--ads-leaderboard-atf"><div class="ads__title">{s["ad"]}</div></div>'
            )
    feed = "".join(
        f'<article class="gc gc--type-post gc--list gc--with-image"><div class="gc__content"><div class="gc__header-wrap"><h3 class="gc__title"><a class="u-clickable-card__link" href="/f/{i}"><span>{text_in_tag(o.title)}</span></a></h3></div><div class="gc__body-wrap"><div class="gc__excerpt"><p>{text_in_tag(o.paragraphs[0])}</p></div></div><footer class="gc__footer"><div class="gc__date gc__date--published"><span aria-hidden="true">{s["date"]}</span></div></footer></div></article>'
        for i, o in enumerate(others)
    )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}</head><body class="theme-aje rtl article-page"><div id="root"><div class="bypass-block"><a class="bypass-block__link" href="#main-content-area">{w.home}</a></div>
<header class="site-header container"><div class="site-header__logo"><a href="/"><span class="screen-reader-text">{s["site"]}</span></a></div><nav class="header-navigation"><ul class="menu header-menu">{menu_of(w, 15, ' class="menu__item menu__item--aje"')}</ul></nav></header>
<div class="container container--grid container--white"><main class="container__inner" id="main-content-area"><div class="l-col l-col--8"><div class="breadcrumbs"><a href="/{code}">{w.world}</a></div>
<header class="article-header"><h1>{text_in_tag(a.title)}</h1><p class="article__subhead"><em>{text_in_tag(a.summary)}</em></p></header><figure class="article-featured-image"><div class="responsive-image"><img src="/l.jpg" alt=""></div><figcaption>{x["cap"]}</figcaption></figure>
<div class="article-info-block"><div class="article-author-name"><span class="article-author-name-item"><a class="author-link" href="/author/s">{s["name"]}</a></span></div><div class="article-dates"><div class="date-simple"><span class="screen-reader-text">Published On</span><span aria-hidden="true">{s["date"]}</span></div></div><div class="social-share-bar"><button>{w.share}</button></div></div>
<div class="wysiwyg wysiwyg--all-content" aria-live="polite" aria-atomic="true">
{chr(10).join(body)}
</div><div class="article-source"><span class="article-source__title">{s["site"]}</span></div><div class="article-tags"><span>{w.tags}</span><ul><li><a href="/tag/1">{w.world}</a></li></ul></div>
<div class="newsletter-slot"><div class="sib-newsletter"><h3 class="newsletter-widget__title">{s["go"]}</h3><p class="newsletter-widget__text">{w.newsletter}</p></div></div><div class="article-author-bio"><p>{w.author}</p></div>
<section class="conversation"><h2>{w.comments}</h2><div class="conversation__message"><div class="user">user_88</div><div class="message-text">{w.comment}</div></div><div class="conversation__message"><div class="message-text">{x["comment2"]}</div></div></section></div>
<aside class="l-col l-col--4"><div class="article-trending"><h2 class="article-trending__title">{w.most}</h2><ol class="article-trending__list">{"".join(f'<li><a class="article-trending-item" href="/t/{i}"><span>{text_in_tag(o.title)}</span></a><p>{text_in_tag(o.summary)}</p></li>' for i, o in enumerate(others))}</ol></div></aside></main></div>
<section class="container recommended-articles"><h2>{w.related}</h2>{feed}</section><div class="whatsapp-banner"><p>{x["channel"]}</p></div>
<footer class="site-footer"><div class="site-footer__about">{x["about"]}</div><p>{x["editor"]}</p><p class="site-footer__copyright">© 2025 {w.rights}</p></footer><div id="onetrust-consent-sdk"><div id="onetrust-policy-text">{x["cookie"]}</div></div></div></body></html>"""


def chinese_trs_portal(a: Story, others: list[Story], w: Words) -> str:
    """A Chinese state portal: TRS editor, indents of full-width spaces, captions in centred paragraphs."""
    _code, s, x = words_of(w)
    body = []
    for n, p in enumerate(a.paragraphs):
        body.append(
            f'<p style="text-indent: 2em; text-align: justify;"><span style="font-family: 宋体; font-size: 16px;">　　{text_in_tag(p)}</span></p>'
            if n % 2
            else f"<p>　　{text_in_tag(p)}</p>"
        )
        if n == 1:
            body.append(
                f'<p align="center" style="text-align: center;"><img id="6f1" src="W020250514338.jpg" oldsrc="W020250514338.jpg" style="border:0"></p><p style="text-align: center;"><span style="color: rgb(0, 0, 128); font-family: 楷体;">　　{x["cap"]}</span></p>'
            )
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{text_in_tag(a.title)}-{s["site"]}</title><meta name="keywords" content="{e(a.title)}"><meta name="description" content="{e(a.summary)}"><!--<meta name="filetype" content="1">--><!--<meta name="publishedtype" content="1">--></head><body>
<div class="topbar"><div class="w1000"><ul class="fl">{menu_of(w, 22)}</ul></div></div><div class="header w1000"><a href="/" class="logo"><img src="/images/logo.png" alt="{s["site"]}"></a><div class="search"><input type="text" value=""></div></div>
<div class="w1000 clearfix"><div class="path">您当前的位置：<a href="/">{w.home}</a> &gt; <a href="/gj/">{w.world}</a></div><div class="main-left fl">
<div class="cont_title"><h1>{text_in_tag(a.title)}</h1><div class="cont_info"><span>{s["date"]}</span><span>来源：{s["site"]}</span><span>字号：<a>大</a><a>中</a><a>小</a></span><div class="bdsharebuttonbox">{w.share}：<a class="bds_weixin"></a></div></div></div>
<div class="zhaiyao"><strong>摘要：</strong>{text_in_tag(a.summary)}</div>
<div class="content" id="detailContent"><div class="view TRS_UEDITOR trs_paper_default trs_web">
{"".join(body)}</div></div>
<div class="zebian">责任编辑：{s["name"]}</div><div class="ewm"><img src="/images/qr.jpg" alt=""><p>{x["channel"]}</p><p>{w.newsletter}</p></div><div class="shengming">{x["editor"]}</div>
<div class="keywords">{w.tags}：<a href="/k1">{w.world}</a></div><div class="xgxw"><h3>{w.related}</h3><ul>{"".join(f'<li><a href="t2025_{i}.html">{text_in_tag(o.title)}</a><span>05-1{i}</span><p>　　{text_in_tag(o.paragraphs[0])}</p></li>' for i, o in enumerate(others))}</ul></div>
<div class="pinglun"><h3>{w.comments}</h3><dl><dt>网友 114.*.*.8</dt><dd>{w.comment}</dd><dd class="hf"><a>{w.reply}</a></dd></dl><dl><dt>网友 36.*.*.2</dt><dd>{x["comment2"]}</dd></dl></div></div>
<div class="main-right fr"><div class="hot"><h3>{w.most}</h3>{"".join(f'<div class="item"><a href="h{i}.html"><img src="h{i}.jpg"><h4>{text_in_tag(o.title)}</h4></a><p>{text_in_tag(o.summary)}</p></div>' for i, o in enumerate(others))}</div><div class="tupian"><img src="p.jpg"><p>{w.photo}</p></div><div class="jizhe">{w.author}</div></div></div>
<div class="footer"><p>{x["about"]}</p><p>{w.rights}</p><p>ICP备12345678号-1 互联网新闻信息服务许可证10120170001</p><p>{x["cookie"]}</p></div></body></html>"""


def amp_story(a: Story, others: list[Story], w: Words) -> str:
    """An AMP page: its own elements for pictures, advertisements, consent, and the next pages."""
    code, s, x = words_of(w)
    body = []
    for n, p in enumerate(a.paragraphs):
        body.append(f"<p>{with_link(p, n)}</p>")
        if n == 0:
            body.append(
                f'<div class="amp-ad-wrapper amp_ad_1"><span class="ad-label">{s["ad"]}</span><amp-ad width="300" height="250" type="doubleclick" data-slot="/1/amp" layout="responsive"><div placeholder></div></amp-ad></div>'
            )
        if n == 1:
            body.append(
                f'<div class="inline-related"><span>{w.related}: </span><a href="/amp/o"><b>{text_in_tag(others[0].title)}</b></a></div><figure class="amp-wp-inline"><amp-img src="/c.jpg" width="640" height="360" layout="responsive"></amp-img><figcaption>{x["cap"]}</figcaption></figure>'
            )
        if n == 2:
            body.append(
                f'<div class="wa-channel"><a href="https://whatsapp.com/channel/1"><p>{x["channel"]}</p></a></div>'
            )
    following = {
        "pages": [{"title": o.title, "image": f"/t{i}.jpg", "url": f"/amp/{i}"} for i, o in enumerate(others)]
    }
    return f"""<!doctype html><html ⚡ lang="{code}"><head>{meta_of(a, s["site"])}<link rel="canonical" href="https://example.org/a"><script async src="https://cdn.ampproject.org/v0.js"></script><script async custom-element="amp-ad" src="https://cdn.ampproject.org/v0/amp-ad-0.1.js"></script>
<style amp-boilerplate>body{{animation:-amp-start 8s steps(1,end) 0s 1 normal both}}</style><noscript><style amp-boilerplate>body{{animation:none}}</style></noscript><style amp-custom>.amp-wp-article{{color:#333}}</style></head><body>
<amp-sidebar id="sidebar1" layout="nodisplay" side="left"><ul>{menu_of(w, 17)}</ul></amp-sidebar><header id="top" class="amp-wp-header"><button on="tap:sidebar1.toggle">☰</button><a href="/amp"><span>{s["site"]}</span></a></header>
<amp-consent id="myConsent" layout="nodisplay"><div id="consentDialog"><p>{x["cookie"]}</p><button on="tap:myConsent.accept">OK</button></div></amp-consent>
<article class="amp-wp-article"><header class="amp-wp-article-header"><h1 class="amp-wp-title">{text_in_tag(a.title)}</h1><h2 class="synopsis">{text_in_tag(a.summary)}</h2><div class="amp-wp-meta amp-wp-byline"><span class="amp-wp-author author vcard">{s["name"]}</span><time datetime="2025-05-14T03:42:00+00:00">{s["date"]}</time></div></header>
<figure class="amp-wp-article-featured-image wp-caption"><amp-img width="1200" height="675" src="/a.jpg" layout="intrinsic"><noscript><img src="/a.jpg" alt=""></noscript></amp-img><p class="wp-caption-text">{w.photo}</p></figure>
<amp-social-share type="whatsapp" aria-label="{w.share}"></amp-social-share><div class="amp-wp-article-content">
{"".join(body)}
</div><div class="disclaimer">{x["editor"]}</div><div class="author-box"><amp-img src="/h.jpg" width="60" height="60"></amp-img><b>{s["name"]}</b><div>{w.author}</div></div>
<footer class="amp-wp-article-footer"><div class="amp-wp-meta amp-wp-tax-tag">{w.tags}: <a href="/t">{w.world}</a></div></footer></article>
<section class="amp-related"><h3>{w.most}</h3>{"".join(f'<div class="story-card"><a href="/amp/{i}"><amp-img src="/t{i}.jpg" width="100" height="75"></amp-img><h4>{text_in_tag(o.title)}</h4></a><p>{text_in_tag(o.summary)}</p></div>' for i, o in enumerate(others))}</section>
<amp-list width="auto" height="400" layout="fixed-height" src="/api/comments"><div placeholder><h3>{w.comments}</h3><p>{w.comment}</p></div></amp-list>
<amp-accordion><section><h4>{s["go"]}</h4><div><p>{w.newsletter}</p></div></section></amp-accordion>
<amp-next-page><script type="application/json">{json.dumps(following, ensure_ascii=False)}</script></amp-next-page>
<footer class="amp-wp-footer"><p>{x["about"]}</p><p>{w.rights}</p></footer></body></html>"""


def joomla_cassiopeia(a: Story, others: list[Story], w: Words) -> str:
    """Joomla 4 with its Cassiopeia template: newsflash modules, JComments, previous and next article."""
    code, s, x = words_of(w)
    flash = "".join(
        f'<div class="mod-articlesnews__item" itemscope itemtype="https://schema.org/Article"><h4 class="newsflash-title"><a href="/index.php/{i}">{text_in_tag(o.title)}</a></h4><figure class="newsflash-image"><img src="/images/{i}.jpg" alt=""></figure><p>{text_in_tag(o.paragraphs[0])}</p><a class="readmore" href="/index.php/{i}">{w.related}</a></div>'
        for i, o in enumerate(others)
    )
    text = "\r\n".join(
        f'<p style="text-align: justify;">{with_link(p, n, "strong")}</p>'
        if n == 0
        else f"<p>{text_in_tag(p)}</p>\r\n<p>&nbsp;</p>"
        for n, p in enumerate(a.paragraphs)
    )
    return f"""<!DOCTYPE html>{html_of(w)}<head>{meta_of(a, s["site"])}<meta name="generator" content="Joomla! - Open Source Content Management"></head><body class="site com_content wrapper-static view-article no-layout no-task itemid-104 has-sidebar-right">
<header class="header container-header full-width"><div class="grid-child"><div class="navbar-brand"><a class="brand-logo" href="/">{s["site"]}</a></div></div><div class="grid-child container-nav"><ul class="mod-menu mod-list nav metismenu">{menu_of(w, 13, ' class="nav-item"')}</ul></div></header>
<div class="site-grid"><div class="grid-child container-component"><nav class="mod-breadcrumbs__wrapper"><ol class="mod-breadcrumbs breadcrumb"><li class="mod-breadcrumbs__item breadcrumb-item"><a href="/">{w.home}</a></li><li class="breadcrumb-item active">{w.world}</li></ol></nav><main>
<div class="com-content-article item-page" itemscope itemtype="https://schema.org/Article"><meta itemprop="inLanguage" content="{code}"><div class="page-header"><h1 itemprop="headline">{text_in_tag(a.title)}</h1></div>
<dl class="article-info text-muted"><dt class="article-info-term">{w.tags}</dt><dd class="createdby" itemprop="author"><span itemprop="name">{s["name"]}</span></dd><dd class="category-name"><a href="/w">{w.world}</a></dd><dd class="published"><time datetime="2025-05-14T09:12:00+00:00" itemprop="datePublished">{s["date"]}</time></dd><dd class="hits">1184</dd></dl>
<figure class="left item-image"><img itemprop="image" src="/images/news/a.jpg" alt=""><figcaption class="caption">{w.photo}</figcaption></figure>
<div itemprop="articleBody" class="com-content-article__body">
{text}
</div><ul class="tags list-inline"><li class="list-inline-item tag-2"><a href="/tag/2" class="btn btn-sm btn-info">{w.world}</a></li></ul>
<nav class="pagenavigation"><span class="pagination ms-0"><a class="btn btn-sm btn-secondary previous" href="/p"><span class="visually-hidden">{text_in_tag(others[0].title)}</span></a><a class="btn btn-sm btn-secondary next" href="/n">{text_in_tag(others[1].title)}</a></span></nav></div>
<div id="jc"><div id="comments"><h4>{w.comments}</h4><div id="comments-list" class="comments-list"><div class="even" id="comment-item-1"><div class="rbox"><div class="comment-box"><span class="comment-author">ko_ko</span><div class="comment-body" id="comment-body-1">{w.comment}</div><span class="comments-buttons"><a href="#">{w.reply}</a></span></div></div></div><div class="odd"><div class="comment-body">{x["comment2"]}</div></div></div></div></div></main></div>
<div class="grid-child container-sidebar-right"><div class="sidebar-right card"><h3 class="card-header">{w.most}</h3><div class="card-body"><div class="mod-articlesnews newsflash">{flash}</div></div></div><div class="sidebar-right card"><div class="card-body"><div id="mod-custom110" class="mod-custom custom"><p>{w.newsletter}</p><p>{x["channel"]}</p></div></div></div><div class="sidebar-right card"><h3 class="card-header">{w.related}</h3><ul class="mod-articlescategory category-module mod-list">{"".join(f'<li><a class="mod-articles-category-title" href="/c{i}">{text_in_tag(o.title)}</a><p class="mod-articles-category-introtext">{text_in_tag(o.summary)}</p></li>' for i, o in enumerate(others))}</ul></div></div></div>
<footer class="container-footer footer full-width"><div class="grid-child"><div class="mod-custom custom"><p>{x["about"]}</p><p>{w.author}</p></div><div class="mod-footer"><div class="footer1">© 2025 {s["site"]}. {w.rights}</div></div></div></footer></body></html>"""


LAYOUTS: dict[Layout, str] = {
    newspack_block_theme: "en es de",
    ghost_source_theme: "en de fr",
    arc_xp_themes: "en es",
    blox_town_paper: "en",
    bitrix_regional_portal: "uk",
    typo3_ministry_press: "de fr",
    rtl_broadcaster: "ar he",
    chinese_trs_portal: "zh",
    amp_story: "hi en uk",
    joomla_cassiopeia: "my es",
}
