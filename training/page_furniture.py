"""The furniture of the page templates: boxes, lines and pictures that are not the article."""

from __future__ import annotations

from collections.abc import Callable
from html import escape as e

from training.page_parts import Template

Furniture = Callable[[Template], str]


def _also_line(t: Template) -> str:
    """A linked headline after a label."""
    return t.line(f"{e(t.w.related)}: <a href='/x/7'>{e(t.other().title)}</a>", "box")


def _linked_line(t: Template) -> str:
    return t.line(f"<a href='/x/8'>{e(t.other().title)}</a>", "box")


def _bold_linked_line(t: Template) -> str:
    return t.line(f"<strong><a href='/x/9'>{e(t.other().title)}</a></strong>", "box")


def _linked_summary(t: Template) -> str:
    o = t.other()
    return t.line(f"<a href='/x/6'>{e(o.title)}</a>. {e(o.summary)}", "box")


def _summary_line(t: Template) -> str:
    o = t.other()
    return t.boxed(f"<b>{e(o.title)}</b><p>{e(o.summary)}</p>")


def _card_in_text(t: Template) -> str:
    return t.card() if t.card_tag != "li" else f"<ul>{t.card()}</ul>"


def _cards_in_box(t: Template) -> str:
    return t.boxed(t.label(t.w.related) + t.card() + t.card())


def _list_of_titles(t: Template) -> str:
    items = "".join(f"<li><a href='/n/{i}'>{e(o.title)}</a></li>" for i, o in enumerate(t.others))
    return f"<div{t.attr('box')}>{t.label(t.w.related)}<ul>{items}</ul></div>"


def _list_of_bare_titles(t: Template) -> str:
    items = "".join(f"<li>{e(o.title)}</li>" for o in t.others)
    return f"<div{t.attr('box')}>{t.label(t.w.most)}<ul>{items}</ul></div>"


def _offer_box(t: Template) -> str:
    form = t.random.choice(
        ["", "<form><input type='email'><button>OK</button></form>", "<a href='/join'>OK</a>"]
    )
    words = t.random.choice([t.say("offer"), e(t.w.newsletter)])
    return f"<div{t.attr('offer')}>{t.label(t.w.home)}<p>{words}</p>{form}</div>"


def _offer_line(t: Template) -> str:
    return t.line(t.random.choice([t.say("offer"), e(t.w.newsletter)]), "offer")


def _linked_offer(t: Template) -> str:
    return t.line(f"<a href='/join'>{t.say('offer')}</a>", "offer")


def _figure(t: Template) -> str:
    words = t.random.choice([t.say("caption"), e(t.w.photo)])
    return f"<figure><img src='p.jpg'><figcaption{t.attr('caption')}>{words}</figcaption></figure>"


def _picture_box(t: Template) -> str:
    words = t.random.choice([t.say("caption"), e(t.w.photo)])
    tag = t.random.choice(["p", "div", "span"])
    return f"<div{t.attr('box')}><img src='p.jpg'><{tag}{t.attr('caption')}>{words}</{tag}></div>"


def _picture_line(t: Template) -> str:
    return "<p><img src='q.jpg'></p>" + t.line(t.random.choice([t.say("caption"), e(t.w.photo)]), "caption")


def _advert(t: Template) -> str:
    return f"<div{t.attr('box')}><a href='//ad.example/1'><img src='a.gif'></a><p>{t.say('advert')}</p></div>"


def _advert_line(t: Template) -> str:
    return t.line(f"<a href='//ad.example/2'>{t.say('advert')}</a>", "box")


def _note(t: Template) -> str:
    return t.line(t.say("note"), "meta")


def _byline(t: Template) -> str:
    return f"<div{t.attr('meta')}><span>{t.say('credit')}</span> <time>04.04.2025 09:12</time></div>"


def _credit(t: Template) -> str:
    return t.line(t.say("credit"), "meta")


def _about(t: Template) -> str:
    words = t.random.choice([t.say("about"), e(t.w.author)])
    picture = t.random.choice(["", "<img src='face.jpg'>"])
    return f"<div{t.attr('author')}>{picture}<strong>Miriam Doyle</strong><p>{words}</p></div>"


