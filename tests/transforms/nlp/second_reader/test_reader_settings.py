"""The file of the second reader: what is unusable in it is one clear line."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from transforms.nlp.second_reader.prompt import reader_version
from transforms.nlp.second_reader.reader_settings import ReaderSettingsInvalid, parse_reader_settings

LEAST = "url: http://127.0.0.1:8080/v1\nmodel: small\n"


def test_the_least_file() -> None:
    settings = parse_reader_settings(LEAST, "r.yaml")
    assert (settings.endpoint.url, settings.model) == ("http://127.0.0.1:8080/v1", "small")
    assert (settings.scope, settings.since, settings.endpoint.key_env) == ("doubtful", None, None)
    assert settings.cost(1, 1) is None


def test_every_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READER_KEY", "sk-secret")
    text = LEAST + (
        "key_env: READER_KEY\nscope: gated\nconfidence_below: 0.5\nsince: 2026-11-01\nrequests: 5\ntokens: 1000\n"
        "seconds: 30\ntimeout: 10\nparallel: 3\nmax_characters: 4000\nmax_answer_tokens: 500\nprice_in: 0.5\n"
        "price_out: 1.5\nrequest: {temperature: 0.1, seed: 7}\n"
    )
    settings = parse_reader_settings(text, "r.yaml", "doubtful", ("10.0.0.1",))
    assert settings.scope == "doubtful"  # the option overrides the file
    assert settings.since == dt.date(2026, 11, 1)
    assert (settings.endpoint.key_env, settings.endpoint.timeout_s) == ("READER_KEY", 10.0)
    assert settings.endpoint.allow_hosts == ("10.0.0.1",)
    assert settings.request == {"temperature": 0.1, "seed": 7}
    assert settings.cost(2_000_000, 1_000_000) == 2.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be a mapping"),
        ("- url\n", "must be a mapping"),
        ("url: [\n", "cannot be read as YAML"),
        ("model: small\n", "url is missing"),
        ("url: http://x.example/v1\n", "model is missing"),
        (LEAST + "modelx: x\n", "unknown key 'modelx'"),
        (LEAST + "7: x\n", "unknown key '7'"),
        ("url: x.example\nmodel: m\n", "url must be an http or https URL"),
        ("url: ftp://x.example\nmodel: m\n", "url must be an http or https URL"),
        ("url: https://me:sk-secret@x.example\nmodel: m\n", "url must hold no user name or password"),
        ("url: http://x.example:99999\nmodel: m\n", "url"),
        ("url: 7\nmodel: m\n", "url must be a text"),
        (LEAST + "model: ''\n", "model must be a text"),
        (LEAST + "key_env: sk-secret\n", "key_env must be the name of an environment variable"),
        (LEAST + "key_env: NO_SUCH_VARIABLE\n", "NO_SUCH_VARIABLE, which is not set"),
        (LEAST + "scope: all\n", "scope must be one of doubtful, gated"),
        (LEAST + "since: soon\n", "since must be a date"),
        (LEAST + "since: 2026-11-01 10:00:00\n", "since must be a date"),
        (LEAST + "since: 2026-13-01\n", "cannot be read as YAML"),
        (LEAST + "requests: 0\n", "requests must be a whole number from 1"),
        (LEAST + "requests: many\n", "requests must be a whole number"),
        (LEAST + "requests: true\n", "requests must be a whole number"),
        (LEAST + "tokens: 1.5\n", "tokens must be a whole number"),
        (LEAST + "seconds: 0\n", "seconds must be a number from 1"),
        (LEAST + "timeout: .nan\n", "timeout must be a number"),
        (LEAST + "timeout: .inf\n", "timeout must be a number"),
        (LEAST + "parallel: 65\n", "parallel must be a whole number from 1 to 64"),
        (LEAST + "confidence_below: 2\n", "confidence_below must be a number from 0 to 1"),
        (LEAST + "price_in: -1\n", "price_in must be a number"),
        (LEAST + "request: 7\n", "request must be a mapping"),
        (LEAST + "request: {1: 2}\n", "request must be a mapping"),
        (LEAST + "request: {messages: []}\n", "request must not set messages"),
        (LEAST + "request: {stop: 2026-11-01}\n", "request must hold values of JSON"),
        (LEAST + "request: {top_p: .nan}\n", "request must hold values of JSON"),
    ],
)
def test_an_unusable_file_is_one_line_that_names_the_key(text: str, message: str) -> None:
    with pytest.raises(ReaderSettingsInvalid) as error:
        parse_reader_settings(text, "r.yaml")
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert "sk-secret" not in str(error.value)


def test_the_version_of_a_reader_names_all_that_answers_depend_on() -> None:
    settings = parse_reader_settings(LEAST, "r.yaml")
    version = reader_version(settings)
    assert version.startswith("second-1.")
    assert version.endswith("+small")
    for same in ({"scope": "gated"}, {"requests": 1}, {"tokens": 1}, {"parallel": 1}, {"price_in": 1.0}):
        assert reader_version(dataclasses.replace(settings, **same)) == version  # type: ignore[arg-type]
    for other in (
        {"model": "large"},
        {"max_characters": 500},
        {"max_answer_tokens": 100},
        {"request": {"seed": 1}},
    ):
        assert reader_version(dataclasses.replace(settings, **other)) != version  # type: ignore[arg-type]
