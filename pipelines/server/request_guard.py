"""What every request passes before it is answered: host and rate of its client; headers of every answer."""

import ipaddress
import re
from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.server.http_replies import SECURITY_HEADERS
from pipelines.server.rate_limit import RateLimit

_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?")
_HEADERS = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_POLICY, _NO_FRAME = b"content-security-policy", b"x-frame-options"
_FREE = "/static/"
"""Files of the pages are not counted: one page needs several."""

ErrorReply = Callable[[Scope, int, str, dict[str, str]], Response]


class RequestGuard:
    """Wraps an application.

    Args:
        app: what answers.
        limit: the rate of a client, None for no limit.
        only_loopback_hosts: refuse a request that names another host. A page of the web whose name leads to
            this machine could otherwise read the ledger through the reader's browser.
        error_reply: makes an answer from a scope, a status, one line, and headers.
    """

    def __init__(
        self, app: ASGIApp, limit: RateLimit | None, only_loopback_hosts: bool, error_reply: ErrorReply
    ) -> None:
        self._app, self._limit = app, limit
        self._only_loopback_hosts, self._error_reply = only_loopback_hosts, error_reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_security([*message.get("headers", ())])
            await send(message)

        refusal = self._refusal(scope)
        answer: Callable[[Scope, Receive, Send], Awaitable[None]] = self._app if refusal is None else refusal
        await answer(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None or (self._only_loopback_hosts and not is_loopback(match["name"].strip("[]"))):
            return self._error_reply(scope, 400, "this server does not answer for this host", {})
        client = scope["client"][0] if scope.get("client") else ""
        if self._limit is not None and not scope["path"].startswith(_FREE):
            wait_s = self._limit.wait_s(client)
            if wait_s:
                what = f"too many requests; try again in {wait_s} s"
                return self._error_reply(scope, 429, what, {"Retry-After": str(wait_s)})
        return None


def _with_security(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers with those that keep a page from harm. A page that has one itself keeps its own."""
    own = {name.lower() for name, _ in headers}
    if _POLICY in own:  # it says itself who may frame it
        own.add(_NO_FRAME)
    return [*headers, *((name, value) for name, value in _HEADERS if name not in own)]


def is_loopback(host: str) -> bool:
    """Return whether a name or an address is this machine's own."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
