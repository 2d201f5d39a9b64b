"""Page templates put together at random, to fit the choice of lines on more layouts than hands can write.

A seed gives a template: how its classes are named, how the article is marked up, and which furniture stands
where. The page's own paragraphs are known, so each line of the page is known to be the article's or not.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from html import escape as e
from pathlib import Path

import yaml
from cms_articles import Page, Story, Words, pages_of, stories

from training.page_bodies import BODIES, WRAPS, link_all
from training.page_furniture import AFTER, BEFORE, BESIDE, FOOT, INSIDE
from training.page_stories import (
    draw_background,
    draw_closings,
    draw_heading,
    draw_short_story,
    short_stories,
)

LANGUAGES = ("en", "en", "en", "es", "fr", "de", "uk", "ar", "he", "hi", "zh", "my")
_SHORT_LANGUAGES = (*LANGUAGES, "uk", "ar", "zh", "zh")
_PHRASES = Path(__file__).with_name("page_phrases.yaml")
_ROLES = {
    "body": "entry-content article-body story__text text post-body content article__content article-text "
    "copy",
    "par": "paragraph p story-par text-block article__p txt body-text",
    "page": "site wrapper page layout container l-page",
    "main": "main-column primary content-area col-main story article post",
    "side": "sidebar rail aside col-right secondary widget-area extra",
    "box": "widget module box block component panel unit embed insert aside-box",
    "card": "card teaser item story-card tile entry list-item promo post-preview",
    "title": "title headline card__title item-title hdg entry-title",
    "text": "summary excerpt desc dek card__text standfirst intro",
    "offer": "newsletter signup cta subscribe-box promo-box callout banner join",
    "caption": "caption media-caption figure-text img-desc photo-credit legend",
    "meta": "meta info byline details article-meta post-meta dateline",
    "author": "author author-box bio contributor profile writer",
    "foot": "footer bottom site-footer colophon legal end",
    "comment": "comment reply thread-item response discussion__item reader",
    "label": "label kicker section-title heading overline box-title",
}
_SHORT, _CLOSED = 0.3, 0.5
_WITH_BACKGROUND, _IN_A_BOX, _WITH_TWIN, _ALL_LINKED = 0.3, 0.5, 0.1, 0.03
_ENDINGS = (
    "offer",
    "offer",
    "about",
    "about",
    "note",
    "note",
    "legal",
    "credit",
    "comment",
    "advert",
    "story",
)
_RULES = ("", "", "<hr>", "<p>***</p>", "<br>")
_CLOSINGS = (
    "More details follow.",
    "The report will be updated.",
    "The search goes on.",
    "Work goes on at the site.",
)
_NEUTRAL = "block inner row col c1 c2 wrap unit el part group zone area cell mod x1 sec item2".split()
_UTILITY = "flex mt-4 mb-2 px-3 text-sm text-lg font-bold grid gap-2 w-full leading-7 border rounded".split()


@cache
def _phrases() -> dict[str, dict[str, list[str]]]:
    raw: dict[str, dict[str, list[str]]] = yaml.safe_load(_PHRASES.read_text("utf-8"))
    return raw


class Template:
    """One template. ``draw`` makes a page of it; all its pages have the same furniture and names."""

    def __init__(self, seed: int) -> None:
        r = self.random = random.Random(seed)
        self.seed = seed
        self.has_menu = True
        self.naming = r.choice(
            ["plain", "plain", "plain", "bem", "hash", "hash", "none", "neutral", "utility"]
        )
        self.root = r.choice(["cms", "gen", "n", "ed"])
        self.names = {role: self._name(role) for role in _ROLES}
        self.body = r.choice(BODIES)
        self.inside = r.sample(INSIDE, r.choice([1, 2, 2, 3, 3, 4]))
        self.before = r.sample(BEFORE, r.choice([0, 1, 2, 3]))
        self.after = r.sample(AFTER, r.choice([1, 2, 3, 4, 5]))
        self.beside = r.sample(BESIDE, r.choice([0, 1, 1, 2, 3]))
        self.foot = r.sample(FOOT, r.choice([0, 1, 2]))
        self.is_alike = r.random() < 0.45  # furniture inside the text is dressed as paragraphs are
        self.shows_deck = r.random() < 0.45
        self.tag = r.choice(["article", "div", "div", "main", "section", "td"])
        self.side_first = r.random() < 0.3
        self.after_inside = r.random() < 0.5
        self.headings = r.random() < 0.3
        self.box = r.choice(["div", "div", "div", "aside", "section", "ul"])
        self.card_tag = r.choice(["div", "div", "li", "article", "a", "p", "section"])
        self.title_tag = r.choice(["h2", "h3", "h4", "span", "strong", "div", "p", "b"])
        self.linked = r.choice(["title", "title", "card", "picture", "more"])
        self.label_tag = r.choice(["h2", "h3", "h4", "div", "span", "p", "strong", None])

        r = random.Random(f"ending {seed}")
        self.ending = r.sample(_ENDINGS, r.choice([0, 1, 1, 2, 2, 3]))
        self.ends_as_text = r.random() < 0.6
        self.rule = r.choice(_RULES)
        self.links_all = r.random() < _ALL_LINKED

    def _name(self, role: str) -> str:
        r = self.random
        if self.naming == "none":
            return ""
        name = r.choice(_ROLES[role].split())
        if self.naming == "bem":
            name = f"{self.root}-{r.choice(['page', 'story', 'ui'])}__{name}"
        if self.naming == "hash":
            name = "".join(r.choices("abcdefghijkmnopqrstuvwxyzABCDEFGHXYZ0123456789", k=r.choice([5, 6, 8])))
            name = r.choice(["css-", "sc-", "_", "jsx-"]) + name
        if self.naming == "neutral":
            name = r.choice(_NEUTRAL)
        if self.naming == "utility":
            name = " ".join(r.sample(_UTILITY, 3))
        return name

    def strip(self) -> None:
        """Take all furniture from the template."""
        self.inside, self.before, self.after, self.beside, self.foot = [], [], [], [], []
        self.ending = []
        self.has_menu = False

    def attr(self, role: str) -> str:
        """Return the class attribute of a role."""
        name = self.names[role]
        return f' class="{name}"' if name else ""

    def draw(
        self, own: Story, others: list[Story], w: Words, language: str, *, is_short: bool = False
    ) -> Page:
        """Return a page of the template. That of a short article has furniture right after its last line."""
        r = self.random = random.Random(f"{self.seed} {own.title}")
        self.own, self.others, self.w, self.said = own, others, w, _phrases()[language]
        parts = self.body(self, list(own.paragraphs))
        for furniture in self.inside:
            parts.insert(r.randint(1, max(1, len(parts) - 1)), self._dress(furniture(self)))
        if self.headings and len(own.paragraphs) > 3:
            parts.insert(2, f"<h2>{e(' '.join(own.title.split()[:3]))}</h2>")
        if is_short:
            own = self._end(own, parts, language)
        opening, closing = WRAPS.get(self.body, ("", ""))
        text = f"<div{self.attr('body')}>{opening}{''.join(parts)}{closing}"
        after = "".join(f(self) for f in self.after)
        text += f"{after}</div>" if self.after_inside else f"</div>{after}"
        deck = f"<p{self.attr('text')}>{e(own.summary)}</p>" if self.shows_deck else ""
        before = "".join(f(self) for f in self.before)
        title = f"<h1>{e(own.title)}</h1>"
        story = f"<{self.tag}{self.attr('main')}>{title}{deck}{before}{text}</{self.tag}>"
        if self.tag == "td":
            story = f"<table><tr>{story}<td>{''.join(f(self) for f in self.beside)}</td></tr></table>"
        else:
            side = "".join(f(self) for f in self.beside)
            side = f"<div{self.attr('side')}>{side}</div>" if side else ""
            story = side + story if self.side_first else story + side
        foot = "".join(f(self) for f in self.foot)
        menu = "".join(f"<li><a href='/s/{i}'>{e(w.world)} {i}</a></li>" for i in range(r.randint(4, 20)))
        if not self.has_menu:
            menu = ""
        html = (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{e(own.title)}</title></head><body>"
            f"<div{self.attr('page')}><ul>{menu}</ul>{story}<div{self.attr('foot')}>{foot}</div></div></body></html>"
        )
        return Page(html, own, ())

    def _end(self, own: Story, parts: list[str], language: str) -> Story:
        """Add to an article's parts its background and the furniture after it; return the whole article."""
        r = self.random
        told: list[str] = []
        if r.random() < _WITH_BACKGROUND:
            heading = f"<h4>{e(draw_heading(language, r))}</h4>"
            if r.random() < _IN_A_BOX:
                told = draw_closings(language, r)
                inner = heading + "".join(self.body(self, told)) if told else ""
                parts.append(self._dress(f"<div>{inner}</div>"))
            else:
                told = draw_background(language, r)
                parts += [self._dress(heading), *self.body(self, told)] if told else []
        if r.random() < _WITH_TWIN:
            parts.append(parts[0])
        parts += [self._dress(self.rule)] if self.rule and self.ending else []
        for kind in self.ending:
            if self.ends_as_text:
                said = self.other().summary if kind == "story" else r.choice(self.said[kind])
                parts += self.body(self, [said])
            else:
                said = e(self.other().summary) if kind == "story" else self.say(kind)
                parts.append(self._dress(self.line(said, "meta")))
        return replace(own, paragraphs=(*own.paragraphs, *told))

    def _dress(self, markup: str) -> str:
        if not self.body(self, ["x"])[0].startswith(("<li", "<tr", "<dd")):
            return markup
        tag = self.body(self, ["x"])[0][1:3]
        return f"<tr><td>{markup}</td></tr>" if tag == "tr" else f"<{tag}>{markup}</{tag}>"

    def say(self, kind: str) -> str:
        """Return a sentence of a kind in the page's language."""
        return e(self.random.choice(self.said[kind]))

    def label(self, text: str) -> str:
        """Return the heading of a box; empty in templates whose boxes have none."""
        return f"<{self.label_tag}{self.attr('label')}>{e(text)}</{self.label_tag}>" if self.label_tag else ""

    def other(self) -> Story:
        """Return another story."""
        return self.random.choice(self.others)

    def card(self) -> str:
        """Return a card of another story."""
        o, tag, title = self.other(), self.card_tag, self.title_tag
        href = f"/story/{self.random.randint(100, 999)}"
        picture = "<img src='t.jpg'>"
        head = (
            e(o.title) if self.linked in ("card", "picture", "more") else f"<a href='{href}'>{e(o.title)}</a>"
        )
        if self.linked == "picture":
            picture = f"<a href='{href}'>{picture}</a>"
        inner = f"{picture}<{title}{self.attr('title')}>{head}</{title}>"
        inside = "span" if tag in ("a", "p") else self.random.choice(["p", "div"])
        inner += f"<{inside}{self.attr('text')}>{e(o.summary)}</{inside}>"
        if self.linked == "more":
            inner += f"<a href='{href}'>{e(self.w.related)}</a>"
        if tag == "a":
            return f"<a href='{href}'{self.attr('card')}>{inner}</a>"
        if self.linked == "card":
            inner = f"<a href='{href}'>{inner}</a>"
        return f"<{tag}{self.attr('card')}>{inner}</{tag}>"

    def boxed(self, inner: str, role: str = "box") -> str:
        """Return markup in a box."""
        return f"<{self.box}{self.attr(role)}>{inner}</{self.box}>"

    def line(self, text: str, role: str) -> str:
        """Return a line of furniture: dressed as paragraphs are in some templates."""
        if self.is_alike:
            return f"<p{self.attr('par')}>{text}</p>"
        tag = self.random.choice(["p", "div", "p", "small", "em"])
        return (
            f"<{tag}{self.attr(role)}>{text}</{tag}>"
            if tag in ("p", "div")
            else f"<p><{tag}>{text}</{tag}></p>"
        )


