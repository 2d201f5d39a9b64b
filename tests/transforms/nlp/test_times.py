from __future__ import annotations

import datetime as dt

import pytest
from offered_days import SATURDAY, offered

from transforms.nlp.dates_of_times import resolve_time
from transforms.nlp.language import load_pack
from transforms.nlp.learned.date_options import date_options
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.times import Interval, find_times

MAIN = Interval(dt.date(2025, 4, 4), dt.date(2025, 4, 4), 1)


def resolve(text: str, at: dt.datetime = SATURDAY, anchor: Interval | None = None) -> tuple[str, str] | None:
    times = [t for t in find_times(text, load_pack("en")) if t.role == "event"]
    if not times:
        return None
    found = resolve_time(times[0], at, anchor)
    return (str(found.start), str(found.end)) if found else None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("A drone hit the town today.", "2025-04-05", "2025-04-05"),
        ("A drone hit the town this morning.", "2025-04-05", "2025-04-05"),
        ("A drone hit the town yesterday.", "2025-04-04", "2025-04-04"),
        ("A drone hit the town on Saturday.", "2025-04-05", "2025-04-05"),
        ("A drone hit the town on Friday.", "2025-04-04", "2025-04-04"),
        ("A drone hit the town late on Thursday night.", "2025-04-03", "2025-04-03"),
        ("A drone hit the town last Saturday.", "2025-03-29", "2025-03-29"),
        ("A drone hit the town overnight.", "2025-04-04", "2025-04-05"),
        ("A drone hit the town last night.", "2025-04-04", "2025-04-05"),
        ("A drone hit the town overnight into Friday.", "2025-04-03", "2025-04-04"),
        ("A drone hit the town in the night from Thursday to Friday.", "2025-04-03", "2025-04-04"),
        ("A drone hit the town in the night of 3-4 April.", "2025-04-03", "2025-04-04"),
        ("A drone hit the town in the night of 3/4 April.", "2025-04-03", "2025-04-04"),
        (
            "A drone hit the town in the night between Thursday 3 and Friday 4 April 2025.",
            "2025-04-03",
            "2025-04-04",
        ),
        ("A drone hit the town on the night of April 3-4, 2024.", "2024-04-03", "2024-04-04"),
        ("Drones hit the town on 3/4 March 2024.", "2024-03-03", "2024-03-04"),
        ("Date: 2023/10/22. A drone hit the town.", "2023-10-22", "2023-10-22"),
        ("2023.10.22: a drone hit the town.", "2023-10-22", "2023-10-22"),
        ("On 22-10-2023 a drone hit the town.", "2023-10-22", "2023-10-22"),
        ("On 22-Oct-2023 a drone hit the town.", "2023-10-22", "2023-10-22"),
        ("Thursday the third. A drone hit the town.", "2025-04-03", "2025-04-03"),
        ("A drone hit the town on 31 December.", "2024-12-31", "2024-12-31"),
        ("A drone hit the town on April 4.", "2025-04-04", "2025-04-04"),
        ("A drone hit the town on September 3, 2024.", "2024-09-03", "2024-09-03"),
        ("A drone hit the town earlier this week.", "2025-03-31", "2025-04-05"),
        ("A drone hit the town last week.", "2025-03-24", "2025-03-30"),
        ("A drone hit the town last weekend.", "2025-03-29", "2025-03-30"),
        ("A drone hit the town in late March.", "2025-03-21", "2025-03-31"),
        ("A drone hit the town in January.", "2025-01-01", "2025-01-31"),
        ("On 9 May last year a missile hit the hotel.", "2024-05-09", "2024-05-09"),
        ("On September 28 last year bombs fell on the village.", "2024-09-28", "2024-09-28"),
        ("In February of last year a barrel bomb hit the station.", "2024-02-01", "2024-02-29"),
        ("On 2023-04-11 a drone hit the town.", "2023-04-11", "2023-04-11"),
        ("3/25/1986: Gunmen destroyed two pylons.", "1986-03-25", "1986-03-25"),
        ("25/03/1986: Gunmen destroyed two pylons.", "1986-03-25", "1986-03-25"),
        ("14.03.2023: a shell hit the house.", "2023-03-14", "2023-03-14"),
        ("The market was hit on the last Sunday of May.", "2024-05-26", "2024-05-26"),
        ("The market was hit on the second Friday of June 2022.", "2022-06-10", "2022-06-10"),
        ("The school was hit in the autumn of 2015.", "2015-09-01", "2015-11-30"),
        ("The school was hit in the winter of 2015.", "2015-12-01", "2016-02-29"),
        ("The school was hit last summer.", "2024-06-01", "2024-08-31"),
        ("The Thursday before last, a bomb hit the market.", "2025-03-27", "2025-03-27"),
        ("A week ago on Monday a drone hit the garage.", "2025-03-24", "2025-03-24"),
        ("On Tuesday of last week a drone hit the garage.", "2025-03-25", "2025-03-25"),
        ("A fortnight ago a bomb hit the church.", "2025-03-19", "2025-03-25"),
        ("A year ago today a bomb hit the camp.", "2024-04-05", "2024-04-05"),
        ("On this day ten years ago a shell hit the crossroads.", "2015-04-05", "2015-04-05"),
        ("In the night of 19 to 20 March 2007 shells hit the village.", "2007-03-19", "2007-03-20"),
        ("A drone hit the town in September last year.", "2024-09-01", "2024-09-30"),
        ("A drone hit the town three days ago.", "2025-04-02", "2025-04-02"),
        ("A drone hit the town the day before yesterday.", "2025-04-03", "2025-04-03"),
        ("Five mornings ago a drone hit the town.", "2025-03-31", "2025-03-31"),
        ("A week ago today a drone hit the town.", "2025-03-29", "2025-03-29"),
        ("This time last week a drone hit the town.", "2025-03-29", "2025-03-29"),
        ("A drone hit the town on the 13th of May 2024.", "2024-05-13", "2024-05-13"),
        ("A drone hit the town on 3rd May.", "2024-05-03", "2024-05-03"),
        ("A drone hit the town on the third of May.", "2024-05-03", "2024-05-03"),
        ("A drone hit the town on the 28th.", "2025-03-28", "2025-03-28"),
        ("A drone hit the town on the second, a Wednesday.", "2025-04-02", "2025-04-02"),
        ("A bomb hit the town in April 1996.", "1996-04-01", "1996-04-30"),
        ("The town was bombed last April.", "2024-04-01", "2024-04-30"),
        ("A bomb hit the town in 1998.", "1998-01-01", "1998-12-31"),
        ("A bomb hit the town on March 9, 1987.", "1987-03-09", "1987-03-09"),
        ("It was the worst since the 1998 bombing of the embassy.", "1998-01-01", "1998-12-31"),
        ("The 2002 Bali bombings killed 202 people.", "2002-01-01", "2002-12-31"),
        ("A 2015 truck bomb in Zliten killed 60 recruits.", "2015-01-01", "2015-12-31"),
        ("He lost a leg in the 1996 shelling.", "1996-01-01", "1996-12-31"),
        ("A survivor of the 1983 Beirut barracks attack spoke.", "1983-01-01", "1983-12-31"),
    ],
)
def test_expressions_of_time_give_days(text: str, start: str, end: str) -> None:
    assert resolve(text) == (start, end)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Two days earlier a missile killed four.", "2025-04-02"),
        ("Two days before that strike, a missile killed four.", "2025-04-02"),
        ("A missile had hit the city the day before.", "2025-04-03"),
        ("Three nights earlier a bomb hit the city.", "2025-04-01"),
        ("Two evenings earlier a bomb hit the city.", "2025-04-02"),
        ("It came two days after a missile hit the city.", "2025-04-02"),
        ("It came a day after two missiles hit the city.", "2025-04-03"),
        ("A day later a second missile hit the city.", "2025-04-05"),
    ],
)
def test_relative_expressions_are_resolved_from_the_main_strike(text: str, start: str) -> None:
    assert resolve(text, anchor=MAIN) == (start, start)
    assert resolve(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The governor said on Saturday.",
        "Police said late on Friday.",
        "The mayor told reporters on Friday.",
        "The toll rose on Friday.",
    ],
)
def test_the_time_of_a_statement_is_not_the_time_of_the_strike(text: str) -> None:
    assert resolve(text) is None


