"""A client of an endpoint that speaks OpenAI's chat completions: llama.cpp, vLLM, Ollama, or a hosted one.

The endpoint is the user's own choice, so the guard lets its host through. It follows no redirect: the API key
would go to another host. What the endpoint says in an error is never shown, because some repeat the key.
"""

import json
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import stamina
import stamina.instrumentation

from schemas.vocabulary import READING_FAULTS
from transforms.web.failures import classify_error, parse_retry_after
from transforms.web.guard import AddressGuard
from transforms.web.guarded_connector import guarded_connector
from transforms.web.messages import USER_AGENT

_MAX_ANSWER_BYTES = 1_000_000
_MAX_CHUNKS = 100_000
_FIRST_PAUSE_SECONDS = 0.5
_REASON_BY_STATUS = {
    401: "unauthorized", 403: "unauthorized", 404: "not_found", 405: "not_found", 410: "not_found",
    408: "server_error", 429: "rate_limited",
}  # fmt: skip
_RETRIED = frozenset({"rate_limited", "server_error"})
"""Faults after which a request is sent again. A connection that fails costs two seconds, so it is not tried
twice: the next article tells whether the endpoint is dead."""
_CONNECT_REASONS = frozenset(
    {"conn_refused", "conn_reset", "dns_error", "tls_error", "tls_expired", "tls_untrusted", "tls_wrong_host"}
)
_BLOCKED_REASONS = frozenset({"ssrf_blocked", "port_blocked"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where completions are asked for, and how patiently.

    Args:
        url: base address; the request goes to ``URL/chat/completions``.
        key_env: name of the environment variable that holds the API key; None: no key is sent.
        allow_hosts: further private hosts that may be reached, as ``HOST`` or ``HOST:PORT``.
        timeout_s: seconds for one answer.
        connect_timeout_s: seconds to connect.
        attempts: how often a request is sent that meets a passing fault, the first time included.
        max_wait_s: longest wait that the endpoint may ask for with Retry-After, seconds.
    """

    url: str
    key_env: str | None = None
    allow_hosts: tuple[str, ...] = ()
    timeout_s: float = 60.0
    connect_timeout_s: float = 2.0
    attempts: int = 3
    max_wait_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer. The counts of tokens are None where the endpoint gives none."""

    content: str
    prompt_tokens: int | None
    answer_tokens: int | None


class CompletionFailed(Exception):
    """The endpoint gave no usable answer.

    Args:
        reason: one of ``schemas.vocabulary.READING_FAULTS``.
        message: one line for a person, without anything that the endpoint said.
        retry_after_s: seconds to wait, as the endpoint asks.
    """

    def __init__(self, reason: str, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after_s = retry_after_s

    @property
    def is_of_article(self) -> bool:
        """Return whether the fault is one of the article or its answer, not of the endpoint."""
        return READING_FAULTS[self.reason]


def own_host(url: str) -> str:
    """Return the host and port of the endpoint, as the guard's exception for it.

    Raises:
        ValueError: it is not an http or https URL, or it holds a user name or a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https URL")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no user name or password; key_env names the variable of an API key")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"[{parts.hostname}]:{port}" if ":" in parts.hostname else f"{parts.hostname}:{port}"


class CompletionClient:
    """Asks one endpoint. To be used as an asynchronous context manager on one event loop."""

    def __init__(self, endpoint: Endpoint, connections: int) -> None:
        stamina.instrumentation.set_on_retry_hooks([])  # without this, stamina logs a line for each retry
        self._endpoint = endpoint
        self._connections = connections
        self._guard = AddressGuard.of((own_host(endpoint.url), *endpoint.allow_hosts))
        self._client: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "CompletionClient":
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
        key = os.environ.get(self._endpoint.key_env) if self._endpoint.key_env else None
        if key:
            headers["Authorization"] = f"Bearer {key.strip()}"
        self._client = aiohttp.ClientSession(
            connector=guarded_connector(self._guard, connections=self._connections),
            trust_env=False,  # behind a proxy the guard would not see the address
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=headers,
            timeout=aiohttp.ClientTimeout(
                total=self._endpoint.timeout_s, sock_connect=self._endpoint.connect_timeout_s
            ),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._client is not None
        await self._client.close()

    async def ask(self, body: Mapping[str, Any]) -> Completion:
        """Return the answer to a request. Passing faults are tried again, with growing pauses.

        Args:
            body: the request as JSON has it: model, messages and so on.

        Raises:
            CompletionFailed: there is no usable answer.
        """
        pauses = iter(_FIRST_PAUSE_SECONDS * 2**n for n in range(self._endpoint.attempts))

        def wait_before_retry(error: Exception) -> bool | float:
            if not isinstance(error, CompletionFailed) or error.reason not in _RETRIED:
                return False
            if error.retry_after_s is not None:
                return (
                    max(error.retry_after_s, 0.01)
                    if error.retry_after_s <= self._endpoint.max_wait_s
                    else False
                )
            return next(pauses, _FIRST_PAUSE_SECONDS) * random.uniform(1.0, 1.5)

        async for attempt in stamina.retry_context(
            on=wait_before_retry, attempts=self._endpoint.attempts, timeout=None
        ):
            with attempt:
                return await self._send(body)
        raise AssertionError("retry_context either returns or raises")

    async def _send(self, body: Mapping[str, Any]) -> Completion:
        assert self._client is not None
        url = f"{self._endpoint.url.rstrip('/')}/chat/completions"
        try:
            async with self._client.post(url, json=body, allow_redirects=False) as response:
                check_status(response.status, response.headers)
                return read_completion(await _read_body(response))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _failure_of(error) from None


def check_status(status: int, headers: Mapping[str, str]) -> None:
    """Refuse an answer that is not 200.

    Raises:
        CompletionFailed: it is another status.
    """
    if status == 200:
        return
    if 300 <= status < 400:
        raise CompletionFailed("redirected", f"HTTP {status}: the endpoint sends elsewhere")
    default = "server_error" if status >= 500 else "refused"
    wait_s = parse_retry_after(headers.get("Retry-After")) if status in (429, 503) else None
    raise CompletionFailed(_REASON_BY_STATUS.get(status, default), f"HTTP {status}", wait_s)


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    """Return the body. The limit counts bytes after decompression."""
    chunks, size_bytes = list[bytes](), 0
    async for chunk in response.content.iter_any():
        size_bytes += len(chunk)
        chunks.append(chunk)
        if size_bytes > _MAX_ANSWER_BYTES or len(chunks) > _MAX_CHUNKS:
            raise CompletionFailed("answer_too_large", f"more than {_MAX_ANSWER_BYTES} bytes")
    return b"".join(chunks)


def _failure_of(error: Exception) -> CompletionFailed:
    """Return the failure that an exception of the HTTP client means."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return CompletionFailed("no_connection", "no connection in time")
    failure = classify_error(error)
    if failure.reason in _BLOCKED_REASONS:
        return CompletionFailed("blocked", str(failure))
    if failure.reason == "deadline":
        return CompletionFailed("deadline", str(failure))
    is_connection = failure.reason in _CONNECT_REASONS
    return CompletionFailed("no_connection" if is_connection else "bad_body", str(failure))


def read_completion(body: bytes) -> Completion:
    """Return the completion of a body.

    Raises:
        CompletionFailed: it is no completion, it has no text, or its text was cut off.
    """
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        content, finish = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise CompletionFailed("not_a_completion", "the body is no chat completion") from None
    if finish == "length":
        raise CompletionFailed("cut_off", "the answer is longer than max_answer_tokens")
    if not isinstance(content, str) or not content.strip():
        raise CompletionFailed("no_content", "the answer has no text")
    usage = answer.get("usage")
    return Completion(content, _tokens(usage, "prompt_tokens"), _tokens(usage, "completion_tokens"))


def _tokens(usage: Any, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if type(value) is int and 0 <= value < 10**9 else None
