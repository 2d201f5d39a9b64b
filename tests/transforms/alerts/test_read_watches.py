"""The file of watches: what it may say, and an error that names the watch and the key for everything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from transforms.alerts.find_place import find_place
from transforms.alerts.read_watches import read_watches
from transforms.alerts.watches import (
    Circle,
    Conditions,
    Digest,
    EmailChannel,
    Event,
    FileChannel,
    Security,
    Watch,
    WebhookChannel,
)
from transforms.alerts.yaml_keys import WatchesInvalid
from transforms.nlp.gazetteer import Place
from transforms.nlp.open_gazetteer import open_gazetteer

ENVIRONMENT = {
    "HOOK": "https://hooks.example/T0KEN",
    "SECRET": "s3cret",
    "USER": "desk",
    "PASSWORD": "pw",
    "EMPTY": " ",
}
ATOM = "channels: [{kind: atom, path: a.xml}]"
FULL = """
watches:
  - name: kharkiv
    country: [UA, RU]
    place: {lat: 50.0, lon: 36.25}
    within_km: 40
    killed_at_least: 5
    injured_at_least: 10
    weapon: [drone, ballistic_missile]
    actor: [Russia, Al-Shabaab]
    events: [changed, new]
    publishable_only: false
    channels:
      - {kind: atom, path: out/a.xml, title: Kharkiv, feed_url: "https://desk.example/a.xml"}
      - {kind: json_feed, path: out/a.json}
      - {kind: webhook, url_env: HOOK, secret_env: SECRET, digest: run}
      - {kind: webhook, name: second, url: "https://other.example/hook"}
      - {kind: email, host: mail.example, from: a@desk.example, to: [b@desk.example, c@desk.example],
         user_env: USER, password_env: PASSWORD, security: tls, digest: day}