def test_tonight_after_midnight_is_the_evening_before() -> None:
    after_midnight = dt.datetime(2025, 4, 4, 0, 52)
    assert resolve("Two were killed tonight.", after_midnight) == ("2025-04-03", "2025-04-03")


def test_feasts_move_with_easter() -> None:
    after_easter = dt.datetime(2025, 4, 22, 10, 0)
    assert resolve("Two missiles hit on Palm Sunday.", after_easter) == ("2025-04-13", "2025-04-13")


def test_no_strike_is_in_the_future() -> None:
    assert resolve("They will meet on 30 April 2025.") is None


def test_a_time_begins_at_the_beginning_of_a_word() -> None:
    times = find_times("The Cybermonday sale ended on Tuesday, on the 114 April coupons.", load_pack("en"))
    assert [t.kind for t in times] == ["weekday"]


def test_a_letter_that_becomes_two_in_lower_case_moves_no_offset() -> None:
    text = "\u0130zmir and \u0130zmit were quiet on Tuesday."
    (time,) = find_times(text, load_pack("en"))
    assert text[time.start : time.end] == "Tuesday"


@pytest.mark.parametrize(
    "text",
    ["A drone hit the third floor.", "A rally on the 20th anniversary ended.", "In the 2003-04 season."],
)
def test_other_numbers_are_no_days(text: str) -> None:
    assert resolve(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "A bomb struck the 14th October Brigade.",
        "Shells fell near July 26 Square.",
        "The 8 March Hospital was hit.",
        "The 2006 war began there.",
        "The 2015 agreement was signed there.",
        "The 2010 budget paid for bridges.",
    ],
)
def test_names_and_years_of_other_things_are_no_times(text: str) -> None:
    assert resolve(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "On Friday crews cleared the rubble of a house in Kherson that a bomb had hit the night before.",
        "On Friday people buried those whom shells had killed in Homs the night before.",
        "By Friday morning the fires that rockets had lit in Taiz the night before were out.",
        "On Friday the town of Baalbek counted the dead of the night before.",
        "On Friday the mayor of Marib walked through streets that shells had hit the night before.",
    ],
)
def test_the_night_before_counts_from_the_day_that_the_text_names(text: str) -> None:
    (doc,) = read_documents([("", text, Publication(SATURDAY.replace(tzinfo=dt.UTC)))])
    days = {str(o.interval.start) for o in date_options(doc._.findings, SATURDAY.replace(tzinfo=dt.UTC))}
    assert "2025-04-03" in days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("12/03/1995: A car bomb exploded.", {"1995-12-03", "1995-03-12"}),
        ("Last Thursday a mine blew up.", {"2025-04-03", "2025-03-27"}),
        ("On 1 April a missile hit. The previous Thursday a mine blew up.", {"2025-04-01", "2025-03-27"}),
        ("She died on Thursday, two days after the blast.", {"2025-04-01"}),
        ("On 1 April a missile hit. Two days after that strike, another did.", {"2025-03-30", "2025-04-03"}),
        ("This day in history: April 26\n\n1937 - Aircraft bombed the town.", {"1937-04-26"}),
        ("Attacks on clinics\n\n2017. A drone hit one on 13 November.", {"2017-11-13"}),
        ("A jet bombed Shuryak on 17 March 2008, a mortar Aybot the following night.", {"2008-03-18"}),
        ("Mortars were fired on 21 June 2015. Seven more fell next morning.", {"2015-06-22"}),
        ("A bomb fell on 21 May 2024. The day after, a drone hit Lyptsi.", {"2024-05-22"}),
        ("A bomb fell on 21 May 2024. Three days on, a drone hit Lyptsi.", {"2024-05-24"}),
        ("A bomb fell on 21 May 2024. On the eve a drone had hit Lyptsi.", {"2024-05-20"}),
        ("2 March 2024: a drone hit a car. On the 4th a missile killed a man.", {"2024-03-04"}),
        ("He died on 30 June 2006, hurt on the 9th of that month by a missile.", {"2006-06-09"}),
        ("Bombs fell on 13 May 2021. A rocket had killed a man on the Tuesday.", {"2021-05-11"}),
        ("A drone struck on 18 May 2013. A bomb on the same Saturday killed two.", {"2013-05-18"}),
    ],
)
def test_an_article_offers_every_reading_of_its_times(text: str, days: set[str]) -> None:
    title, _, body = text.rpartition("\n\n")
    (doc,) = read_documents([(title, body, Publication(SATURDAY.replace(tzinfo=dt.UTC)))])
    offered = {
        str(option.interval.start)
        for option in date_options(doc._.findings, SATURDAY)
        if option.interval.start == option.interval.end
    }
    assert days <= offered


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("This day in history: July 22", "1946-07-22"),
        ("What happened on February 13", "1946-02-13"),
        ("This day in history", "1946-04-05"),
    ],
)
def test_an_item_of_a_year_has_the_day_of_the_headline(title: str, day: str) -> None:
    text = "LONDON\n1946 - A bomb wrecked a hotel."
    (doc,) = read_documents([(title, text, Publication(SATURDAY.replace(tzinfo=dt.UTC)))])
    options = date_options(doc._.findings, SATURDAY)
    days = {o.interval.start for o in options if o.interval.start == o.interval.end}
    assert {str(found) for found in days if found.year == 1946} == {day}