def _about_line(t: Template) -> str:
    return t.line(t.random.choice([t.say("about"), e(t.w.author)]), "author")


def _tags(t: Template) -> str:
    links = " ".join(f"<a href='/t/{i}'>{e(word)}</a>" for i, word in enumerate(t.own.title.split()[:5]))
    return f"<div{t.attr('meta')}>{e(t.w.tags)}: {links}</div>"


def _comment(t: Template) -> str:
    return t.random.choice([t.say("comment"), e(t.w.comment)])


def _comments(t: Template) -> str:
    tag = t.random.choice(["li", "div", "article", "div"])
    one = f"<b>Reader {t.random.randint(1, 9)}</b><p>{_comment(t)}</p><a href='#r'>{e(t.w.reply)}</a>"
    return (
        f"<div{t.attr('box')}>{t.label(t.w.comments)}"
        + 2 * f"<{tag}{t.attr('comment')}>{one}</{tag}>"
        + "</div>"
    )


def _bare_comments(t: Template) -> str:
    said = f"<div{t.attr('comment')}><p>{_comment(t)}</p></div>"
    return f"<div{t.attr('box')}>{t.label(t.w.comments)}{said}</div>"


def _next_story(t: Template) -> str:
    o = t.other()
    paragraphs = "".join(f"<p>{e(p)}</p>" for p in o.paragraphs[: t.random.choice([2, 3, 9])])
    tag = t.random.choice(["div", "article", "section"])
    return f"<{tag}{t.attr('main')}><h2><a href='/next'>{e(o.title)}</a></h2>{paragraphs}</{tag}>"


def _legal(t: Template) -> str:
    return t.line(t.random.choice([t.say("legal"), e(t.w.rights)]), "foot")


def _share(t: Template) -> str:
    return f"<div{t.attr('meta')}>{e(t.w.share)} <a href='#f'>Facebook</a> <a href='#t'>Telegram</a></div>"


def _many_cards(t: Template) -> str:
    cards = "".join(t.card() for _ in range(3))
    return (
        f"<div{t.attr('box')}>{t.label(t.w.most)}{f'<ul>{cards}</ul>' if t.card_tag == 'li' else cards}</div>"
    )


def _briefs(t: Template) -> str:
    """Other stories told in a sentence each, beside or below."""
    rows = "".join(
        f"<div{t.attr('card')}><time>08:1{i}</time><p>{e(o.summary)}</p></div>"
        for i, o in enumerate(t.others)
    )
    return f"<div{t.attr('box')}>{t.label(t.w.world)}{rows}</div>"


def _opinion(t: Template) -> str:
    o = t.other()
    link = f"<p><a href='/op'>{e(o.summary)}</a></p>"
    return f"<div{t.attr('box')}><img src='f.jpg'><span>Tom Archer</span>{link}</div>"


INSIDE: list[Furniture] = [
    _also_line, _linked_line, _bold_linked_line, _linked_summary, _summary_line, _card_in_text, _cards_in_box,
    _list_of_titles, _list_of_bare_titles, _offer_box, _offer_line, _linked_offer, _figure, _picture_box,
    _picture_line, _advert, _advert_line, _briefs, _opinion, _about,
]  # fmt: skip
BEFORE: list[Furniture] = [
    _byline,
    _note,
    _share,
    _figure,
    _picture_box,
    _picture_line,
    _list_of_titles,
    _offer_box,
    _credit,
]
AFTER: list[Furniture] = [
    _credit, _about, _about_line, _tags, _comments, _bare_comments, _next_story, _legal, _share, _many_cards,
    _cards_in_box, _briefs, _note, _offer_box, _offer_line, _list_of_titles, _also_line, _summary_line,
    _advert, _linked_summary,
]  # fmt: skip
BESIDE: list[Furniture] = [
    _many_cards,
    _list_of_titles,
    _list_of_bare_titles,
    _briefs,
    _opinion,
    _offer_box,
    _advert,
    _next_story,
]
FOOT: list[Furniture] = [_legal, _offer_box, _many_cards, _offer_line, _about_line, _note]
