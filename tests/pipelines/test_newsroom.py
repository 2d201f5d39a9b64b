"""The sample's news sites write nothing where a reader breaks off, and do write their own faults."""

from __future__ import annotations

import socket
import struct
import time
from urllib.parse import urlsplit

import pytest
from newsroom import Newsroom, serving
from sample_records import a_newsroom_article


def ask_and_reset(base: str) -> None:
    """Read the start of an answer, then reset the connection while the server waits for the next request."""
    address = urlsplit(base)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(b"GET /feeds.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        connection.recv(10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_reset_connection_leaves_no_line(capfd: pytest.CaptureFixture[str]) -> None:
    with serving(Newsroom([a_newsroom_article(3, 1, 8)])) as base:
        for _ in range(20):
            ask_and_reset(base)
        time.sleep(0.3)
    assert capfd.readouterr().err == ""


def test_a_fault_of_its_own_is_written(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Newsroom([a_newsroom_article(3, 1, 8)])
    monkeypatch.delattr(room, "requests")
    with serving(room) as base:
        ask_and_reset(base)
        time.sleep(0.3)
    assert "AttributeError" in capfd.readouterr().err
