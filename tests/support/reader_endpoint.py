"""An endpoint of chat completions on loopback: it answers as a test says, and remembers what it was asked."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from transforms.nlp.second_reader.reader_settings import ReaderSettings
from transforms.web.completions import Endpoint

Request = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the endpoint sends: a status, headers, a body, after a delay in seconds."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


def completion(content: str | None, finish: str = "stop", **more: Any) -> Reply:
    """Return the completion with a text."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    return Reply(json.dumps({"choices": [choice], "usage": usage, **more}).encode())


def reports(*raw: Any) -> Reply:
    """Return the completion with raw reports."""
    return completion(json.dumps({"reports": list(raw)}))


def zipped(reply: Reply) -> Reply:
    """Return a reply in gzip."""
    return Reply(gzip.compress(reply.body), reply.status, {**reply.headers, "Content-Encoding": "gzip"})


def article_in(request: Request) -> dict[str, Any]:
    """Return the article that a request sends."""
    article: dict[str, Any] = json.loads(request["messages"][1]["content"])["article"]
    return article


def settings_for(base: str, **change: Any) -> ReaderSettings:
    """Return settings of a reader at an address, which is asked once and soon given up."""
    endpoint = {"timeout_s": 2.0, "connect_timeout_s": 1.0, "attempts": 1} | change.pop("endpoint", {})
    return ReaderSettings(Endpoint(base, **endpoint), "test-model", **{"scope": "gated", **change})


class ReaderEndpoint:
    """A server that answers by a function of the request. ``asked``: the requests; ``keys``: their API keys."""

    def __init__(self, reply: Callable[[Request], Reply]) -> None:
        self.reply = reply
        self.asked: list[Request] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.base = ""

    @property
    def headlines(self) -> list[str]:
        """Return the headlines of the articles asked about."""
        return [article_in(request)["headline"] for request in self.asked]


@contextmanager
def serving_reader(reply: Callable[[Request], Reply]) -> Iterator[ReaderEndpoint]:
    """Serve an endpoint while the block runs."""
    endpoint = ReaderEndpoint(reply)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.asked.append(request)
            endpoint.keys.append(self.headers.get("Authorization"))
            endpoint.paths.append(self.path)
            answer = endpoint.reply(request)
            time.sleep(answer.delay_s)
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in answer.headers:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
            except OSError:
                pass  # the client gave up
            self.close_connection = "Content-Length" in answer.headers

        do_GET = do_POST

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    endpoint.base = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
