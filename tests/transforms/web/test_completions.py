"""The client of chat completions over real HTTP: an endpoint on loopback answers well, badly, late or not at all."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from reader_endpoint import Reply, Request, completion, serving_reader, zipped

from schemas.vocabulary import READING_FAULTS
from transforms.web.completions import (
    Completion,
    CompletionClient,
    CompletionFailed,
    Endpoint,
    own_host,
    read_completion,
)

BODY = {"model": "m", "messages": [{"role": "user", "content": "?"}]}
FINE = completion("fine")


def ask(base: str, times: int = 1, **endpoint: Any) -> list[Completion | CompletionFailed]:
    """Ask an endpoint one question after another; return the answers or failures."""

    async def ask_all() -> list[Completion | CompletionFailed]:
        got: list[Completion | CompletionFailed] = []
        settings = {"timeout_s": 1.0, "connect_timeout_s": 1.0, "attempts": 1} | endpoint
        async with CompletionClient(Endpoint(base, **settings), 2) as client:
            for _ in range(times):
                try:
                    got.append(await client.ask(BODY))
                except CompletionFailed as failure:
                    got.append(failure)
        return got

    return asyncio.run(ask_all())


def replies(*each: Reply) -> Callable[[Request], Reply]:
    """Return the function that gives one reply after another, and the last one from then on."""
    waiting = list(each)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def reason(got: Completion | CompletionFailed) -> str:
    return got.reason if isinstance(got, CompletionFailed) else "answered"


def test_an_answer_with_its_tokens() -> None:
    with serving_reader(replies(FINE)) as endpoint:
        assert ask(endpoint.base) == [Completion("fine", 1000, 100)]
    assert endpoint.paths == ["/v1/chat/completions"]
    assert endpoint.asked == [BODY]
    assert endpoint.keys == [None]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (zipped(FINE), "answered"),
        (completion("fine", usage=None), "answered"),
        (completion("fine", usage={"prompt_tokens": "many", "completion_tokens": -1}), "answered"),
        (Reply(b"<html>Bad gateway</html>"), "not_a_completion"),
        (Reply(b'{"choices": [{"message": {"cont'), "not_a_completion"),
        (Reply(b""), "not_a_completion"),
        (Reply(b"[]"), "not_a_completion"),
        (Reply(b"7"), "not_a_completion"),
        (Reply(b'{"choices": []}'), "not_a_completion"),
        (Reply(b'{"choices": {"0": 1}}'), "not_a_completion"),
        (Reply(b'{"choices": [7]}'), "not_a_completion"),
        (Reply(b'{"choices": [{"message": null}]}'), "not_a_completion"),
        (Reply(b"\xff\xfe\x00"), "not_a_completion"),
        (Reply(b"[" * 100_000), "not_a_completion"),
        (completion(None), "no_content"),
        (completion("  "), "no_content"),
        (completion('{"reports": [', finish="length"), "cut_off"),
        (Reply(b"x" * 1_500_000), "answer_too_large"),
        (zipped(Reply(b"0" * 50_000_000)), "answer_too_large"),
        (Reply(b"no gzip", headers={"Content-Encoding": "gzip"}), "bad_body"),
        (Reply(b'{"choices"', headers={"Content-Length": "100"}), "bad_body"),
        (Reply(FINE.body, delay_s=2.0), "deadline"),
        (Reply(b"no", 400), "refused"),
        (Reply(b"no", 413), "refused"),
        (Reply(b"no", 422), "refused"),
        (Reply(b"no", 401), "unauthorized"),
        (Reply(b"no", 403), "unauthorized"),
        (Reply(b"no", 404), "not_found"),
        (Reply(b"no", 429), "rate_limited"),
        (Reply(b"no", 500), "server_error"),
        (Reply(b"no", 503), "server_error"),
        (Reply(b"", 204), "refused"),
    ],
)
def test_a_bad_answer_is_one_of_the_closed_list_and_the_next_one_is_read(reply: Reply, expected: str) -> None:
    with serving_reader(replies(reply, FINE)) as endpoint:
        bad, good = ask(endpoint.base, 2)
    assert reason(bad) == expected
    assert expected == "answered" or expected in READING_FAULTS
    assert reason(good) == "answered"


def test_odd_counts_of_tokens_are_unknown() -> None:
    for usage in ({"prompt_tokens": True, "completion_tokens": 1.5}, {"prompt_tokens": -1}, [], "x", None):
        got = read_completion(completion("fine", usage=usage).body)
        assert (got.prompt_tokens, got.answer_tokens) == (None, None)


@pytest.mark.parametrize(("status", "expected"), [(429, "answered"), (500, "answered"), (400, "refused")])
def test_a_passing_fault_is_tried_again_and_no_other(status: int, expected: str) -> None:
    with serving_reader(replies(Reply(b"", status), FINE)) as endpoint:
        (got,) = ask(endpoint.base, attempts=2)
    assert reason(got) == expected
    assert len(endpoint.asked) == (2 if expected == "answered" else 1)


def test_a_wait_that_the_endpoint_asks_for_is_kept() -> None:
    times: list[float] = []

    def reply(_: Request) -> Reply:
        times.append(time.monotonic())
        return FINE if len(times) > 1 else Reply(b"", 429, {"Retry-After": "1"})

    with serving_reader(reply) as endpoint:
        assert reason(ask(endpoint.base, attempts=2)[0]) == "answered"
    assert times[1] - times[0] >= 0.95


def test_a_wait_that_is_too_long_is_not_kept() -> None:
    with serving_reader(replies(Reply(b"", 429, {"Retry-After": "3600"}))) as endpoint:
        assert reason(ask(endpoint.base, attempts=3)[0]) == "rate_limited"
    assert len(endpoint.asked) == 1


def test_a_redirect_is_not_followed_so_that_the_key_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READER_KEY", "sk-secret")
    with serving_reader(replies(FINE)) as other:
        away = Reply(b"", 307, {"Location": f"{other.base}/chat/completions"})
        with serving_reader(replies(away)) as endpoint:
            assert reason(ask(endpoint.base, key_env="READER_KEY")[0]) == "redirected"
    assert endpoint.keys == ["Bearer sk-secret"]
    assert other.asked == []


def test_the_key_is_in_no_message_and_no_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("READER_KEY", "sk-secret")
    caplog.set_level(logging.DEBUG)
    with serving_reader(replies(Reply(b"Incorrect API key provided: sk-secret", 401))) as endpoint:
        (got,) = ask(endpoint.base, key_env="READER_KEY")
    assert isinstance(got, CompletionFailed)
    assert "sk-secret" not in f"{got} {got!r} {caplog.text} {Endpoint(endpoint.base, key_env='READER_KEY')!r}"


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: a connection is refused
        assert reason(ask(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")[0]) == "no_connection"


def test_only_the_endpoint_itself_and_allowed_hosts_are_reached() -> None:
    """The guard refuses what the name of the endpoint does not cover: here the same server by another port."""
    with serving_reader(replies(FINE)) as endpoint:
        client = CompletionClient(Endpoint(endpoint.base, attempts=1), 1)
        port = int(own_host(endpoint.base).rpartition(":")[2])
        client._guard.check("127.0.0.1", "127.0.0.1", port)
        for host, address, other in (
            ("127.0.0.1", "127.0.0.1", port - 1), ("127.0.0.2", "127.0.0.2", port),
            ("meta.example", "169.254.169.254", 80), ("lan.example", "10.0.0.1", 443),
        ):  # fmt: skip
            with pytest.raises(OSError, match="blocked"):
                client._guard.check(host, address, other)
        wider = CompletionClient(Endpoint(endpoint.base, allow_hosts=("10.0.0.1",)), 1)
        wider._guard.check("10.0.0.1", "10.0.0.1", 443)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:8080/v1", "127.0.0.1:8080"),
        ("https://api.example/v1", "api.example:443"),
        ("http://localhost/v1", "localhost:80"),
        ("http://[::1]:8080/v1", "[::1]:8080"),
        ("ftp://x.example", None),
        ("x.example/v1", None),
        ("", None),
        ("https://user:pass@api.example/v1", None),
        ("http://x:99999/v1", None),
        ("http://[::1/v1", None),
    ],
)
def test_the_host_of_an_endpoint(url: str, host: str | None) -> None:
    if host is None:
        with pytest.raises(ValueError, match=r"must|port|Port|IPv6"):
            own_host(url)
    else:
        assert own_host(url) == host