@pytest.mark.parametrize(
    "after",
    [
        "a day after the rebels accused the army of using gas",
        "two days after the governor vowed to clear the hills",
        "a day after the front's own radio announced a truce",
        "three days after both sides signed a truce",
        "one day after the two ministers agreed to talks",
        "two days after the UN envoy visited the camp",
        "a day after parliament voted for a longer mandate",
        "four days after the cleric called for revenge",
        "a day after the council condemned the blockade",
        "two nights after the army had warned the villagers to leave",
    ],
)
def test_days_after_something_said_or_decided_give_no_day_of_a_strike(after: str) -> None:
    text = f"Guns shelled Marib on Thursday, {after}."
    (doc,) = read_documents([("", text, Publication(SATURDAY.replace(tzinfo=dt.UTC)))])
    assert min(str(o.interval.start) for o in date_options(doc._.findings, SATURDAY)) == "2025-04-03"


@pytest.mark.parametrize(
    "event", ["the blast officials", "the shelling both sides", "a bomb attack the mayor"]
)
def test_days_after_a_strike_give_its_day_whoever_spoke_then(event: str) -> None:
    text = f"On Thursday, two days after {event} announced a search, the camp was empty."
    (doc,) = read_documents([("", text, Publication(SATURDAY.replace(tzinfo=dt.UTC)))])
    assert "2025-04-01" in {str(o.interval.start) for o in date_options(doc._.findings, SATURDAY)}


