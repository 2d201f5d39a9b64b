"""Name resolution that keeps only the addresses that the guard allows."""

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from transforms.util.errors import FetchFailed
from transforms.web.guard import AddressGuard, Blocked

LOOK_UP_THREADS = 256
"""Names that are resolved at the same time. A look-up cannot be cancelled, so a name server that hangs holds
a thread for each name; with few threads it would hold them all. An idle thread costs almost nothing."""
_REMEMBERED_SECONDS = 60.0


@dataclass(slots=True)
class _LookUp:
    """A look-up that runs. ``started``: set once it has a thread."""

    started: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[list[ResolveResult]] | None" = None


class GuardedResolver(AbstractResolver):
    """Resolves names and removes addresses that the guard refuses.

    A name with a public and a private address therefore connects to the public one.

    Args:
        guard: decides on addresses.
        limit_s: seconds that one look-up may take, once it has a thread.
    """

    def __init__(self, guard: AddressGuard, limit_s: float) -> None:
        self._guard = guard
        self._limit_s = limit_s
        self._resolver: ThreadedResolver | None = None
        self._name_by_address: dict[str, str] = {}
        self._threads = asyncio.Semaphore(LOOK_UP_THREADS)
        self._running: dict[str, _LookUp] = {}
        self._known: dict[str, tuple[float, list[ResolveResult]]] = {}

    def name_of(self, address: str) -> str:
        """Return the name that resolved to this address, else the address itself."""
        return self._name_by_address.get(address, address)

    async def look_up(self, host: str) -> None:
        """Resolve a name before a connection is asked for; ``resolve`` then finds it without waiting.

        Waiting for a thread costs no request its time: the limit begins when the look-up has one.

        Raises:
            FetchFailed: ``dns_error``; the name does not resolve, or not in time.
        """
        try:
            await self._addresses_of(host)
        except TimeoutError:
            raise FetchFailed("dns_error", f"no answer of the name server in {self._limit_s:g} s") from None
        except UnicodeError:
            return  # no host name at all: the client says what is wrong with it
        except OSError as error:
            raise FetchFailed("dns_error", f"the name does not resolve ({type(error).__name__})") from error

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name that the client may connect to.

        Raises:
            Blocked: the guard refuses all of them.
        """
        resolved = [ResolveResult(**{**found, "port": port}) for found in await self._addresses_of(host)]
        allowed = keep_allowed_addresses(self._guard, host, port, resolved)
        self._name_by_address.update((result["host"], host) for result in allowed)
        return allowed

    async def _addresses_of(self, host: str) -> list[ResolveResult]:
        until, addresses = self._known.get(host, (0.0, []))
        if asyncio.get_running_loop().time() < until:
            return addresses
        running = self._running.get(host)
        if running is None:
            running = self._running[host] = _LookUp()
            running.task = asyncio.create_task(self._run(host, running))
            running.task.add_done_callback(_take_error)
        await running.started.wait()
        assert running.task is not None
        # Shielded: the thread goes on after the limit, and other requests wait for the same name.
        return await asyncio.wait_for(asyncio.shield(running.task), self._limit_s)

    async def _run(self, host: str, running: _LookUp) -> list[ResolveResult]:
        try:
            async with self._threads:
                running.started.set()
                if self._resolver is None:
                    self._resolver = ThreadedResolver()
                found = await self._resolver.resolve(host, 0, socket.AF_UNSPEC)
            self._known[host] = asyncio.get_running_loop().time() + _REMEMBERED_SECONDS, found
            return found
        finally:
            running.started.set()
            del self._running[host]

    async def close(self) -> None:
        """Close the inner resolver."""
        for running in list(self._running.values()):
            if running.task is not None:
                running.task.cancel()
        if self._resolver is not None:
            await self._resolver.close()


def _take_error(task: "asyncio.Task[list[ResolveResult]]") -> None:
    """Take the error of a look-up that nobody waits for any more; asyncio would print it."""
    if not task.cancelled():
        task.exception()


def keep_allowed_addresses(
    guard: AddressGuard, host: str, port: int, resolved: Iterable[ResolveResult]
) -> list[ResolveResult]:
    """Return the addresses of a name that the guard allows.

    Raises:
        Blocked: the guard refuses all of them; the error is the one of the last address.
    """
    allowed, refusal = [], None
    for result in resolved:
        try:
            guard.check(host, result["host"], port)
        except Blocked as error:
            refusal = error
        else:
            allowed.append(result)
    if not allowed and refusal is not None:
        raise refusal
    return allowed
