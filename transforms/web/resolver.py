"""Names to addresses that the guard passes."""

import socket
from collections.abc import Iterable

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from transforms.web.guard import AddressGuard, Blocked


class GuardedResolver(AbstractResolver):
    """Leaves only the addresses that the guard passes: a name with a public and a private one
    connects to the public one."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._inner: ThreadedResolver | None = None
        self._names: dict[str, str] = {}

    def name_of(self, address: str) -> str:
        """Return the allowed name that resolved to this address, else the address itself."""
        return self._names.get(address, address)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name that may be connected to."""
        if self._inner is None:
            self._inner = ThreadedResolver()
        found = await self._inner.resolve(host, port, family)
        passed = passing(self._guard, host, port, found)
        self._names.update((address["host"], host) for address in passed)
        return passed

    async def close(self) -> None:
        """Close the resolver behind it."""
        if self._inner is not None:
            await self._inner.close()


def passing(guard: AddressGuard, host: str, port: int, found: Iterable[ResolveResult]) -> list[ResolveResult]:
    """Return the addresses of a name that the guard passes.

    Raises:
        Blocked: it passes none.
    """
    passed, refused = [], None
    for address in found:
        try:
            guard.check(host, address["host"], port)
        except Blocked as error:
            refused = error
        else:
            passed.append(address)
    if not passed and refused is not None:
        raise refused
    return passed
