"""The audit looks for vulnerabilities, and says loudly where it cannot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from ports import free_port

from deploy.audit import audit

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def service() -> Iterator[str]:
    """Serve nothing but 404s on loopback, as a service that is there."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    """Return a command that stands for pip-audit: it writes its arguments down and finds a vulnerability."""
    path = tmp_path / "pip-audit"
    path.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\nexit 1\n')
    path.chmod(0o755)
    return path


def test_a_vulnerability_fails_the_audit(tool: Path, tmp_path: Path, service: str, capfd: Captured) -> None:
    assert audit(str(tool), tmp_path, service) == 1
    assert f"--path {tmp_path}" in (tmp_path / "arguments").read_text()
    assert "SKIPPED" not in capfd.readouterr().err


@pytest.mark.parametrize("is_on_github", [True, False])
def test_an_audit_that_cannot_look_says_so(
    is_on_github: bool, tool: Path, tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_on_github:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
    else:
        monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert audit(str(tool), tmp_path, f"http://127.0.0.1:{free_port()}") == 0
    captured = capfd.readouterr()
    assert "AUDIT SKIPPED" in captured.err
    assert ("::warning" in captured.out) is is_on_github
    assert not (tmp_path / "arguments").exists()
