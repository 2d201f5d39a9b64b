"""What this project sends: webhooks and e-mail. Both obey the guard of addresses, as fetching does.

``smtplib`` is imported here and nowhere else.
"""

import asyncio
import contextlib
import random
import smtplib
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage

import aiohttp

from transforms.util.errors import FetchFailed
from transforms.web.failures import classify_error, parse_retry_after
from transforms.web.guard import MAIL_PORTS, AddressGuard, Blocked, check_url
from transforms.web.guarded_connector import guarded_connector, refusal_of
from transforms.web.messages import USER_AGENT

ATTEMPTS = 3
TIMEOUT_SECONDS = 5.0
"""For one attempt. Three attempts with their pauses stay below 20 seconds."""
_PAUSE_SECONDS = 0.5
_MAX_PAUSE_SECONDS = 2.0
_PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_SETUP_STATUSES = frozenset({401, 403, 404, 405, 407, 410, 501})
"""The address, the method or the credentials are wrong: another message fares no better."""


class SendFailed(Exception):
    """A message that was not sent. The text is one line for a person, without addresses and secrets.

    ``is_passing``: another attempt may succeed soon. ``is_of_message``: the receiver refused this message;
    others may still be sent.
    """

    def __init__(self, text: str, *, is_passing: bool = False, is_of_message: bool = False) -> None:
        super().__init__(text)
        self.is_passing = is_passing
        self.is_of_message = is_of_message
        self.pause_s: float | None = None


# -- webhooks ---------------------------------------------------------------------------------------------


def post(url: str, body: bytes, headers: Mapping[str, str], guard: AddressGuard) -> None:
    """Send a POST request; after a passing fault send it again, three times in all.

    Redirects are not followed. A status of 200 to 299 is a success.

    Args:
        url: where to.
        body: JSON.
        headers: further headers.
        guard: decides on addresses.

    Raises:
        SendFailed: no attempt succeeded.
    """
    asyncio.run(_post_with_retries(url, body, headers, guard))


async def _post_with_retries(url: str, body: bytes, headers: Mapping[str, str], guard: AddressGuard) -> None:
    client = aiohttp.ClientSession(
        connector=guarded_connector(guard),
        trust_env=False,  # behind a proxy the guard would not see the address
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT, "Content-Type": "application/json; charset=utf-8"},
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
    )
    async with client:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await _post_once(client, url, body, headers, guard)
            except SendFailed as failure:
                if not failure.is_passing or attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(_pause_s(attempt, failure))
            else:
                return


async def _post_once(
    client: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str], guard: AddressGuard
) -> None:
    try:
        check_url(url)
        refusal = refusal_of(guard, url)
        if refusal is not None:
            raise refusal
        async with client.post(url, data=body, headers=dict(headers), allow_redirects=False) as response:
            _check_status(response)
    except FetchFailed as failure:
        raise SendFailed(str(failure)) from failure
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        fault = classify_error(error)
        is_closed = fault.reason in ("ssrf_blocked", "port_blocked", "bad_url")
        raise SendFailed(str(fault), is_passing=not is_closed) from error