@pytest.mark.parametrize(
    "text",
    [
        "Thousands of mourners filled the streets of Sumy on Sunday behind the coffins of the children.",
        "Mourning crowds came to the cemetery of Sumy on Sunday.",
        "Funerals of the victims of the attack on Sumy were held on Sunday.",
        "A vigil was held in the centre of Sumy on Sunday.",
        "The search under the hotel in Sumy ended on Sunday, the mayor said.",
        "The search under the hotel ended at nine this morning.",
        "The search for survivors went on on Sunday.",
        "Rescue work at the school in Sumy was called off on Sunday.",
        "Clearing of the rubble was completed late on Sunday.",
        "Rescuers pulled two more bodies on Sunday from the rubble of a house that a missile hit.",
        "A memorial for the victims of the attack on Sumy was unveiled on Sunday.",
        "Relatives identified the dead on Sunday.",
        "They were laid to rest on Sunday.",
        "A tenth victim of the attack on Sumy died on Sunday of burns.",
        "She died on Sunday from her injuries.",
    ],
)
def test_days_of_mourning_search_and_late_deaths_are_no_days_of_a_strike(text: str) -> None:
    (time,) = find_times(text, load_pack("en"))
    assert time.role != "event"


@pytest.mark.parametrize(
    "text",
    [
        "Mourners were hit by a drone in Sumy on Sunday.",
        "Six mourners were killed by a bomb at a burial in Sumy on Sunday.",
        "A bomb exploded at a memorial in Sumy on Sunday.",
        "A mortar round fell on a vigil in Sumy on Sunday.",
        "A shell fell on a search team in Sumy on Sunday.",
        "A drone hit rescue workers in Sumy on Sunday.",
        "Rescuers searched for victims of a missile that struck a market in Sumy on Sunday.",
        "Shelling of Sumy resumed on Sunday.",
        "The air operation over Raqqa continued on Sunday.",
        "Two women died on Sunday when a shell hit a shop in Sumy.",
        "Ten died on Sunday in a missile strike on Sumy.",
    ],
)
def test_the_day_of_a_strike_on_mourners_and_rescuers_stays(text: str) -> None:
    (time,) = find_times(text, load_pack("en"))
    assert time.role == "event"


