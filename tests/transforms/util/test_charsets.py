"""Text from bytes in every charset of the open web, with and without a statement of it."""

from __future__ import annotations

import codecs

import pytest

from transforms.util.charsets import charset_of_zero_bytes, decode_document

TEXTS = {
    "uk": "Унаслідок удару безпілотника в Нікополі загинули двоє людей, повідомив голова області.",
    "ru": "В результате удара беспилотника погибли два человека, сообщил губернатор области. Школа закрыта.",
    "ar": "قتل شخصان في غارة جوية على مدينة حلب يوم الثلاثاء، وقال مسؤولون إن البحث مستمر",
    "he": "שני בני אדם נהרגו בתקיפה מהאוויר ביום שלישי, כך נמסר מהעירייה",
    "ja": "火曜日、無人機の攻撃で二人が死亡したと当局が発表した。学校が休校となった。カタカナ",
    "zh": "周二，官员说无人机袭击造成两人死亡，学校关闭。救援人员继续搜寻。",
    "ko": "화요일 무인기 공격으로 두 명이 숨졌다고 당국이 밝혔다. 학교는 문을 닫았다.",
    "th": "เจ้าหน้าที่กล่าวว่ามีผู้เสียชีวิตสองคนจากการโจมตีด้วยโดรน",
    "tr": "Salı günü insansız hava aracı saldırısında iki kişi öldü, yetkililer aramaların sürdüğünü söyledi.",
    "pl": "Dwie osoby zginęły w ataku drona we wtorek, poinformowały władze. Szkoły zostały zamknięte.",
    "cs": "Dva lidé zahynuli v úterý při útoku dronu, uvedly úřady. Školy ve městě byly uzavřeny.",
    "hu": "Kedden két ember meghalt egy dróntámadásban, közölték a hatóságok. Az iskolákat bezárták.",
    "lt": "Antradienį per drono ataką žuvo du žmonės, pranešė pareigūnai. Miesto mokyklos uždarytos.",
    "pt": "Ataque de míssil mata três em São João. Prefeito pede atenção à população no 2º turno.",
    "es": "Dos personas murieron en un ataque con dron, según las autoridades. El niño está en el hospital.",
    "fr": "Deux personnes ont été tuées mardi dans une attaque de drone. L’école a été fermée, où ça brûlait.",
    "de": "Zwei Menschen wurden bei einem Drohnenangriff getötet, teilten die Behörden mit. Große Schäden.",
    "sv": "Två människor dödades på tisdagen i en drönarattack, uppgav myndigheterna. Skolorna är stängda.",
    "it": "Due persone sono state uccise martedì in un attacco di droni; la città è al buio, perché manca la luce.",
    "en": "The mayor’s office said that two people were killed on Tuesday, and that “the search goes on”.",
}
CHARSETS = [
    *[(language, charset) for language, charset in (
        ("uk", "cp1251"), ("uk", "koi8-u"), ("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "iso8859-5"), ("ar", "cp1256"),
        ("he", "cp1255"), ("ja", "shift_jis"), ("ja", "euc-jp"), ("zh", "gb18030"), ("zh", "big5"), ("ko", "euc-kr"),
        ("th", "cp874"), ("tr", "cp1254"), ("pl", "cp1250"), ("pl", "iso8859-2"), ("cs", "cp1250"), ("hu", "cp1250"),
        ("lt", "cp1257"), ("pt", "cp1252"), ("es", "cp1252"), ("fr", "cp1252"), ("de", "cp1252"), ("sv", "cp1252"),
        ("it", "cp1252"), ("en", "cp1252"),
    )],
]  # fmt: skip


def page(text: str) -> str:
    return f'<html><head><title>News</title></head><body><p class="lead">{text}</p></body></html>'


def bytes_of(language: str, charset: str) -> tuple[bytes, str]:
    """Return a page in a charset, and its text with question marks for what the charset lacks."""
    body = page(TEXTS[language]).encode(charset, "replace")
    return body, body.decode(charset)


@pytest.mark.parametrize(("language", "charset"), CHARSETS)
def test_a_document_that_states_no_charset_or_utf8_wrongly_is_read(language: str, charset: str) -> None:
    body, text = bytes_of(language, charset)
    assert decode_document(body, []) == text
    assert decode_document(body, ["utf-8"]) == text


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("stated", [[], ["utf-8"], ["iso-8859-1"], ["iso-8859-1", "utf-8"], ["klingon"]])
@pytest.mark.parametrize("broken", [b"\xe2\x80", b"\xe9", b"\x99", b"\xf0\x9f\x98", b"\xc3"])
def test_a_broken_byte_of_utf8_costs_one_character(language: str, stated: list[str], broken: bytes) -> None:
    body = page(TEXTS[language]).encode().replace(b"</p>", broken + b" </p>")
    assert decode_document(body, stated) == page(TEXTS[language]).replace("</p>", "\ufffd </p>")


@pytest.mark.parametrize(("language", "charset"), CHARSETS)
def test_a_broken_byte_of_a_stated_charset_costs_one_character(language: str, charset: str) -> None:
    """0xFF begins no character in the charsets of East Asia, and 0x81 or 0x98 is none in most others."""
    body, text = bytes_of(language, charset)
    for broken in (b"\x81", b"\x98", b"\xff"):
        got = decode_document(body.replace(b"</p>", broken + b" </p>"), [charset])
        assert got.split("</p>")[0].removesuffix(" ")[:-1] == text.split("</p>")[0]


def test_a_cut_quotation_mark_alone_is_no_latin_text() -> None:
    assert decode_document(b"<p>a reader: \xe2\x80</p>", ["utf-8"]) == "<p>a reader: \ufffd</p>"
    assert decode_document(b"<p>caf\xe9</p>", ["utf-8"]) == "<p>café</p>"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "start", ["<?xml version='1.0' encoding='utf-16'?><rss>", "<rss>", "\n<html>", '{"version":']
)
@pytest.mark.parametrize("stated", [[], ["utf-16"], ["utf-8"], ["iso-10646-ucs-4"]])
def test_wide_characters_are_read_without_a_byte_order_mark(
    charset: str, start: str, stated: list[str]
) -> None:
    text = start + TEXTS["uk"]
    assert charset_of_zero_bytes(text.encode(charset)) == charset
    assert decode_document(text.encode(charset), stated) == text


