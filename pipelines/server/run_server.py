"""Run the server until a signal ends it."""

import socket
import threading
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from transforms.util.errors import UserError

_MAX_CONNECTIONS = 500
_IDLE_SECONDS = 15
_LOOK_SECONDS = 0.1
"""How soon a signal is noticed."""
_END_SECONDS = 0.2
"""How long answers that are under way may take when the server ends: less than the command line waits."""


class AddressInvalid(UserError):
    """The server cannot listen at the address."""


@dataclass(frozen=True, slots=True)
class BoundSocket:
    """A port that is taken, and the address at which readers find it."""

    socket: socket.socket
    address: str


def bind(host: str, port: int) -> BoundSocket:
    """Take a port, before anything else takes time. Port 0 is any that is free.

    Raises:
        AddressInvalid: it is in use, or not this machine's.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(where)
        except OSError:
            made.close()
            raise
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressInvalid(f"can't serve at {host}:{port}: {reason}") from None
    name = f"[{host}]" if ":" in host else host
    return BoundSocket(made, f"http://{name}:{made.getsockname()[1]}/")


def make_server(app: ASGIApp, *, is_behind_proxy: bool = False) -> uvicorn.Server:
    """Return the server of an application, not yet running.

    Args:
        app: what answers.
        is_behind_proxy: believe the headers by which a proxy on this machine names the client.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=is_behind_proxy,
            forwarded_allow_ips="127.0.0.1,::1",
            timeout_keep_alive=_IDLE_SECONDS,
            limit_concurrency=_MAX_CONNECTIONS,
            timeout_graceful_shutdown=2,
            lifespan="off",
            ws="none",
        )
    )


def serve_until_stopped(server: uvicorn.Server, bound: BoundSocket) -> None:
    """Serve until a signal unwinds the main thread.

    The server runs in a thread of its own. A signal is raised in the main thread, where it could otherwise
    hit the server in the middle of an answer.
    """
    thread = threading.Thread(target=server.run, args=([bound.socket],), name="server", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_LOOK_SECONDS)
    finally:
        server.should_exit = True
        thread.join(_END_SECONDS)
