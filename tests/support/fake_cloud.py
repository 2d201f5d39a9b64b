"""A fake of Google's Dataflow, Cloud Storage and token service on loopback, which records its requests."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import google_crc32c
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


class FakeCloud:
    """The fake services.

    ``requests``: method and path of each request, in order. ``objects``: content by bucket and path.
    ``jobs``: the jobs that were submitted. ``uploads``: resumable uploads by their id: the name and the
    content so far. ``is_open``: requests need no token. ``refuses_to_delete``: there is no
    permission to delete objects.
    """

    def __init__(self, *, is_open: bool = False) -> None:
        self.is_open = is_open
        self.refuses_to_delete = False
        self.lock = threading.Lock()
        self.requests: list[str] = []
        self.objects: dict[str, bytes] = {}
        self.jobs: list[dict[str, Any]] = []
        self.uploads: dict[str, tuple[str, bytearray]] = {}

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        """Return the status, the content (bytes, or a value for JSON) and more headers."""
        url = urlsplit(target)
        path, query = unquote(url.path), {k: v[0] for k, v in parse_qs(url.query).items()}
        with self.lock:
            self.requests.append(f"{method} {path}")
            if path == "/token":
                return 200, {"access_token": "a-token", "expires_in": 3600, "token_type": "Bearer"}, {}
            if not self.is_open and headers.get("authorization") != "Bearer a-token":
                return 401, {"error": {"code": 401, "message": "no token"}}, {}
            if path.startswith("/v1b3/"):
                return self._dataflow(method, path, body)
            if path == "/batch/storage/v1":
                return self._batch(headers, body)
            return self._storage(method, path, query, headers, body)

    def _batch(self, headers: dict[str, str], body: bytes) -> tuple[int, Any, dict[str, str]]:
        """Answer several requests that are sent as one."""
        whole = message_from_bytes(b"Content-Type: " + headers["content-type"].encode() + b"\r\n\r\n" + body)
        answers = []
        for part in whole.get_payload():
            lines = part.get_payload(decode=True).splitlines()
            method, target, _ = lines[0].decode().split(" ")
            url = urlsplit(target)
            self.requests.append(f"{method} {unquote(url.path)}")
            status, answer, _ = self._storage(method, unquote(url.path), {}, {}, b"")
            answers.append(
                f"--answers\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {status} -\r\n"
                f"Content-Type: application/json\r\n\r\n{json.dumps(answer)}\r\n"
            )
        text = "".join(answers) + "--answers--\r\n"
        return 200, text.encode(), {"Content-Type": "multipart/mixed; boundary=answers"}

    def _dataflow(self, method: str, path: str, body: bytes) -> tuple[int, Any, dict[str, str]]:
        if method == "POST" and re.fullmatch(r"/v1b3/projects/[^/]+/locations/[^/]+/jobs", path):
            job = json.loads(body)
            self.jobs.append(job)
            return 200, {**{k: job[k] for k in ("name", "type") if k in job}, "id": f"job-{len(self.jobs)}",
                         "projectId": "a-project", "location": "europe-west1", "currentState": "JOB_STATE_PENDING"}, {}  # fmt: skip
        return 404, {"error": {"code": 404, "message": path}}, {}

    def _storage(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        if match := re.fullmatch(r"/storage/v1/b/([^/]+)", path):
            bucket = {"kind": "storage#bucket", "name": match[1], "location": "EU", "projectNumber": "1"}
            return 200, {**bucket, "softDeletePolicy": {"retentionDurationSeconds": "0"}}, {}
        if match := re.fullmatch(r"/upload/storage/v1/b/([^/]+)/o", path):
            return self._upload(method, match[1], query, headers, body)
        if match := re.fullmatch(r"/storage/v1/b/([^/]+)/o/(.+)/copyTo/b/([^/]+)/o/(.+)", path):
            name, copy = f"{match[1]}/{match[2]}", f"{match[3]}/{match[4]}"
            self.objects[copy] = self.objects[name]
            return 200, self._described(copy), {}
        if match := re.fullmatch(r"(?:/download)?/storage/v1/b/([^/]+)/o/(.+)", path):
            name = f"{match[1]}/{match[2]}"
            if name not in self.objects:
                return 404, {"error": {"code": 404, "message": f"no {name}"}}, {}
            if method == "DELETE":
                if self.refuses_to_delete:
                    return 403, {"error": {"code": 403, "message": "no permission"}}, {}
                del self.objects[name]
                return 204, {}, {}
            if query.get("alt") == "media":
                return 200, self.objects[name], {}
            return 200, self._described(name), {}
        if match := re.fullmatch(r"/storage/v1/b/([^/]+)/o", path):
            start = f"{match[1]}/{query.get('prefix', '')}"
            return (
                200,
                {
                    "kind": "storage#objects",
                    "items": [self._described(n) for n in self.objects if n.startswith(start)],
                },
                {},
            )
        return 404, {"error": {"code": 404, "message": path}}, {}

    def _upload(
        self, method: str, bucket: str, query: dict[str, str], headers: dict[str, str], body: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        if query.get("uploadType") == "multipart":
            whole = message_from_bytes(
                b"Content-Type: " + headers["content-type"].encode() + b"\r\n\r\n" + body
            )
            described, content = whole.get_payload()
            name = f"{bucket}/{json.loads(described.get_payload())['name']}"
            self.objects[name] = content.get_payload(decode=True)
            return 200, self._described(name), {}
        if method == "POST":
            key = str(len(self.uploads))
            name = query.get("name") or json.loads(body)["name"]
            self.uploads[key] = f"{bucket}/{name}", bytearray()
            return (
                200,
                {},
                {
                    "Location": f"http://{headers['host']}/upload/storage/v1/b/{bucket}/o?uploadType=resumable&upload_id={key}"
                },
            )
        name, content = self.uploads[query["upload_id"]]
        content.extend(body)
        if headers.get("content-range", "").endswith("/*"):
            return 308, b"", {"Range": f"bytes=0-{len(content) - 1}"}
        self.objects[name] = bytes(content)
        return 200, self._described(name), {}

    def _described(self, name: str) -> dict[str, Any]:
        bucket, _, path = name.partition("/")
        content = self.objects[name]
        return {
            "md5Hash": base64.b64encode(hashlib.md5(content).digest()).decode(),
            "crc32c": base64.b64encode(google_crc32c.Checksum(content).digest()).decode(),
            "kind": "storage#object", "name": path, "bucket": bucket, "size": str(len(content)), "generation": "1",
            "metageneration": "1", "updated": "2025-04-04T00:00:00.000Z", "timeCreated": "2025-04-04T00:00:00.000Z",
        }  # fmt: skip


@contextmanager
def cloud(port: int, *, is_open: bool = False) -> Iterator[FakeCloud]:
    """Serve a fake cloud on a port of loopback until the end of the block."""
    fake = FakeCloud(is_open=is_open)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self._body(headers)
            status, content, extra = fake.answer(self.command, self.path, headers, body)
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            kind = "application/octet-stream" if isinstance(content, bytes) else "application/json"
            for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **extra}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def _body(self, headers: dict[str, str]) -> bytes:
            if headers.get("transfer-encoding") != "chunked":
                return self.rfile.read(int(headers.get("content-length", 0)))
            found = b""
            while size := int(self.rfile.readline(), 16):
                found += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return found

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def service_account(folder: Path, port: int) -> Path:
    """Write a key file of a service account that gets its tokens from the fake cloud, and return its path."""
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    key = private_key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    path = folder / "key.json"
    path.write_text(json.dumps({
        "type": "service_account", "project_id": "a-project", "private_key_id": "1", "private_key": key,
        "client_email": "launcher@a-project.iam.gserviceaccount.com", "client_id": "1",
        "token_uri": f"http://127.0.0.1:{port}/token",
    }))  # fmt: skip
    return path