def template_pages(
    seed: int, count: int = 6, *, is_bare: bool = False, is_roundup: bool = False, is_short: bool = False
) -> list[Page]:
    """Return pages of one template, each in another language.

    Args:
        seed: of the template.
        count: of pages.
        is_bare: the pages have no furniture at all.
        is_roundup: the article tells several stories, or few lines of one. Then what a line shares with the
            headline does not say whose it is.
        is_short: the article has few paragraphs and closing lines, and furniture follows in their markup.
    """
    template = Template(seed)
    manner = f"short {is_bare} {seed}" if is_short else f"{is_bare} {is_roundup} {seed}"
    r = random.Random(manner if is_bare or is_roundup or is_short else seed)
    if is_bare:
        template.strip()
    found = []
    for _ in range(count):
        language = r.choice(_SHORT_LANGUAGES if is_short else LANGUAGES)
        _, _, words, _ = pages_of(language)[0]
        groups = stories(language)
        own_group = r.randrange(2)
        own = r.choice(groups[own_group])
        pool = list(groups[1 - own_group])
        others = r.sample(pool, min(3, len(pool)))
        if is_roundup:
            own = _roundup(own, [s for s in groups[own_group] if s is not own], language, r)
        if is_short and template.links_all:
            template.body = link_all
        if is_short:
            own, others = _shorten(own, others, language, r)
        found.append(template.draw(own, others, words, language, is_short=is_short))
    return found


def _shorten(own: Story, others: list[Story], language: str, r: random.Random) -> tuple[Story, list[Story]]:
    """Return a short article with closing lines, and the stories beside it."""
    told = draw_short_story(own, language, r)
    pool = [
        *others,
        *(story for story in short_stories(language) if story.title not in (own.title, told.title)),
    ]
    return told, r.sample(pool, min(3, len(pool)))


def _roundup(own: Story, more: list[Story], language: str, r: random.Random) -> Story:
    """Return an article of a few lines of one story, or of several stories one after another."""
    paragraphs = list(own.paragraphs)
    if r.random() < _SHORT or not more:
        paragraphs = paragraphs[: r.choice([2, 3, 4])]
    else:
        for story in r.sample(more, min(len(more), r.choice([1, 2]))):
            paragraphs += list(story.paragraphs)[: r.choice([1, 2, 5])]
    if language == "en" and r.random() < _CLOSED:
        paragraphs.append(r.choice(_CLOSINGS))
    return replace(own, paragraphs=tuple(paragraphs))