@pytest.mark.parametrize(
    "line",
    [
        "SUMY, April 5 - Two people were killed on Thursday.",
        "SUMY, Ukraine, April 5 (Northlight) - A jet bombed a mill.",
        "PORT SUDAN, 5 April \u2013 Shells fell on Omdurman.",
        "SUMY, April 5. A boy was killed on Wednesday evening.",
        "SUMY. 5 April (Dnipro Press) \u2013 Shells fell on Krasnopillia.",
        "SUMY, April 5. /Vympel/. Three civilians were hurt.",
        "MOGADISHU, April 5, 2025 -- Forces struck a camp.",
        "San Salvador, 5 Apr 2025 (ACAN) -- Rebels mortared a barracks.",
        "[Text] San Salvador, 5 Apr 25 -- Rebels mortared a barracks.",
        "Colombo, April 5 (BPS) At least 22 civilians were killed.",
        "Tehran, April 5, RNAI -- Bombers struck a bridge.",
    ],
)
def test_the_date_of_a_dateline_is_that_of_the_article(line: str) -> None:
    for text in (line, f"Shells kill two\n\n{line}"):
        roles = {text[t.start : t.end]: t.role for t in find_times(text, load_pack("en"))}
        assert roles.pop(next(t for t in roles if "5" in t)) == "dateline"
        assert set(roles.values()) <= {"event"}


@pytest.mark.parametrize(
    "line",
    [
        "On April 5 a drone hit Sumy.",
        "Sumy, April 5 - a drone hit a house.",
        "Sumy, April 5 (two dead) - a drone hit a house.",
        "Sumy, 5 April (Saturday): a drone hit a house.",
        "Sumy, 5 April: a drone hit a house.",
        "On 5 April (Saturday), a drone hit Sumy.",
        "A drone hit SUMY, April 5 (Northlight)",
        "1. Sumy, 5 April 2025. A rocket hit a barber's shop.",
    ],
)
def test_a_date_at_the_head_of_a_note_may_be_that_of_the_strike(line: str) -> None:
    (time,) = find_times(line, load_pack("en"))
    assert time.role == "event"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016, Syria. Two barrel bombs fell on Talmenes on 3 February.", "2016-02-03"),
        ("The market was bombed twice in 2017: on 16 May and on 23 May.", "2017-05-23"),
        ("In the war of 2006, on the 11th of August, mortar bombs fell on Taybeh.", "2006-08-11"),
        ("No one has died since the war of 2014; on 21 August a mortar bomb hit Netivot.", "2014-08-21"),
    ],
)
def test_a_date_has_the_year_of_its_sentence_or_item(text: str, expected: str) -> None:
    days = offered(text)
    assert expected in days
    assert not any(day[4:] == expected[4:] for day in days - {expected})


@pytest.mark.parametrize(
    "text",
    [
        "In 2023 a bomb hit Zolochiv. A paramedic was killed in Pokrovske on 2 March.",
        "The war of 2014 took many lives. On 2 March a shell killed a boy in Marinka.",
    ],
)
def test_a_date_of_a_further_sentence_may_be_the_latest_such_day(text: str) -> None:
    assert "2025-03-02" in offered(text)


@pytest.mark.parametrize(
    "told", ["The same day", "That night", "An hour later", "Hours earlier", "Three hours after that"]
)
def test_the_same_day_is_a_day_that_the_text_told(told: str) -> None:
    assert offered(f"A missile hit Sumy on Tuesday. {told} a drone hit Kharkiv.") == {"2025-04-01"}
    assert "2025-04-05" in offered(f"A missile hit Sumy in March. {told} a drone hit Kharkiv.")
    assert "2025-04-05" in offered(f"{told} a drone hit Kharkiv.")


