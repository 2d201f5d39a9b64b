"""Page layouts in the manner of widespread publishing systems, with the class names that these use.

Each function takes a story, three other stories and the site's words, and returns a page. ``LAYOUTS`` says which
languages each is tried in. Cleaning was tuned on these layouts; on those of ``cms_layouts_held_out`` it was not.
"""

from __future__ import annotations

import json
from html import escape as e

from cms_articles import Layout, Story, Words


def ps(paragraphs: tuple[str, ...] | list[str], attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{e(p)}</p>\n" for p in paragraphs)


def head(a: Story, w: Words, more: str = "") -> str:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{e(a.title)} | {w.home} News</title>{more}</head>"


def menu(w: Words, number: int = 24, tag: str = "nav", attributes: str = "") -> str:
    items = "".join(f"<li><a href='/s/{i}'>{w.world} {i}</a></li>" for i in range(number))
    return f"<{tag}{attributes}><ul><li><a href='/'>{w.home}</a></li>{items}</ul></{tag}>"


def wordpress_blog_theme(a: Story, others: list[Story], w: Words) -> str:
    """Comments are ``article`` elements; related posts and sharing buttons are inside the content."""
    rel = "".join(
        f"<div class='jp-relatedposts-post'><h4 class='jp-relatedposts-post-title'><a href='/{i}'>{e(o.title)}</a></h4>"
        f"<p class='jp-relatedposts-post-excerpt'>{e(o.summary)}</p></div>"
        for i, o in enumerate(others)
    )
    said = "".join(
        f"<li class='comment even depth-1'><article class='comment-body'><footer class='comment-meta'><b class='fn'>R. {i}</b></footer>"
        f"<div class='comment-content'><p>{w.comment}</p></div><div class='reply'><a class='comment-reply-link' href='#'>{w.reply}</a></div></article></li>"
        for i in range(2)
    )
    return (
        f"{head(a, w)}<body class='post-template-default single single-post has-sidebar'><div id='page' class='site'>"
        f"<header id='masthead' class='site-header'><p class='site-title'><a href='/'>{w.home} News</a></p>{menu(w)}</header>"
        "<div id='primary' class='content-area'><main id='main' class='site-main'><article id='post-71' class='post-71 post type-post status-publish category-world'>"
        f"<header class='entry-header'><div class='entry-meta'><time class='entry-date' datetime='2025-04-04T09:12:00+03:00'>04.04.2025</time></div><h1 class='entry-title'>{e(a.title)}</h1></header>"
        f"<div class='entry-content'><figure class='wp-caption aligncenter'><img src='a.jpg'><figcaption class='wp-caption-text'>{e(w.photo)}</figcaption></figure>{ps(a.paragraphs)}"
        f"<div class='sharedaddy sd-sharing-enabled'><h3 class='sd-title'>{w.share}:</h3><ul><li><a href='#'>Facebook</a></li><li><a href='#'>X</a></li></ul></div>"
        f"<div id='jp-relatedposts' class='jp-relatedposts'><h3 class='jp-relatedposts-headline'><em>{w.related}</em></h3>{rel}</div></div></article>"
        f"<nav class='navigation post-navigation'><a href='/p' rel='prev'>{e(others[0].title)}</a></nav>"
        f"<div id='comments' class='comments-area'><h2 class='comments-title'>{w.comments}</h2><ol class='comment-list'>{said}</ol></div></main></div>"
        f"<aside id='secondary' class='widget-area'><section class='widget widget_recent_entries'><h2>{w.most}</h2><ul>"
        + "".join(f"<li><a href='/{i}'>{e(o.title)}</a></li>" for i, o in enumerate(others))
        + f"</ul></section><section class='widget'><p>{e(w.newsletter)}</p></section></aside></div><footer class='site-footer'><p>{e(w.rights)}</p></footer></body></html>"
    )


def drupal(a: Story, others: list[Story], w: Words) -> str:
    """Fields in nested blocks; views of other stories beside them."""
    rows = "".join(
        f"<div class='views-row'><div class='views-field-title'><span class='field-content'><a href='/node/{i}'>{e(o.title)}</a></span></div>"
        f"<div class='views-field-body'><div class='field-content'>{e(o.summary)}</div></div></div>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body class='path-node page-node-type-article'><div class='dialog-off-canvas-main-canvas'><div class='layout-container'><header role='banner'>{menu(w)}</header>"
        f"<div class='region region-breadcrumb'><ol><li><a href='/'>{w.home}</a></li><li>{w.world}</li></ol></div><main role='main'><div class='layout-content'><div class='region region-content'>"
        f"<h1 class='page-header'><span class='field field--name-title'>{e(a.title)}</span></h1><article class='node node--type-article node--view-mode-full'>"
        f"<div class='node__submitted'><span>admin</span> 04/04/2025 - 09:12</div><div class='node__content'><div class='field field--name-field-image'><img src='x.jpg'><blockquote class='image-field-caption'><p>{e(w.photo)}</p></blockquote></div>"
        f"<div class='clearfix text-formatted field field--name-body field--type-text-with-summary field__item'>{ps(a.paragraphs)}</div>"
        f"<div class='field field--name-field-tags'><div class='field__label'>{w.tags}</div><div class='field__items'><a href='/t/1'>{w.world}</a></div></div></div></article>"
        f"<section class='views-element-container block block-views'><h2 class='block-title'>{w.related}</h2><div class='view-content'>{rows}</div></section></div></div>"
        f"<aside class='layout-sidebar-second'><div class='region'><h2>{w.most}</h2><p>{e(w.newsletter)}</p></div></aside></main>"
        f"<footer role='contentinfo'><div class='region region-footer'><p>{e(w.rights)}</p></div></footer></div></div></body></html>"
    )


def next_js_rendered(a: Story, others: list[Story], w: Words) -> str:
    """Rendered on the server with hashed classes; the page's data, menus included, follow as JSON."""
    cards = "".join(
        f"<a class='sc-1b9 hQWxx' href='/{i}'><div class='sc-77a'><img src='{i}.jpg'></div><h3 class='sc-8c'>{e(o.title)}</h3><span class='sc-5d'>{e(o.summary)}</span></a>"
        for i, o in enumerate(others)
    )
    half = max(1, len(a.paragraphs) // 2)
    data = {
        "props": {
            "pageProps": {
                "menu": [{"title": f"{w.world} {i}"} for i in range(60)],
                "story": {
                    "headline": a.title,
                    "blocks": [{"type": "paragraph", "text": p} for p in a.paragraphs],
                },
                "latest": [{"headline": o.title, "dek": o.summary} for o in others],
            }
        }
    }
    return (
        f"{head(a, w)}<body><div id='__next'><div class='sc-a0'>{menu(w, 12, 'div')}</div><main class='sc-a1'><div class='sc-b2'><h1 class='sc-c3'>{e(a.title)}</h1>"
        f"<div class='sc-d4'><span>4 Apr 2025</span></div><figure><img src='l.jpg'><figcaption class='sc-fc'>{e(w.photo)}</figcaption></figure><div class='sc-e5'>{ps(a.paragraphs[:half], chr(32) + 'class=sc-p')}"
        f"<div class='sc-n1'><h4>{w.home}+</h4><p>{e(w.newsletter)}</p><input type='email'><button>OK</button></div>{ps(a.paragraphs[half:], chr(32) + 'class=sc-p')}</div>"
        f"<div class='sc-au'><img src='a.jpg'><p>{e(w.author)}</p></div></div><div class='sc-r'><h2>{w.related}</h2><div class='sc-g'>{cards}</div></div></main><div class='sc-f'><p>{e(w.rights)}</p></div></div>"
        f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps(data)}</script></body></html>"
    )


def amp_news(a: Story, others: list[Story], w: Words) -> str:
    """An AMP page with advertisements, sharing, a list of next pages and a consent box."""
    rel = "".join(
        f"<li><a href='/{i}'><amp-img src='{i}.jpg'></amp-img><h4>{e(o.title)}</h4></a></li>"
        for i, o in enumerate(others)
    )
    mixed = "".join(f"<p>{e(p)}</p><amp-ad type='doubleclick'></amp-ad>" for p in a.paragraphs)
    return (
        f"{head(a, w)}<body><amp-consent id='c'><div class='consent-box'><p>We and our partners store cookies to measure this site. You may accept or reject them, or change your choices.</p><button>OK</button></div></amp-consent>"
        f"<header class='header'><a href='/'>{w.home}</a></header><amp-sidebar>{menu(w, 30, 'div')}</amp-sidebar><main><article><h1>{e(a.title)}</h1><div class='meta'><time>2025-04-04</time></div>"
        f"<amp-img class='hero' src='h.jpg'></amp-img><div class='caption'>{e(w.photo)}</div><div class='article-text'>{mixed}</div><amp-social-share type='x'></amp-social-share>"
        f"<section class='also'><h3>{w.related}</h3><ul>{rel}</ul></section></article></main><footer><p>{e(w.rights)}</p></footer></body></html>"
    )


def blogger(a: Story, others: list[Story], w: Words) -> str:
    """Line breaks instead of paragraphs, a caption in a table, comments in a definition list."""
    said = "".join(
        f"<dt class='comment-author'><a href='#'>User{i}</a> said...</dt><dd class='comment-body'><p>{w.comment}</p></dd><dd class='comment-footer'>4/4/25 10:0{i}</dd>"
        for i in range(2)
    )
    archive = "".join(f"<li><a href='/20{i:02}'>20{i:02}</a> (12)</li>" for i in range(9, 25))
    return (
        f"{head(a, w)}<body><div id='outer-wrapper'><div id='header'><h1 class='title'><a href='/'>{w.home} News</a></h1></div><div id='main'><div class='blog-posts hfeed'><h2 class='date-header'>Friday, April 4, 2025</h2>"
        f"<div class='post hentry'><h3 class='post-title entry-title'>{e(a.title)}</h3><div class='post-body entry-content'><table class='tr-caption-container'><tbody><tr><td><img src='p.jpg'></td></tr><tr><td class='tr-caption'>{e(w.photo)}</td></tr></tbody></table>"
        f"{'<br /><br />'.join(e(p) for p in a.paragraphs)}<div style='clear: both;'></div></div><div class='post-footer'>Posted by admin at <a href='#'>9:12 AM</a> <a href='#'>Email This</a><a href='#'>BlogThis!</a></div></div>"
        f"<div id='comments'><h4>2 comments:</h4><dl>{said}</dl></div><div id='blog-pager'><a href='/n'>Newer Post</a> <a href='/'>Home</a></div></div></div>"
        f"<div id='sidebar-wrapper'><div class='widget BlogArchive'><h2>Blog Archive</h2><ul>{archive}</ul></div><div class='widget PopularPosts'><h2>{w.most}</h2><ul>"
        + "".join(
            f"<li><div class='item-title'><a href='/{i}'>{e(o.title)}</a></div><div class='item-snippet'>{e(o.summary)}</div></li>"
            for i, o in enumerate(others)
        )
        + f"</ul></div><div class='widget Profile'><h2>About Me</h2><p>{e(w.author)}</p></div></div><div id='footer'><p>{e(w.rights)}</p></div></div></body></html>"
    )


def live_page_of_one_story(a: Story, others: list[Story], w: Words) -> str:
    """A live page whose posts are all about the story, with a list of key events."""
    posts = "".join(
        f"<div class='live-post' id='p{i}'><div class='live-post__meta'><time>{18 - i}:2{i}</time><span>R. Key</span></div><div class='live-post__body'><p>{e(p)}</p></div><div class='live-post__share'><a href='#'>{w.share}</a></div></div>"
        for i, p in enumerate(a.paragraphs[1:])
    )
    return (
        f"{head(a, w)}<body>{menu(w)}<main><div class='live-header'><span class='badge'>LIVE</span><h1>{e(a.title)}</h1></div><div class='live-summary'><p>{e(a.paragraphs[0])}</p></div>"
        f"<div class='live-feed'>{posts}</div><section class='more-live'><h2>{w.related}</h2>"
        + "".join(
            f"<div class='card'><a href='/{i}'><h3>{e(o.title)}</h3></a><p>{e(o.summary)}</p></div>"
            for i, o in enumerate(others)
        )
        + f"</section></main><footer><p>{e(w.rights)}</p></footer></body></html>"
    )


def telegram_web(a: Story, others: list[Story], w: Words) -> str:
    """One message of a channel, as the messenger shows it on the web; the headline is its first line in bold."""
    text = "<br/><br/>".join(e(p) for p in a.paragraphs)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{w.home} News</title></head><body class='widget_frame_base tgme_widget'><div class='tgme_widget_message text_not_supported_wrap js-widget_message'>"
        f"<div class='tgme_widget_message_user'><a href='#'><i class='tgme_widget_message_user_photo'></i></a></div><div class='tgme_widget_message_bubble'><div class='tgme_widget_message_author'><a href='#'><span dir='auto'>{w.home} News</span></a></div>"
        f"<a class='tgme_widget_message_reply' href='#'><div class='tgme_widget_message_text'>{e(others[0].title)}</div></a>"
        f"<div class='tgme_widget_message_text js-message_text' dir='auto'><b>{e(a.title)}</b><br/><br/>{text}</div>"
        "<div class='tgme_widget_message_footer'><span class='tgme_widget_message_views'>12.4K</span><span class='tgme_widget_message_meta'><a href='#'><time datetime='2025-04-04T06:12:00+00:00'>06:12</time></a></span></div></div></div></body></html>"
    )


