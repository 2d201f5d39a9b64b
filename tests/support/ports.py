"""Free ports of loopback."""

from __future__ import annotations

import random
import socket
from contextlib import suppress
from pathlib import Path

_EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_DEFAULT_FIRST_EPHEMERAL_PORT = 32_768


def free_port() -> int:
    """Return a free port of loopback below the ephemeral range.

    The system gives ephemeral ports to any process that binds port 0 or connects, so another process could
    take such a port before ours listens on it. Once, a task manager of Flink had got the port that was chosen
    for the REST interface of the job manager.

    Raises:
        OSError: none of 100 ports was free.
    """
    first = _DEFAULT_FIRST_EPHEMERAL_PORT
    if _EPHEMERAL_RANGE.exists():
        first = int(_EPHEMERAL_RANGE.read_text().split()[0])
    for port in random.sample(range(first // 2, first), 100):
        with socket.socket() as sock, suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")
