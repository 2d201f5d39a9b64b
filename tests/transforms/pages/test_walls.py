"""Short pages: which are walls, and which are news with the words of a wall."""

from __future__ import annotations

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.markup import ArticleUnreadable

TITLE = "Air strike sets fire to grain store"
NEWS = "Two people were killed when a drone hit a bus near the port."
LONG = "".join(
    f"<p>Paragraph {n}: {NEWS} The fire burned for five hours, and the port was closed.</p>" for n in range(6)
)


def _page(body: str, title: str = TITLE) -> bytes:
    return f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>".encode()


@pytest.mark.parametrize(
    "text",
    [
        f"<p>{NEWS}</p><p>The ministry said that the bridge was no longer available to lorries.</p>",
        f"<p>{NEWS}</p><p>The port's network was switched off because of unusual traffic.</p>",
        f"<p>{NEWS}</p><p>Guards at the gate had earlier seen a sign that said access denied.</p>",
        "<p>The bridge is no longer available to lorries after a drone hit it, officials said.</p>",
        f"<p>{NEWS}</p><p>This video is no longer available.</p>",
        f"{LONG}<p>Already a subscriber? Sign in here.</p>",
        f"{LONG}<p>Subscribe now</p>",
        f"{LONG}<p>Subscribe to continue reading our archive.</p>",
        "<p>河港附近一辆公共汽车遭无人机袭击，两人死亡，五人受伤</p>",
        "<p>โดรนโจมตีรถบัสใกล้ท่าเรือ ทำให้มีผู้เสียชีวิตสองคนและบาดเจ็บห้าคนเมื่อวันอังคาร</p>",
        "<p>ဆိပ်ကမ်းအနီး ဘတ်စ်ကားတစ်စီးကို ဒရုန်းထိမှန်ပြီး လူနှစ်ဦးသေဆုံးခဲ့သည်။</p>",
        "<p>በወደብ አቅራቢያ አውቶቡስ ላይ በተፈጸመ የድሮን ጥቃት ሁለት ሰዎች ተገደሉ።</p>",
        "<p>बंदरगाह के पास एक बस पर ड्रोन हमले में दो लोग मारे गए।</p>",
        "<p>قُتل شخصان عندما أصابت طائرة مسيرة حافلة قرب الميناء</p>",
    ],
)
def test_news_is_read_though_it_has_words_of_a_wall_or_no_full_stop(text: str) -> None:
    assert clean_page(_page(text), title=TITLE).text


@pytest.mark.parametrize(
    ("body", "title", "reason"),
    [
        ("<p>Sorry, this article is no longer available. It was removed from the archive of the agency.</p>", "Archive", "soft_404"),
        ("<p>We have detected unusual traffic from your network. Please complete the captcha.</p>", "Sorry", "bot_wall"),
        ("<p>The page you requested could not be found on this server.</p>", "Oops", "soft_404"),
        ("<p>Please enable JavaScript in your browser to read this site.</p>", "Paper", "js_only"),
        ("<p>Access Denied. You don't have permission to access this server.</p>", "Access Denied", "bot_wall"),
        (f"<p>{NEWS}</p><p>Subscribe to continue reading.</p>", TITLE, "paywall"),
        (f"<p>{NEWS}</p><p>Already a subscriber? Log in.</p>", TITLE, "paywall"),
        ("<p>Home World Sport</p>", "Paper", "extract_empty"),
    ],
)  # fmt: skip
def test_a_wall_has_its_reason(body: str, title: str, reason: str) -> None:
    with pytest.raises(ArticleUnreadable) as caught:
        clean_page(_page(body, title), title=TITLE)
    assert caught.value.reason == reason


@pytest.mark.parametrize("number", [300, 38_000])
def test_menus_are_never_text(number: int) -> None:
    links = "".join(f"<li><a href='/s/{n}'>Section {n} of the paper</a></li>" for n in range(number))
    with pytest.raises(ArticleUnreadable):
        clean_page(f"<html><body><ul>{links}</ul></body></html>".encode())
    text = clean_page(
        f"<html><body><ul>{links}</ul><article><h1>{TITLE}</h1>{LONG}</article></body></html>".encode()
    ).text
    assert "Section 7" not in text and "Paragraph 5" in text
