"""Receivers of alerts on loopback: an HTTP server for webhooks and an SMTP server that keeps what it is sent."""

from __future__ import annotations

import email
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


@dataclass
class Hook:
    """A webhook as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HookReceiver:
    """Keeps webhooks. ``answer`` returns the status for one; ``url`` is where they go."""

    url: str = ""
    hooks: list[Hook] = field(default_factory=list)
    answer: Callable[[Hook], int] = lambda hook: 204
    headers: dict[str, str] = field(default_factory=dict)


@contextmanager
def receiving_hooks() -> Iterator[HookReceiver]:
    """Serve on a free port of loopback while the block runs."""
    receiver = HookReceiver()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            hook = Hook(self.path, dict(self.headers.items()), body)
            status = receiver.answer(hook)
            if 200 <= status < 300:
                receiver.hooks.append(hook)
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailReceiver:
    """Keeps mail. ``refusals``: the answer to a command ("MAIL", "RCPT", "DATA", "BODY", "QUIT"), else it is taken.

    ``recipients``: all that were accepted. ``logins``: what AUTH PLAIN sent. ``tls``: with it the server offers
    STARTTLS. ``greets_by_tls``: it speaks TLS from the first byte.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    greets_by_tls: bool = False


class _MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    receiver: MailReceiver


class _MailHandler(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        receiver = cast(_MailServer, self.server).receiver
        if receiver.tls is not None and receiver.greets_by_tls and not self._encrypt(receiver.tls):
            return
        self.say("220 sink ESMTP")
        while raw := self.rfile.readline():
            line = raw.decode("utf-8", "replace").strip()
            verb = line[:4].upper()
            if verb == "EHLO":
                offer = "250-STARTTLS\r\n" if receiver.tls is not None and not receiver.greets_by_tls else ""
                self.say(f"250-sink\r\n{offer}250-AUTH PLAIN\r\n250 8BITMIME")
            elif verb == "STAR" and receiver.tls is not None:
                self.say("220 go on")
                if not self._encrypt(receiver.tls):
                    return
            elif verb == "AUTH":
                receiver.logins.append(line.split()[-1])
                self.say("235 fine")
            elif verb in receiver.refusals:
                self.say(receiver.refusals[verb])
            elif verb == "RCPT":
                refused = any(word in line for word in receiver.refusals.get("RCPT TO", "").split())
                if not refused:
                    receiver.recipients.append(line)
                self.say("550 no such user" if refused else "250 fine")
            elif verb == "DATA":
                self.say("354 go on")
                self._take(receiver)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def _encrypt(self, context: ssl.SSLContext) -> bool:
        """Go on in TLS; return False where the client refuses."""
        try:
            self.connection = context.wrap_socket(self.request, server_side=True)
        except OSError:
            return False
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)  # type: ignore[assignment]  # both write bytes
        return True

    def _take(self, receiver: MailReceiver) -> None:
        lines = []
        for raw in self.rfile:
            if raw.rstrip(b"\r\n") == b".":
                break
            lines.append(raw[1:] if raw.startswith(b"..") else raw)
        if "BODY" in receiver.refusals:
            self.say(receiver.refusals["BODY"])
            return
        mail: Any = email.message_from_bytes(b"".join(lines), policy=default)
        receiver.mails.append(mail)
        self.say("250 taken")


@contextmanager
def receiving_mail(
    tls: ssl.SSLContext | None = None, *, greets_by_tls: bool = False
) -> Iterator[MailReceiver]:
    """Take mail on a free port of loopback while the block runs."""
    server = _MailServer(("127.0.0.1", 0), _MailHandler)
    server.receiver = MailReceiver(port=server.server_address[1], tls=tls, greets_by_tls=greets_by_tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