def arabic_portal(a: Story, others: list[Story], w: Words) -> str:
    """Right to left; a list of other stories between the paragraphs; the source stands below."""
    inside = "".join(
        f"<li class='list-item'><a href='/{i}'>{e(o.title)}</a></li>" for i, o in enumerate(others)
    )
    half = max(1, len(a.paragraphs) // 2)
    return (
        f"{head(a, w)}<body dir='rtl'><div class='container'>{menu(w, 20, 'header')}<main id='main-content-area'><header class='article-header'><h1>{e(a.title)}</h1></header>"
        f"<figure class='article-featured-image'><div class='responsive-image'><img src='i.jpg'></div><figcaption>{e(w.photo)}</figcaption></figure><div class='article-dates'><span>4/4/2025</span></div>"
        f"<div class='wysiwyg wysiwyg--all-content' aria-live='polite'>{ps(a.paragraphs[:half])}<div class='more-on'><h2 class='more-on__heading'>{w.related}</h2><ul class='more-on__list'>{inside}</ul></div>{ps(a.paragraphs[half:])}</div>"
        f"<div class='article-newsletter'><div>{e(w.newsletter)}</div></div></main><div class='rhs'><h2>{w.most}</h2>"
        + "".join(
            f"<div class='trending-item'><span>{i + 1}</span><h3><a href='/{i}'>{e(o.title)}</a></h3></div>"
            for i, o in enumerate(others)
        )
        + f"</div><div class='site-footer'><p>{e(w.rights)}</p></div></div></body></html>"
    )


def burmese_magazine(a: Story, others: list[Story], w: Words) -> str:
    """A page builder's nested blocks; related stories and the reporter below."""
    rel = "".join(
        f"<div class='elementor-post'><h3 class='elementor-post__title'><a href='/{i}'>{e(o.title)}</a></h3><div class='elementor-post__excerpt'><p>{e(o.summary)}</p></div></div>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><div class='elementor'><section class='elementor-section'><div class='elementor-widget-wrap'>{menu(w, 10)}</div></section><section class='elementor-section'><div class='elementor-column'><div class='elementor-widget-wrap'>"
        f"<div class='elementor-widget elementor-widget-theme-post-title'><h1 class='elementor-heading-title'>{e(a.title)}</h1></div><div class='elementor-widget elementor-widget-image'><img src='i.jpg'><span class='widget-image-caption'>{e(w.photo)}</span></div>"
        f"<div class='elementor-widget elementor-widget-theme-post-content'><div class='elementor-widget-container'>{ps(a.paragraphs)}</div></div>"
        f"<div class='elementor-widget elementor-widget-author-box'><div class='elementor-author-box__bio'>{e(w.author)}</div></div>"
        f"<div class='elementor-widget elementor-widget-posts'><h4>{w.related}</h4><div class='elementor-posts-container'>{rel}</div></div></div></div></section><section class='elementor-section'><p>{e(w.rights)}</p></section></div></body></html>"
    )


def ukrainian_portal(a: Story, others: list[Story], w: Words) -> str:
    """Pointers and an appeal to subscribe stand between the paragraphs, in paragraphs of the same kind."""
    body = [f"<p>{e(p)}</p>" for p in a.paragraphs]
    body.insert(2, f"<p><strong>{w.related}: <a href='/1'>{e(others[0].title)}</a></strong></p>")
    body.append(f"<p><em><a href='https://t.me/x'>{e(w.newsletter)}</a></em></p>")
    return (
        f"{head(a, w)}<body><div class='layout-header'>{menu(w, 18, 'div')}</div><div class='layout-main'><article class='post post_news'><header class='post__header'><h1 class='post__title'>{e(a.title)}</h1><div class='post__time'>4 квітня 2025, 09:12</div></header>"
        f"<div class='post__photo'><img src='p.jpg'><div class='post__photo-info'>{e(w.photo)}</div></div><div class='post__text'>{''.join(body)}</div><div class='post__tags'><a href='/t'>{w.world}</a> <a href='/t2'>{w.tags}</a></div></article>"
        f"<div class='block_popular'><h4>{w.most}</h4>"
        + "".join(f"<div><a href='/{i}'>{e(o.title)}</a></div>" for i, o in enumerate(others))
        + f"</div><div class='disq'><h3>{w.comments}</h3><div class='c'><b>Олег</b><p>{w.comment}</p></div></div></div><div class='layout-footer'><div>{e(w.rights)}</div></div></body></html>"
    )


def spanish_daily(a: Story, others: list[Story], w: Words) -> str:
    """The daily's own boxes in the body, a module that sells subscriptions, and a biography of the writer."""
    half = max(1, len(a.paragraphs) // 2)
    rel = "".join(
        f"<article><h3><a href='/{i}'>{e(o.title)}</a></h3></article>" for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><header class='x'>{menu(w, 14)}</header><article id='main-container' class='a'><header class='a_e'><h1 class='a_t'>{e(a.title)}</h1></header>"
        f"<figure class='a_m'><img src='f.jpg'><figcaption class='a_m_p'>{e(w.photo)}</figcaption></figure><div class='a_md'><a href='/autor'>R. Vega</a> <span>04 abr 2025 - 09:12</span></div>"
        f"<div class='a_c clearfix' data-dtm-region='articulo_cuerpo'>{ps(a.paragraphs[:half])}<section class='w_rn'><h3>{w.related}</h3><div>{rel}</div></section>{ps(a.paragraphs[half:])}</div>"
        f"<div class='a_s_b'><div class='a_s_n'>{e(w.newsletter)}</div></div><div class='a_auw'><div class='a_aub'><h3>Sobre la firma</h3><div class='a_aub_n'>R. Vega</div><div class='a_aub_d'>{e(w.author)}</div></div></div>"
        f"<section class='w_com'><h4>{w.comments}</h4><div>{w.comment}</div></section></article><footer><div class='w-rights'>{e(w.rights)}</div></footer></body></html>"
    )


def broadcaster(a: Story, others: list[Story], w: Words) -> str:
    """Every block is a component; lists of other stories have headings and summaries."""
    blocks = "".join(
        f"<div data-component='text-block' class='sc-18'><p class='sc-9a'>{e(p)}</p></div>"
        for p in a.paragraphs
    )
    rel = "".join(
        f"<li><div class='promo-x'><a href='/{i}'><span role='text'>{e(o.title)}</span></a><p class='sc-aa'>{e(o.summary)}</p></div></li>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><header role='banner'>{menu(w, 15)}</header><main id='main-content'><article><div data-component='headline-block'><h1 id='main-heading'>{e(a.title)}</h1></div><div data-component='byline-block'><time>4 April 2025</time></div>"
        f"<div data-component='image-block'><figure><img src='b.jpg'><div data-component='caption-block'><figcaption>{e(w.photo)}</figcaption></div></figure></div>{blocks}"
        f"<section data-component='links-block'><h2>{w.related}</h2><ul>{rel}</ul></section><section data-component='topic-list'><h2>{w.tags}</h2><ul><li><a href='/t'>{w.world}</a></li></ul></section></article>"
        f"<div data-component='features'><h2>{w.most}</h2><ol>{rel}</ol></div></main><div data-testid='newsletter'><h2>{w.home}</h2><p>{e(w.newsletter)}</p></div><footer role='contentinfo'><p>{e(w.rights)}</p></footer></body></html>"
    )


def french_daily(a: Story, others: list[Story], w: Words) -> str:
    """The text is complete, though menus speak of subscribers; a box for a newsletter is inside."""
    body = [f"<p class='article__paragraph'>{e(p)}</p>" for p in a.paragraphs]
    body.insert(
        1,
        f"<section class='catcher catcher--inline'><div class='catcher__content'><span class='catcher__title'>{w.related} :</span> <a href='/1'>{e(others[0].title)}</a></div></section>",
    )
    body.insert(
        3,
        f"<section class='inread__newsletter'><p class='nl__title'>{e(w.newsletter)}</p><button>OK</button></section>",
    )
    rel = "".join(
        f"<div class='teaser-x'><a href='/{i}'><p class='t'>{e(o.title)}</p></a></div>"
        for i, o in enumerate(others)
    )
    return (
        f"{head(a, w)}<body><div class='header__subscribe'><a href='/abo'>Already a subscriber? Log in</a></div>{menu(w)}<main class='main--article'><section class='article__wrapper'><header class='article__header'><h1 class='article__title'>{e(a.title)}</h1></header>"
        f"<section class='article__content'><figure class='article__media'><img src='f.jpg'><figcaption class='article__legend'>{e(w.photo)}</figcaption></figure>{''.join(body)}</section>"
        f"<section class='article__reactions'><h4>{w.comments}</h4><p>{w.comment}</p></section></section><section class='river'><h4>{w.most}</h4>{rel}</section></main><footer><p>{e(w.rights)}</p></footer></body></html>"
    )


def reading_platform(a: Story, others: list[Story], w: Words) -> str:
    """A platform for writers: claps, responses, and further stories of the author with their beginnings."""
    rel = "".join(
        f"<div class='ab'><a href='/@r/{i}'><h2 class='be'>{e(o.title)}</h2><h3 class='bf'>{e(o.summary)}</h3></a><span>Apr {i + 1}</span></div>"
        for i, o in enumerate(others)
    )
    said = "".join(
        f"<div class='mk'><div>R. {i}</div><pre class='ml'>{w.comment}</pre><button>{w.reply}</button></div>"
        for i in range(2)
    )
    return (
        f"{head(a, w)}<body><div id='root'><div class='a b'><div class='c'><a href='/'>{w.home}</a><a href='/in'>Sign in</a></div><article><div class='l'><section><div class='fr'><h1 class='pw-post-title'>{e(a.title)}</h1><div class='m'><a href='/@r'>R. Key</a><span>4 min read</span><span>Apr 4</span></div>"
        f"<figure class='n'><img src='m.jpg'><figcaption class='o'>{e(w.photo)}</figcaption></figure>{ps(a.paragraphs, ' class=pw-post-body-paragraph')}</div></section></div></article>"
        f"<div class='p'><button>120</button><div class='q'><h2>Written by R. Key</h2><div class='r'><p>{e(w.author)}</p></div><button>Follow</button></div><div class='s'><h2>Responses (2)</h2>{said}</div><div class='t'><h2>More from R. Key</h2>{rel}</div></div></div></div></body></html>"
    )


LAYOUTS: dict[Layout, str] = {
    wordpress_blog_theme: "en es",
    drupal: "en fr",
    next_js_rendered: "en uk",
    amp_news: "hi en",
    blogger: "en es",
    live_page_of_one_story: "en fr",
    telegram_web: "uk en",
    arabic_portal: "ar",
    burmese_magazine: "my",
    ukrainian_portal: "uk",
    spanish_daily: "es",
    broadcaster: "en hi",
    french_daily: "fr en",
    reading_platform: "en",
}
