"""What is sent obeys the guard, and a message goes over TLS only to the server that it is meant for."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from receivers import HookReceiver, receiving_hooks, receiving_mail

from transforms.web import outbox
from transforms.web.guard import AddressGuard, Blocked
from transforms.web.outbox import MailServer, SendFailed, guarded_socket, post, send_mail

ALLOWED, NOTHING = AddressGuard.of(["127.0.0.1", "localhost"]), AddressGuard()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(outbox, "_MAX_PAUSE_SECONDS", 0.002)


@pytest.fixture
def hooks() -> Iterator[HookReceiver]:
    with receiving_hooks() as receiver:
        yield receiver


def a_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@desk.example", "b@desk.example", "Kharkiv"
    mail.set_content("text\n.\n.dot\n")
    return mail


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name have these addresses."""

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


# -- webhooks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/", "http://127.1:{port}/", "http://0.0.0.0:{port}/", "http://169.254.169.254/",
        "http://10.0.0.1/", "http://192.168.0.1/", "http://[::1]:{port}/", "ftp://127.0.0.1/", "http:///x",
    ],
)  # fmt: skip
def test_a_webhook_to_a_private_address_is_not_sent(hooks: HookReceiver, url: str) -> None:
    port = hooks.url.rpartition(":")[2].partition("/")[0]
    with pytest.raises(SendFailed) as failed:
        post(url.format(port=port), b"{}", {}, NOTHING)
    assert not failed.value.is_of_message
    assert hooks.hooks == []


def test_a_name_that_resolves_to_a_private_address_is_refused(
    hooks: HookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, "127.0.0.1")
    port = hooks.url.rpartition(":")[2].partition("/")[0]
    with pytest.raises(SendFailed, match="ssrf_blocked"):
        post(f"http://hooks.example:{port}/", b"{}", {}, NOTHING)
    assert hooks.hooks == []


def test_a_redirect_is_not_followed(hooks: HookReceiver) -> None:
    paths = []
    hooks.headers = {"Location": "/other"}
    hooks.answer = lambda hook: paths.append(hook.path) or 307  # type: ignore[func-returns-value]
    with pytest.raises(SendFailed, match="HTTP 307"):
        post(hooks.url, b"{}", {}, ALLOWED)
    assert paths == ["/hook"]


@pytest.mark.parametrize(
    ("status", "is_passing", "is_of_message"),
    [(500, True, False), (503, True, False), (429, True, False), (408, True, False), (400, False, True), (413, False, True),
     (422, False, True), (409, False, True), (401, False, False), (404, False, False), (410, False, False), (302, False, False)],
)  # fmt: skip
def test_what_a_status_means(hooks: HookReceiver, status: int, is_passing: bool, is_of_message: bool) -> None:
    hooks.answer = lambda hook: status
    with pytest.raises(SendFailed) as failed:
        post(hooks.url, b"{}", {}, ALLOWED)
    assert (failed.value.is_passing, failed.value.is_of_message) == (is_passing, is_of_message)


def test_no_answer_is_a_passing_fault_and_its_line_has_no_address() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(SendFailed) as failed:
        post(f"http://127.0.0.1:{port}/t0ken", b"{}", {}, ALLOWED)
    assert failed.value.is_passing
    assert "t0ken" not in str(failed.value)


# -- mail ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("addresses", "port", "guard", "reason"),
    [
        (["127.0.0.1"], 25, NOTHING, "ssrf_blocked"),
        (["10.0.0.5"], 587, NOTHING, "ssrf_blocked"),
        (["::1"], 25, NOTHING, "ssrf_blocked"),
        (["169.254.169.254", "192.168.1.1"], 465, NOTHING, "ssrf_blocked"),
        (["93.184.216.34"], 22, NOTHING, "port_blocked"),
        (["93.184.216.34"], 80, NOTHING, "port_blocked"),
        (["127.0.0.1"], 26, AddressGuard.of(["mail.example:25"]), "ssrf_blocked"),
    ],
)
def test_a_mail_server_at_a_closed_address_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str], port: int, guard: AddressGuard, reason: str
) -> None:
    resolve_to(monkeypatch, *addresses)
    with pytest.raises(Blocked, match=reason):
        guarded_socket("mail.example", port, 0.1, guard)


def test_a_mail_is_taken_with_its_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving_mail() as receiver:
        assert send_mail(a_mail(), MailServer("127.0.0.1", receiver.port, "none"), ALLOWED) == 0
    assert receiver.mails[0].get_content().splitlines() == ["text", ".", ".dot"]


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Return an authority that this process trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


def a_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.parametrize(("security", "greets_by_tls"), [("starttls", False), ("tls", True)])
def test_a_mail_goes_over_tls(authority: trustme.CA, security: str, greets_by_tls: bool) -> None:
    with receiving_mail(a_context(authority, "localhost"), greets_by_tls=greets_by_tls) as receiver:
        server = MailServer("localhost", receiver.port, security, "desk", "pw")
        assert send_mail(a_mail(), server, ALLOWED) == 0
    assert (len(receiver.mails), receiver.logins) == (1, ["AGRlc2sAcHc="])


@pytest.mark.parametrize(("security", "greets_by_tls"), [("starttls", False), ("tls", True)])
@pytest.mark.parametrize("fault", ["another name", "another authority"])
def test_a_server_with_a_wrong_certificate_gets_neither_mail_nor_password(
    authority: trustme.CA, security: str, greets_by_tls: bool, fault: str
) -> None:
    issuer = authority if fault == "another name" else trustme.CA()
    context = a_context(issuer, "other.example" if fault == "another name" else "localhost")
    with receiving_mail(context, greets_by_tls=greets_by_tls) as receiver:
        server = MailServer("localhost", receiver.port, security, "desk", "pw")
        with pytest.raises(SendFailed, match="TLS to the mail server failed"):
            send_mail(a_mail(), server, ALLOWED)
    assert (receiver.mails, receiver.logins) == ([], [])