"""


def no_place(name: str, countries: tuple[str, ...]) -> tuple[float, float]:
    raise ValueError(f"no place {name} in {countries}")


def read(tmp_path: Path, text: str, environment: Mapping[str, str] = ENVIRONMENT) -> tuple[Watch, ...]:
    path = tmp_path / "watches.yaml"
    path.write_text(text)
    return read_watches(str(path), environment, no_place)


def test_everything_that_a_watch_may_say(tmp_path: Path) -> None:
    (watch,) = read(tmp_path, FULL)
    assert watch.conditions == Conditions(
        countries=("UA", "RU"),
        circle=Circle(50.0, 36.25, 40.0),
        killed_at_least=5,
        injured_at_least=10,
        weapons=("drone", "ballistic_missile"),
        actors=("russia", "shabaab"),
        publishable_only=False,
    )
    assert watch.events == (Event.NEW, Event.CHANGED)
    assert watch.channels == (
        FileChannel("atom", "atom", "out/a.xml", "Kharkiv", "https://desk.example/a.xml"),
        FileChannel("json_feed", "json_feed", "out/a.json", "kharkiv"),
        WebhookChannel("webhook", "https://hooks.example/T0KEN", "s3cret", Digest.RUN),
        WebhookChannel("second", "https://other.example/hook"),
        EmailChannel(
            "email", "mail.example", 465, "a@desk.example", ("b@desk.example", "c@desk.example"), Security.TLS,
            "desk", "pw", Digest.DAY,
        ),
    )  # fmt: skip


def test_what_a_watch_leaves_out_is_any(tmp_path: Path) -> None:
    (watch,) = read(tmp_path, f"watches: [{{name: all, {ATOM}}}]")
    assert (watch.conditions, watch.events) == (Conditions(), tuple(Event))


def a_watch(text: str) -> str:
    return f"watches:\n  - name: desk\n    {ATOM}\n    {text}\n"


def a_channel(text: str) -> str:
    return f"watches: [{{name: desk, channels: [{{{text}}}]}}]"


MAIL = "kind: email, host: mail.example, from: a@desk.example, to: b@desk.example"
INVALID = [
    ("", "the file of watches must be a mapping"),
    ("watches: []", "key 'watches': a list of watches is expected"),
    ("watches: {name: x}", "key 'watches': a list of watches is expected"),
    ("feeds: []", "the file of watches: unknown key 'feeds'"),
    ("watches: [7]", "watch 1 must be a mapping of keys to values, not a number"),
    ("watches: [\n", "cannot be read"),
    ("watches: [{name: desk}]", "watch 'desk': the key 'channels' is missing"),
    (f"watches: [{{{ATOM}}}]", "watch 1: the key 'name' is missing"),
    (f"watches: [{{name: 7, {ATOM}}}]", "watch 1, key 'name': a text is expected, not a number"),
    (a_watch("intervall: 7"), "watch 'desk': unknown key 'intervall'"),
    (a_watch("name: again"), "the key 'name' stands twice (line 4)"),
    ('watches: [{name: "\\ud800", channels: []}]', "a text has a character that UTF-8 cannot hold"),
    (a_watch("country: NO"), "watch 'desk', key 'country': a text is expected, not false (YAML reads yes, no"),
    (a_watch("country: Ukraine"), "watch 'desk', key 'country': no country has the code 'Ukraine'"),
    (a_watch("country: ua"), "for Ukraine write UA"),
    (a_watch("country: [UA, UK]"), "watch 'desk', key 'country': no country has the code 'UK' (ISO 3166-1 alpha-2); for United Kingdom write GB"),
    (a_watch("country: XX"), "no country has the code 'XX'"),
    (a_watch("country: []"), "watch 'desk', key 'country': the list is empty"),
    (a_watch("place: {lat: 91, lon: 0}"), "watch 'desk', key 'place', key 'lat': a number from -90 to 90"),
    (a_watch("place: {lat: .nan, lon: 0}"), "key 'lat': a number from -90 to 90"),
    (a_watch("place: {lat: 9}"), "watch 'desk', key 'place': the key 'lon' is missing"),
    (a_watch("place: {lat: 9, lng: 9}"), "watch 'desk', key 'place': unknown key 'lng'"),
    (a_watch("place: Nowhere"), "watch 'desk', key 'place': no place Nowhere in ()"),
    (a_watch("place: [1, 2]"), "watch 'desk', key 'place': a text is expected, not a list"),
    (a_watch("within_km: 5"), "watch 'desk', key 'within_km': it needs the key 'place'"),
    (a_watch("place: {lat: 1, lon: 1}\n    within_km: 0"), "key 'within_km': a number from 0.1 to 5000"),
    (a_watch("killed_at_least: -1"), "watch 'desk', key 'killed_at_least': a whole number"),
    (a_watch("killed_at_least: 1.5"), "watch 'desk', key 'killed_at_least': a whole number"),
    (a_watch("killed_at_least: yes"), "watch 'desk', key 'killed_at_least': a whole number"),
    (a_watch("injured_at_least: many"), "watch 'desk', key 'injured_at_least': a whole number"),
    (a_watch("weapon: catapult"), "watch 'desk', key 'weapon': one of ballistic_missile"),
    (a_watch("events: [new, old]"), "watch 'desk', key 'events': one of new, changed, corrected"),
    (a_watch("publishable_only: maybe"), "watch 'desk', key 'publishable_only': true or false"),
    (a_channel("path: a.xml"), "watch 'desk', key 'channels': a channel has a 'kind'"),
    (a_channel("kind: pigeon"), "watch 'desk', channel 'pigeon': a channel has a 'kind': atom, json_feed"),
    (a_channel("kind: atom"), "watch 'desk', channel 'atom': the key 'path' is missing"),
    (a_channel("kind: atom, path: a, digest: run"), "watch 'desk', channel 'atom': unknown key 'digest'"),
    (a_channel("kind: webhook"), "channel 'webhook': it needs one of the keys 'url' and 'url_env'"),
    (a_channel("kind: webhook, url: 'https://x.example', url_env: HOOK"), "it needs one of the keys"),
    (a_channel("kind: webhook, url: 'ftp://x.example'"), "channel 'webhook', key 'url': an http(s) address"),
    (a_channel("kind: webhook, url: 'https://u:p@x.example'"), "must not hold a user name or password"),
    (a_channel("kind: webhook, url_env: SECRET"), "key 'url_env': the variable holds no"),
    (a_channel("kind: webhook, url_env: MISSING"), "key 'url_env': the environment variable MISSING is not set"),
    (a_channel("kind: webhook, url_env: EMPTY"), "the environment variable EMPTY is not set"),
    (a_channel("kind: webhook, url: 'https://x.example', secret: pw"), "unknown key 'secret'"),
    (a_channel("kind: webhook, url: 'https://x.example', secret_env: 's3cret!'"), "not the secret itself"),
    (a_channel(f"{MAIL}, port: 0"), "channel 'email', key 'port': a whole number from 1 to 65535"),
    (a_channel(f"{MAIL}, user_env: USER"), "channel 'email': the keys 'user_env' and 'password_env' go together"),
    (a_channel(f"{MAIL}, user_env: USER, password_env: PASSWORD, security: none"), "a password needs starttls"),
    (a_channel(MAIL.replace("b@desk.example", "desk")), "key 'to': an e-mail address such as"),
    (a_channel(MAIL.replace("a@desk.example", '"a@desk.example\\nBcc: x@y.example"')), "key 'from': a text on one line"),
    (a_channel(MAIL.replace("mail.example", "'mail.example:25'")), "key 'host': a host name"),
    (
        "watches: [{name: desk, channels: [{kind: webhook, url: 'https://x.example'}, "
        "{kind: webhook, url: 'https://y.example'}]}]",
        "two channels have the name 'webhook'",
    ),
    (f"watches: [{{name: a, {ATOM}}}, {{name: a, {ATOM}}}]", "two watches have the name 'a'"),
    (f"watches: [{{name: a, {ATOM}}}, {{name: b, {ATOM}}}]", "watch 'b', key 'channels': a.xml is written by watch 'a'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), INVALID, ids=range(len(INVALID)))
def test_an_error_names_the_watch_and_the_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(WatchesInvalid, match=re.escape(message)) as raised:
        read(tmp_path, text)
    shown = str(raised.value)
    assert "\n" not in shown
    assert not any(secret in shown for secret in ("T0KEN", "s3cret", "u:p@"))


def test_a_missing_and_a_huge_file_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(WatchesInvalid, match="no file of watches at"):
        read_watches(str(tmp_path / "missing.yaml"), {}, no_place)
    with pytest.raises(WatchesInvalid, match="larger than 1 MB"):
        read(tmp_path, "#" * 1_000_001)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WatchesInvalid, match="cannot be read"):
        read_watches(str(tmp_path / "bytes.yaml"), {}, no_place)


# -- places -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "countries", "near"),
    [
        ("Kharkiv", (), (49.98, 36.25)),
        ("Kharkov", ("UA",), (49.98, 36.25)),
        ("Khan Yunis", (), (31.34, 34.30)),
        ("Tripoli", ("LB",), (34.43, 35.84)),
        ("Tripoli", ("LY",), (32.88, 13.19)),
        ("Djibouti", (), (11.59, 43.15)),
        ("Gaza", (), (31.5, 34.46)),
        ("Paris", (), (48.85, 2.35)),
    ],
)
def test_a_place_name_is_found(name: str, countries: tuple[str, ...], near: tuple[float, float]) -> None:
    assert find_place(open_gazetteer(), name, countries) == pytest.approx(near, abs=0.2)


@pytest.mark.parametrize(
    ("name", "countries", "message"),
    [
        ("Nowhereville", (), "no place 'Nowhereville'; write {lat"),
        ("Kharkiv", ("YE",), "no place 'Kharkiv' in YE"),
        ("Ukraine", (), "is a region or a country, not a town"),
        ("Tripoli", (), "several places are called 'Tripoli': "),
        ("San Antonio", ("PH",), "several places are called"),
    ],
)
def test_a_place_name_in_doubt_is_an_error(name: str, countries: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        find_place(open_gazetteer(), name, countries)


class _Towns:
    """A gazetteer of three towns of one name."""

    def __init__(self, *people: int) -> None:
        self._people = people

    def find(self, name: str) -> tuple[Any, ...]:
        return tuple(
            Place(n, name, "UA", None, 50.0, 30.0 + n, p, None, "city") for n, p in enumerate(self._people)
        )


@pytest.mark.parametrize(
    ("people", "is_clear"), [((1_000_000, 900), True), ((5_000, 4_000), False), ((0, 0), False)]
)
def test_a_town_that_is_clearly_larger_is_meant(people: tuple[int, ...], is_clear: bool) -> None:
    towns: Any = _Towns(*people)
    if is_clear:
        assert find_place(towns, "Town", ()) == (50.0, 30.0)
    else:
        with pytest.raises(ValueError, match="several places"):
            find_place(towns, "Town", ())
