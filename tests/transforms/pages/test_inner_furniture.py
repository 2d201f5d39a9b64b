"""What stands between the paragraphs and is not the article: boxes, appeals, posts, cut leads, labels.

Each kind is written as several systems write it, and each has a part of an article beside it that looks like it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from lxml import html as lxml_html
from lxml.html import HtmlElement

from transforms.pages.appeals import find_appeals
from transforms.pages.article_path import ArticlePath, find_article_path
from transforms.pages.boilerplate import remove_boilerplate
from transforms.pages.boilerplate_words import normalise_words
from transforms.pages.clean import clean_page
from transforms.pages.cut_leads import remove_cut_leads
from transforms.pages.embedded_posts import find_embedded_posts
from transforms.pages.inner_boxes import find_inner_boxes
from transforms.pages.lines import PageLines
from transforms.pages.main_markup import MainMarkup
from transforms.pages.page_blocks import PageBlocks

Rule = Callable[[HtmlElement, PageLines, ArticlePath, set[str]], Iterator[HtmlElement]]

TITLE = "Ferry sinks in the strait after a blast"
OWN = [
    "A ferry went down in the strait at dawn on Thursday after a blast in its hold, the coast guard said.",
    "Fishermen pulled forty people from the water, among them the captain, who had burns on both hands.",
    "The navy of the northern side denied that it had laid mines there, and spoke of an accident with fuel.",
    "Divers could not go down before noon because the current is strong on the days around the new moon.",
    "The ship had been built in 1984 and carried eggs, cement and some eighty passengers to the islands.",
]
MORE = [
    "Two sisters who sell bread on the upper deck had stayed at home because of a wedding in their village.",
    "Insurers asked for the log of the voyage, which lies in thirty metres of water with the bridge around it.",
    "The line has two more ferries, one of them in dock since winter, and will use a barge for the animals.",
    "On the quay of the larger island the names of the rescued were read out twice, the second time slowly.",
]
SHORT, LONG = OWN[:3], [*OWN, *MORE]
STORY = "Orchestra plays again in the restored opera house"
LEAD = "After nine years of work the house has its roof back, and tickets for the spring are nearly sold."


def text_of(parts: list[str], more: str = "") -> list[str]:
    body = "".join(f"<p>{part}</p>" if not part.startswith("<") else part for part in parts)
    page = (
        f"<html><head><title>{TITLE}</title></head><body><div class='page'><h1>{TITLE}</h1>"
        f"<div class='body'>{body}</div>{more}</div></body></html>"
    )
    return clean_page(page.encode(), title=TITLE).text.split("\n")


def document(body: str) -> HtmlElement:
    return lxml_html.document_fromstring(
        f"<html><body><div class='page'><h1>{TITLE}</h1>{body}</div></body></html>"
    )


def remaining(body: str) -> str:
    """Return the text of a page without its boilerplate, before any line is chosen."""
    tree = document(body)
    remove_boilerplate(tree, (TITLE, ""))
    return str(tree.text_content())


def found_by(rule: Rule, parts: list[str]) -> list[str]:
    """Return the texts of the elements between paragraphs that a rule finds."""
    body = "".join(f"<p>{part}</p>" if not part.startswith("<") else part for part in parts)
    tree, headlines = document(f"<div class='body'>{body}</div>"), {normalise_words(TITLE)}
    page = PageLines(tree, headlines)
    path = find_article_path(tree, page, [*headlines])
    return ["".join(e.text_content().split()) for e in rule(tree, page, path, headlines)]


def shown(markup: str) -> str:
    return "".join(lxml_html.fromstring(markup).text_content().split())


def appeals_of(
    tree: HtmlElement, page: PageLines, _: ArticlePath, headlines: set[str]
) -> Iterator[HtmlElement]:
    return find_appeals(tree, page, headlines)


BOXES = {
    "teaser with a day": f"<div class='x'><h3>{STORY}</h3><p>{LEAD}</p><span>March 3, 2024</span></div>",
    "teaser that a link skips": (
        f"<section><div><a href='#n'>Skip {STORY}</a><h4>{STORY}</h4><p>{LEAD}</p><time>2 days ago</time></div></section>"
    ),
    "live updates": (
        "<div class='live'><b>LIVE</b><ul>"
        + "".join(
            f"<li><span>{n} min ago</span><h4>{STORY} for the {n}th time</h4><p>{LEAD}</p></li>"
            for n in (5, 17)
        )
        + "</ul><a href='/live'>All updates</a></div>"
    ),
    "feed with days": (
        "<section>"
        + "".join(
            f"<div><h3>{STORY}, part {n}</h3><p>{LEAD}</p><small>{n} May 2024</small></div>" for n in (4, 6)
        )
        + "</section>"
    ),
    "facts": (
        "<div class='info'><h4>The strait at a glance</h4><ul><li>It is nine miles wide.</li>"
        "<li>Some 300 ships pass on a day of good weather, pilots say.</li></ul></div>"
    ),
    "facts in Spanish": (
        "<section><h3>Datos clave</h3><ol><li>El estrecho mide nueve millas.</li><li>Pasan 300 barcos al día.</li></ol></section>"
    ),
    "donation": (
        "<div class='give'><p><b>One more thing</b></p><p>Nobody owns this paper but those who read it, and that is a "
        "costly thing to be.</p><div><a class='b' href='/donate/'>Give now</a></div></div>"
    ),
    "subscription": (
        "<div class='wall'><p>The rest is for those who pay for it.</p><ul><li>All stories of the islands</li></ul>"
        "<a href='https://shop.example/subscribe'>See prices</a></div>"
    ),
}


@pytest.mark.parametrize("own", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_a_box_between_the_paragraphs_is_left_out(box: str, own: list[str]) -> None:
    parts = [*own[:2], box, *own[2:]]
    assert found_by(find_inner_boxes, parts) == [shown(box)]
    assert text_of(parts) == own


@pytest.mark.parametrize(
    "section",
    [
        "<div class='s'><h3>What the captain saw that morning</h3><p>{}</p><p>{}</p></div>",
        "<div class='s'><h3>What we know</h3><p>{}</p><p>{}</p></div>",
        "<div class='s'><h3>12 March 2024</h3><p>{}</p><p>{}</p></div>",
        "<div class='s'><p>{}</p><p>{}</p><p><a href='/donate'>Donate</a></p></div>",
    ],
)
def test_a_section_of_the_article_stays(section: str) -> None:
    parts = [*OWN[:2], section.format(*OWN[2:4]), OWN[4]]
    assert found_by(find_inner_boxes, parts) == []
    assert set(OWN) <= set(text_of(parts))


APPEALS = [
    "<p><em>Get the paper's summary at six: text the word FERRY to 40404.</em></p>",
    "<p style='text-align: center'>Like what you read? <a href='/club'>Become a member</a> from two crowns a month.</p>",
    "<p><b>Find us on Viber and Telegram: <a href='https://t.me/strait'>t.me/strait</a></b></p>",
    "<p>Follow our <a href='https://www.whatsapp.com/channel/9'>WhatsApp channel</a> and never miss a story of the coast.</p>",
    "<p><i>This page has no ads. You can buy me a beer: <a href='#'>Patreon</a>.</i></p>",
    "<p><strong>Síguenos en nuestro canal de <a href='https://t.me/x'>Telegram</a></strong></p>",
    "<p><b><a href='https://t.me/x'>Підписуйтесь на наш канал</a> у Telegram, щоб не пропустити головне</b></p>",
    "<center>تابعونا على قناة تلغرام لآخر أخبار الساحل</center>",
]


@pytest.mark.parametrize("own", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("appeal", APPEALS)
def test_an_appeal_goes_whatever_the_length_of_the_article(appeal: str, own: list[str]) -> None:
    parts = [*own[:2], appeal, *own[2:]]
    assert found_by(appeals_of, parts) == [shown(appeal)]
    assert text_of(parts) == own


@pytest.mark.parametrize(
    "line",
    [
        "The guard asked relatives to follow the Telegram channel of the port, where it posts the names.",
        "“Join our WhatsApp group and bring your own boat,” a fisherman wrote to his neighbours that night.",
        "Families were told to send a photograph to 40404, the number of the hospital on the main island.",
    ],
)
def test_a_report_of_an_appeal_stays(line: str) -> None:
    parts = [*OWN[:3], f"<p>{line} <a href='https://t.me/port'>Here</a></p>", *OWN[3:]]
    assert found_by(appeals_of, parts) == []
    assert line in text_of([*OWN[:3], line, *OWN[3:]])


POST = "Snow on the passes above two thousand metres, carry chains"
POSTS = [
    f"<blockquote class='q'><p>{POST}</p>&mdash; Road Office (@roadoffice) <a href='#'>3 May</a></blockquote>",
    f"<blockquote><p>{POST}</p><a href='https://t.me/roadoffice/77'>t.me/roadoffice/77</a></blockquote>",
    f"<div class='e'><p>{POST}</p><p>— Road Office (@road.office)</p></div>",
    f"<figure><blockquote><p>{POST}</p><p><a href='#'>A post shared by Road Office (@road)</a></p></blockquote></figure>",
]


@pytest.mark.parametrize("post", POSTS)
def test_a_post_on_another_matter_is_left_out(post: str) -> None:
    parts = [*OWN[:2], post, *OWN[2:]]
    assert found_by(find_embedded_posts, parts) == [shown(post)]
    assert text_of(parts) == OWN


@pytest.mark.parametrize(
    "quote",
    [
        "<blockquote><p>{}</p></blockquote>",
        "<blockquote><p>{}</p><footer>— Mara Lind, minister of the coast</footer></blockquote>",
        "<blockquote><p>{}</p><p>— from the letter of the line to the relatives (page 2)</p></blockquote>",
    ],
)
def test_a_quotation_of_the_report_stays(quote: str) -> None:
    said = "We have asked the owner for the list of those on board and have not had it."
    assert found_by(find_embedded_posts, [*OWN[:2], quote.format(said), *OWN[2:]]) == []
    assert any(said in line for line in text_of([*OWN[:2], quote.format(said), *OWN[2:]]))


def test_a_post_on_the_matter_stays() -> None:
    post = "<blockquote><p>The ferry is ours.</p>— Coast Guard (@coast) <a href='#'>3 May</a></blockquote>"
    assert "The ferry is ours." in remaining(f"<h1>{TITLE}</h1><p>{'</p><p>'.join(OWN)}</p>{post}")


LABELS = [
    "<div>Story continues below this advert</div>",
    "<div>Article continues after the video</div>",
    "<div class='n'><span>318</span> shares</div>",
    "<div>You are here: Home: Coast</div>",
    "<p>mk/rs (dpa, AP)</p>",
    "<p>La nota continúa debajo de la publicidad</p>",
    "<p><i>Correction, 4 May 2024: this article gave the ship a wrong name at first.</i></p>",
    "<p>An earlier version of this story gave a wrong year for the ship.</p>",
]


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_no_paragraph(label: str) -> None:
    assert text_of([*OWN[:3], label, *OWN[3:]]) == OWN


@pytest.mark.parametrize(
    ("start", "pair", "end"),
    [
        (
            "<hr><font size='1'><b>MORE FROM THE COAST</b><br>",
            "<a href='/{n}'>{title}</a><br>{lead}...<br>",
            "</font>",
        ),
        ("<hr><div>", "<p><a href='/{n}'>{title}</a></p><p>{lead}…</p>", "</div>"),
        ("<dl>", "<dt><a href='/{n}'>{title}</a></dt><dd>{lead}... <a href='/{n}'>more</a></dd>", "</dl>"),
    ],
)
def test_headlines_with_cut_leads_are_left_out(start: str, pair: str, end: str) -> None:
    pairs = "".join(pair.format(n=n, title=f"{STORY} {n}", lead=LEAD[:60]) for n in (1, 2, 3))
    cell = f"<td>{'<br><br>'.join(OWN)}<br>{start}{pairs}{end}</td>"
    page = f"<html><body><table><tr><td><h1>{TITLE}</h1></td></tr><tr>{cell}</tr></table></body></html>"
    assert clean_page(page.encode(), title=TITLE).text.split("\n") == OWN
    tree = lxml_html.document_fromstring(page)
    remove_cut_leads(tree)
    assert "After nine years" not in tree.text_content()
    assert all(line in tree.text_content() for line in OWN)


def test_a_sentence_that_trails_off_stays() -> None:
    said = "He said that he had waited for his brother on the pier, and waited, and then..."
    link = "<p><a href='/names'>The names of those on board</a></p>"
    assert said in text_of([*OWN[:2], link, said, *OWN[2:]])
    tree = document(f"{link}<p>{said}</p><p>{OWN[0]}</p>" * 2)
    remove_cut_leads(tree)
    assert said in tree.text_content()


def test_a_paragraph_stays_beside_a_form_in_one_short_wrapper() -> None:
    form = (
        "<div class='nl'><span>The strait every morning</span><span>All that happened on the water by seven.</span>"
        "<input type='email'><button>Sign up</button></div>"
    )
    last = "Elsewhere on the coast, two boats with migrants were towed to the harbour."
    found = remaining(
        f"<h1>{TITLE}</h1><p>{'</p><p>'.join(OWN)}</p><div class='rest'>{form}<p>{last}</p></div>"
    )
    assert last in found
    assert "every morning" not in found


@pytest.mark.parametrize(
    "last",
    [
        "It was the third ship lost on the northern route this year.",
        "Shares of the two ferry lines fell by two to three per cent.",
        "Our reporter Omar Said counted six ambulances on the quay.",
    ],
)
def test_a_short_last_paragraph_after_a_box_stays(last: str) -> None:
    box = f"<div class='x'><h3>{STORY}</h3><p>{LEAD}</p><span>March 3, 2024</span></div>"
    assert text_of([*OWN, box, last])[-1] == last
    assert spares([*OWN, last])


@pytest.mark.parametrize(
    "last",
    [
        "Get the news of the strait in your inbox every day of the week.",
        "It was the third ship lost <a href='/n'>on the northern route of the islands</a> this year, it said.",
        "<em>It was the third ship lost on the northern route this year.</em>",
        "It was the third ship lost on the northern route since last...",
        "The third ship lost",
    ],
)
def test_an_offer_a_link_or_a_beginning_is_not_spared(last: str) -> None:
    assert not spares([*OWN, last])


def test_a_name_in_a_short_last_paragraph_may_be_a_link() -> None:
    assert spares([*OWN, "It was the third ship lost on the <a href='/n'>northern route</a> this year."])


@pytest.mark.parametrize(
    "names",
    [
        ("body__part--free", "body__part--paid"),
        ("text-1", "text-2"),
        ("chunk chunk-a81f09c3", "chunk chunk-77be01d2"),
        ("c-article__block c-article__block--intro", "c-article__block"),
    ],
)
def test_names_that_only_vary_or_number_are_one_markup(names: tuple[str, str]) -> None:
    last = "It was the third ship lost on the northern route this year."
    first = "".join(f"<p>{line}</p>" for line in OWN)
    tree = document(f"<div class='{names[0]}'>{first}</div><div class='{names[1]}'><p>{last}</p></div>")
    page = PageBlocks(tree)
    kept = {line.number for line in page.lines if line.block.tag == "p"}
    assert MainMarkup(page, kept, dict.fromkeys(kept, 1.0)).holds(last, [max(kept)], is_first=False)


def test_a_text_is_judged_as_a_whole_where_half_of_its_lines_are_in_doubt() -> None:
    page = PageBlocks(document("".join(f"<p>{line}</p>" for line in OWN)))
    kept = sorted(line.number for line in page.lines if line.block.tag == "p")
    doubtful = dict.fromkeys(kept[1:], -0.9)
    last = page.lines[kept[2]]
    assert MainMarkup(page, kept, {kept[0]: 9.0} | doubtful).holds(last.text, [last.number], is_first=False)
    assert not MainMarkup(page, kept, {kept[0]: 0.5} | doubtful).holds(
        last.text, [last.number], is_first=False
    )


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize(
    "wrapper", ["<div class='w-text'><div class='in'>{}</div></div>", "<div class='rich'>{}</div>"]
)
def test_a_paragraph_in_the_column_of_an_offer_stays(order: str, wrapper: str) -> None:
    offer = (
        "<div class='w-cta'><div class='in'><h2>Be one of us</h2><div>A paper without owners lives on those who read it."
        "</div><a class='button' href='/join'>Join us</a></div></div>"
    )
    paragraph = wrapper.format(f"<p>{OWN[2]}</p>")
    column = paragraph + offer if order == "before" else offer + paragraph
    rest = [f"<section>{wrapper.format(f'<p>{line}</p>')}</section>" for line in (*OWN[3:], *MORE)]
    start = "".join(f"<section>{wrapper.format(f'<p>{line}</p>')}</section>" for line in OWN[:2])
    found = text_of([start, f"<section><div class='column'>{column}</div></section>", *rest])
    assert OWN[2] in found
    assert not any("owners" in line for line in found)


def test_a_short_last_paragraph_is_not_spared_in_a_text_that_is_judged_foreign() -> None:
    assert not spares([*OWN, "It was the third ship lost on the northern route this year."], is_sure=False)


def spares(lines: list[str], *, is_sure: bool = True) -> bool:
    """Return whether the last of some paragraphs is spared, though it is in doubt."""
    page = PageBlocks(document("".join(f"<p>{line}</p>" for line in lines)))
    kept = {line.number for line in page.lines if line.block.tag == "p"}
    last = page.lines[max(kept)]
    main = MainMarkup(
        page, kept, {number: 2.0 if is_sure and number != last.number else -1.0 for number in kept}
    )
    return main.holds(last.text, [last.number], is_first=False)