@pytest.mark.parametrize(
    "text",
    [
        "The army announced on Wednesday that it had struck a camp near Sumy the day before.",
        "The army said on Wednesday: a missile hit Sumy the previous night.",
        "The mayor told reporters on Wednesday that a drone had hit Sumy a day earlier.",
        "Police confirmed on Wednesday that a shell hit Sumy the evening before.",
    ],
)
def test_the_day_before_may_follow_from_what_was_said(text: str) -> None:
    assert "2025-04-01" in offered(text)


@pytest.mark.parametrize(
    "text",
    [
        "On Thursday officials had given a toll of 26, then 28.",
        "On Wednesday the governor put the toll at nine.",
        "Late on Sunday police had counted 12 bodies.",
        "On Friday the ministry spoke of 30 dead.",
        "On Monday authorities had reported 15 deaths.",
        "On Tuesday the death toll stood at 18.",
        "By Thursday evening the toll had reached 26.",
        "On Thursday the number of dead was given as 26.",
        "On Saturday the count was still nine.",
        "On Friday the health ministry had listed 14 victims.",
    ],
)
def test_the_day_of_a_count_is_no_day_of_a_strike(text: str) -> None:
    (time,) = find_times(f"A missile hit Sumy.\n{text}", load_pack("en"))
    assert time.role == "update"


@pytest.mark.parametrize(
    "text",
    [
        "On Thursday shelling killed nine and the toll rose.",
        "On Thursday a missile hit Sumy; officials gave a toll of 26.",
        "On Thursday shelling took a heavy toll in Sumy.",
        "The toll of the strike on Sumy on Friday was put at nine.",
        "In the strike on Sumy on Friday, officials counted 12 bodies.",
        "On Sunday an attack on Sumy left a toll of 12 dead.",
        "The strike on Friday took the highest toll of the war.",
        "On Monday, missiles that fell on Sumy caused many deaths, the toll was 12.",
    ],
)
def test_the_day_of_a_strike_with_a_toll_stays(text: str) -> None:
    (time,) = find_times(text, load_pack("en"))
    assert time.role == "event"


def test_an_evening_is_no_eve() -> None:
    assert offered("A missile struck Sumy on the evening of April 2.") == {"2025-04-02"}
    assert "2025-04-01" in offered("A truce began on April 2. On the eve of it a missile struck Sumy.")


@pytest.mark.parametrize(
    "text",
    [
        "Candles burned on Friday along the main street of Karrada, ten years after a truck bomb killed 300 people.",
        "Afrin held a minute of silence on Friday, a year after a tanker bomb killed 40 people at its market.",
        "Families gathered at the station on Friday for the tenth anniversary of the bombing.",
        "The town stood still on Friday to mark the anniversary of an air strike on its school.",
        "A court in Amman opened a hearing on Friday, two decades after the hotel bombings.",
        "On Friday the names were read out in Sumy, eleven months since the missile strike.",
        "Flowers covered the bridge on Friday, three years on from the shelling of the market.",
        "Wreaths were laid in Omagh on Friday, years after the car bomb.",
    ],
)
def test_the_day_of_an_anniversary_is_no_day_of_a_strike(text: str) -> None:
    time, *_ = find_times(text, load_pack("en"))
    assert time.role == "update"


@pytest.mark.parametrize(
    "text",
    [
        "A bomb killed nine people in Karrada on Friday, ten years after a truck bomb there.",
        "The blast on Friday came ten years after a bombing of the same street.",
        "Shells hit Sumy on Friday, two years after the first attack on it.",
        "On Friday a missile hit Sumy, two years after a strike on its station.",
        "Sumy, two years after the bombing of its station, was hit again on Friday.",
        "A drone struck mourners on Friday at the anniversary of the bombing.",
    ],
)
def test_a_strike_long_after_another_keeps_its_day(text: str) -> None:
    (time,) = find_times(text, load_pack("en"))
    assert time.role == "event"
