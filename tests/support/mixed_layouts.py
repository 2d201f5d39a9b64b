"""Pages put together at random from the parts of news pages: thousands of layouts that nobody wrote.

A seed decides the markup of each part, where it stands, and how classes are named. Tests use some seeds for
tuning and others only for measuring.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from html import escape as e

from cms_articles import Page, Story, Words, pages_of

LANGUAGES = ("en", "es", "fr", "uk", "ar", "he", "hi", "zh", "my", "en")

_MEANINGS = {
    "body": ("article-body", "entry-content", "story__text", "post-content"),
    "caption": ("caption", "wp-caption-text", "photo-credit", "image__legend"),
    "related": ("related-links", "more-stories", "story-list", "recirc"),
    "comments": ("comments-area", "discussion", "talkback", "comment-list"),
    "letter": ("newsletter-signup", "nl-box", "inline-promo", "subscribe-box"),
    "author": ("author-bio", "about-author", "bio-box", "writer"),
    "page": ("wrapper", "site", "layout", "container"),
}


class _Maker:
    """Makes the parts of one page."""

    def __init__(self, seed: int, words: Words) -> None:
        self.random, self.words = random.Random(seed), words
        self.naming = self.random.choice(("none", "meaning", "meaning", "hash"))
        self.hashes: dict[str, str] = {}

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def cls(self, part: str) -> str:
        """Return a class attribute: of a part the same all over the page."""
        if part not in self.hashes:
            name = self.random.choice(_MEANINGS[part])
            digits = f"css-{self.random.randrange(16**6):06x}"
            self.hashes[part] = {"none": "", "meaning": f' class="{name}"', "hash": f' class="{digits}"'}[
                self.naming
            ]
        return self.hashes[part]

    def paragraphs(self, story: Story) -> list[str]:
        style = self.pick("p", "p", "p", "div", "p in div", "span", "section", "br", "font")
        texts = [e(text) for text in story.paragraphs]
        forms: dict[str, Callable[[str], str]] = {
            "p": lambda t: f"<p>{t}</p>",
            "div": lambda t: f"<div>{t}</div>",
            "p in div": lambda t: f'<div class="block"><p>{t}</p></div>',
            "span": lambda t: f'<div class="par"><span data-text="true">{t}</span></div>',
            "section": lambda t: f"<section><p>{t}</p></section>",
            "br": lambda t: f"{t}<br><br>",
            "font": lambda t: f'<p align="justify"><font size="2">{t}</font></p>',
        }
        return [forms[style](text) for text in texts]

    def picture(self) -> str:
        photo = e(self.words.photo)
        return self.pick(
            f"<figure><img src='a.jpg'><figcaption>{photo}</figcaption></figure>",
            f"<div><img src='a.jpg'><div{self.cls('caption')}>{photo}</div></div>",
            f"<div><picture><img src='a.jpg'></picture></div><p{self.cls('caption')}><em>{photo}</em></p>",
            f"<table><tr><td><img src='a.jpg'></td></tr><tr><td><small>{photo}</small></td></tr></table>",
            "<img src='a.jpg'>",
        )

    def heading(self, text: str) -> str:
        return self.pick(
            f"<h2>{text}</h2>", f"<h3>{text}</h3>", f"<div>{text}</div>", f"<p><strong>{text}</strong></p>"
        )

    def stories(self, others: list[Story], label: str) -> str:
        card: Callable[[int, Story], str] = self.random.choice(
            (
                lambda i, o: f"<li><a href='/n/{i}'>{e(o.title)}</a></li>",
                lambda i, o: f"<li><time>1{i}:20</time> <a href='/n/{i}'>{e(o.title)}</a></li>",
                lambda i, o: f"<div><a href='/n/{i}'><h3>{e(o.title)}</h3></a><p>{e(o.summary)}</p></div>",
                lambda i, o: (
                    f"<div><a href='/n/{i}'><img src='{i}.jpg'></a><div><a href='/n/{i}'>{e(o.title)}</a><div>{e(o.summary)}</div></div></div>"
                ),
                lambda i, o: f"<a href='/n/{i}'><div>{e(o.title)}</div><div>{e(o.summary)}</div></a>",
                lambda i, o: (
                    f"<article><h3><a href='/n/{i}'>{e(o.title)}</a></h3><p>{e(o.summary)}</p></article>"
                ),
            )
        )
        cards = "".join(card(i, o) for i, o in enumerate(others))
        tag = "ul" if cards.startswith("<li") else "div"
        return f"<{(t := self.pick('div', 'section', 'aside'))}{self.cls('related')}>{self.heading(label)}<{tag}>{cards}</{tag}></{t}>"

    def pointer(self, other: Story) -> str:
        link = f"<a href='/n/9'>{e(other.title)}</a>"
        label = self.words.related
        return self.pick(
            f"<p><strong>{label}: {link}</strong></p>",
            f"<p>{label}: {link}</p>",
            f"<div>{link}</div>",
            f"<blockquote><p>{link}</p></blockquote>",
        )

    def letter(self) -> str:
        text = e(self.words.newsletter)
        return self.pick(
            f"<div{self.cls('letter')}><p>{text}</p><form><input type='email'><button>OK</button></form></div>",
            f"<div{self.cls('letter')}><h4>{self.words.home}</h4><p>{text}</p><a href='/nl'>OK</a></div>",
            f"<p{self.cls('letter')}><a href='/nl'>{text}</a></p>",
            f"<div{self.cls('letter')}>{text}</div>",
        )

    def comments(self) -> str:
        said = self.pick(
            f"<li><b>Olha</b><p>{e(self.words.comment)}</p><a href='#r'>{self.words.reply}</a></li>",
            f"<div><span>Olha</span><div>{e(self.words.comment)}</div></div>",
            f"<div><p>{e(self.words.comment)}</p></div>",
        )
        tag = "ol" if said.startswith("<li") else "div"
        return (
            f"<div{self.cls('comments')}>{self.heading(self.words.comments)}<{tag}>{said}{said}</{tag}></div>"
        )

    def author(self) -> str:
        text = e(self.words.author)
        return self.pick(
            f"<div{self.cls('author')}><img src='r.jpg'><div>R. Key</div><div>{text}</div></div>",
            f"<div{self.cls('author')}><h4>R. Key</h4><p>{text}</p></div>",
            f"<p{self.cls('author')}><i>{text}</i></p>",
        )

    def end(self) -> str:
        text = e(self.words.rights)
        return self.pick(
            f"<footer><p>{text}</p></footer>",
            f"<div><p>{text}</p></div>",
            f"<div>{text}</div>",
            f"<p><small>{text}</small></p>",
        )

    def menu(self) -> str:
        items = [f"<a href='/s/{i}'>{self.words.world} {i}</a>" for i in range(self.random.randrange(6, 50))]
        in_list = "".join(f"<li>{item}</li>" for item in items)
        return self.pick(
            f"<nav><ul>{in_list}</ul></nav>",
            f"<div><ul>{in_list}</ul></div>",
            f"<div>{' | '.join(items)}</div>",
        )

    def headline(self, story: Story) -> str:
        title = e(story.title)
        logo = f"<div><h1><a href='/'>{self.words.home} News</a></h1></div>"
        return self.pick(
            f"<h1>{title}</h1>",
            f"<header><h1>{title}</h1></header>",
            f"{logo}<h2>{title}</h2>",
            f"<div>{title}</div>",
        )


def mixed_page(seed: int) -> Page:
    """Return the page of a seed."""
    chance = random.Random(seed)
    language = LANGUAGES[seed % len(LANGUAGES)]
    story, others, words, foreign = pages_of(language)[seed // len(LANGUAGES) % 3]
    make = _Maker(seed, words)
    body = make.paragraphs(story)
    inside = [make.pointer(others[0]), make.letter(), make.stories(others[:2], words.related), make.picture()]
    for part in inside:
        if chance.random() < 0.35:
            body.insert(chance.randrange(1, len(body) + 1), part)
    after = [make.stories(others, words.related), make.letter(), make.author(), make.comments()]
    chance.shuffle(after)
    after = [part for part in after if chance.random() < 0.6]
    share = f"<div><a href='#'>Facebook</a> <a href='#'>Telegram</a> <a href='#'>{words.share}</a></div>"
    tag = make.pick("article", "div", "main", "section", "td")
    text = f"<div{make.cls('body')}>{''.join(body)}</div>"
    within = chance.random() < 0.5
    main = f"{make.headline(story)}<div>04.04.2025</div>{make.picture()}{text}{share}{''.join(after) if within else ''}"
    main = f"<table><tr><td>{main}</td></tr></table>" if tag == "td" else f"<{tag}>{main}</{tag}>"
    side = make.stories(others, words.most) if chance.random() < 0.5 else ""
    before, behind = (side, "") if chance.random() < 0.5 else ("", side)
    rest = "" if within else "".join(after)
    html = (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{e(story.title)} | {words.home}</title></head><body>"
        f"<div{make.cls('page')}>{make.menu()}{before}{main}{rest}{behind}{make.end()}</div></body></html>"
    )
    return Page(html, story, foreign)