def _check_status(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise SendFailed(f"HTTP {status}: a webhook that redirects is not followed")
    is_passing = status in _PASSING_STATUSES
    failure = SendFailed(
        f"HTTP {status}",
        is_passing=is_passing,
        is_of_message=not is_passing and status not in _SETUP_STATUSES,
    )
    failure.pause_s = parse_retry_after(response.headers.get("Retry-After"))
    raise failure


def _pause_s(attempt: int, failure: SendFailed) -> float:
    """Return the pause after an attempt: it doubles each time, and follows Retry-After up to two seconds."""
    backoff_s = _PAUSE_SECONDS * float(2 ** (attempt - 1)) * random.uniform(0.8, 1.2)
    return min(max(backoff_s, failure.pause_s or 0.0), _MAX_PAUSE_SECONDS)


# -- e-mail -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """A server that takes mail. ``security``: starttls, tls or none."""

    host: str
    port: int
    security: str
    user: str | None = None
    password: str | None = None


def send_mail(message: EmailMessage, server: MailServer, guard: AddressGuard) -> int:
    """Hand a message to a mail server; after a passing fault try again, three times in all.

    Args:
        message: the message, with its recipients in ``To``.
        server: the server.
        guard: decides on addresses.

    Returns:
        How many recipients the server refused while it took the message for others.

    Raises:
        SendFailed: no attempt succeeded, or the server refused all recipients.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return _send_once(message, server, guard)
        except SendFailed as failure:
            if not failure.is_passing:
                raise
            time.sleep(_pause_s(attempt, failure))
    return _send_once(message, server, guard)


def _send_once(message: EmailMessage, server: MailServer, guard: AddressGuard) -> int:
    try:
        smtp = _connect(server, guard)
        try:
            if server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.user is not None and server.password is not None:
                smtp.login(server.user, server.password)
            return len(smtp.send_message(message))
        finally:
            # The server has taken the message by now: a fault at the end must not send it again.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()
    except Blocked as error:
        raise SendFailed(str(error)) from None
    except smtplib.SMTPRecipientsRefused as error:
        code = next((code for code, _ in error.recipients.values()), 550)
        raise SendFailed(f"every recipient was refused ({code})", is_passing=_is_passing(code)) from None
    except smtplib.SMTPDataError as error:
        is_passing = _is_passing(error.smtp_code)
        text = f"the mail server refused the message ({error.smtp_code})"
        raise SendFailed(text, is_passing=is_passing, is_of_message=not is_passing) from None
    except smtplib.SMTPAuthenticationError as error:
        raise SendFailed(f"the mail server refused the login ({error.smtp_code})") from None
    except smtplib.SMTPResponseException as error:
        text = f"the mail server answered {error.smtp_code}"
        raise SendFailed(text, is_passing=_is_passing(error.smtp_code)) from None
    except smtplib.SMTPNotSupportedError:
        raise SendFailed("the mail server lacks what 'security' or the login needs") from None
    except ssl.SSLError as error:
        raise SendFailed(f"TLS to the mail server failed ({type(error).__name__})") from None
    except (smtplib.SMTPException, OSError) as error:
        text = f"no connection to the mail server ({type(error).__name__})"
        raise SendFailed(text, is_passing=True) from None


def _is_passing(code: int) -> bool:
    """Return whether an SMTP code means that a later attempt may succeed (RFC 5321, section 4.2.1)."""
    return 400 <= code < 500


def _connect(server: MailServer, guard: AddressGuard) -> smtplib.SMTP:
    if server.security == "tls":
        return _GuardedTLS(server, guard)
    return _GuardedSMTP(server, guard)


class _GuardedSMTP(smtplib.SMTP):
    """Connects only to addresses that the guard allows."""

    def __init__(self, server: MailServer, guard: AddressGuard) -> None:
        self._guard = guard
        # Without a name of our own, smtplib would ask a name server for it.
        name = socket.gethostname() or "localhost"
        super().__init__(server.host, server.port, name, timeout=TIMEOUT_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return guarded_socket(host, port, timeout, self._guard)


class _GuardedTLS(_GuardedSMTP):
    """The same over TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def guarded_socket(host: str, port: int, timeout_s: float, guard: AddressGuard) -> socket.socket:
    """Return a connection to the first address of a mail server that the guard allows and that answers.

    Raises:
        Blocked: the guard refuses all of them.
        OSError: no allowed address answers.
    """
    last: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        connection = None
        try:
            guard.check(host, str(address[0]), port, MAIL_PORTS)
            connection = socket.socket(family, kind, protocol)
            connection.settimeout(timeout_s)
            connection.connect(address)
        except OSError as error:
            if connection is not None:
                connection.close()
            # That an address does not answer says more than that the guard refused another one.
            if last is None or not isinstance(error, Blocked):
                last = error
        else:
            return connection
    raise last or OSError("the name has no address")