@pytest.mark.parametrize(
    ("mark", "charset", "broken"),
    [
        (codecs.BOM_UTF8, "utf-8", b"\xe2\x80"),
        (codecs.BOM_UTF16_LE, "utf-16-le", b"\x00\xdc"),
        (codecs.BOM_UTF16_BE, "utf-16-be", b"\xdc\x00"),
        (codecs.BOM_UTF32_LE, "utf-32-le", b"\xff\xff\xff\xff"),
    ],
)
def test_a_broken_byte_after_a_byte_order_mark_costs_one_character(
    mark: bytes, charset: str, broken: bytes
) -> None:
    body = mark + "<p>Kyiv’s ".encode(charset) + broken + " story</p>".encode(charset)
    assert decode_document(body, []) == "<p>Kyiv’s \ufffd story</p>"


@pytest.mark.parametrize(
    "label", ["utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna", "hex", "rot13"]
)
def test_no_charset_may_hide_a_tag(label: str) -> None:
    body = b"<p>+ADw-script+AD4- \\u003cscript\\x3e caf\xe9</p>"
    assert "<script" not in decode_document(body, [label])


@pytest.mark.parametrize("charset", ["iso-2022-jp", "iso-2022-kr", "hz"])
def test_charsets_that_look_like_ascii_are_read_where_they_are_stated(charset: str) -> None:
    text = page(TEXTS["ko" if charset.endswith("kr") else "ja" if charset.startswith("iso") else "zh"])
    body = text.encode(charset, "replace")
    assert decode_document(body, [charset]) == body.decode(charset)


def test_ebcdic_is_read_by_its_declaration() -> None:
    text = "<?xml version='1.0' encoding='cp500'?><rss>[a]</rss>"
    assert decode_document(text.encode("cp500"), []) == text
    assert decode_document(b"<rss>a</rss>", ["cp500"]) == "<rss>a</rss>"


@pytest.mark.parametrize(
    ("label", "charset"),
    [
        ("MS-CYRL", "cp1251"),
        ("x-cp1251", "cp1251"),
        (" windows-1251 ", "cp1251"),
        ("csMacintosh", "mac_roman"),
        ("utf8mb4", "utf-8"),
    ],
)
def test_other_names_of_charsets_are_known(label: str, charset: str) -> None:
    text = "<p>Ђ Ж</p>" if charset == "cp1251" else "<p>Ä é</p>"
    assert decode_document(text.encode(charset), [label]) == text
