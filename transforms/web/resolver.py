"""Name resolution that keeps only the addresses that the guard allows."""

import socket
from collections.abc import Iterable

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from transforms.web.guard import AddressGuard, Blocked


class GuardedResolver(AbstractResolver):
    """Resolves names and removes addresses that the guard refuses.

    A name with a public and a private address therefore connects to the public one.
    """

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._resolver: ThreadedResolver | None = None
        self._name_by_address: dict[str, str] = {}

    def name_of(self, address: str) -> str:
        """Return the name that resolved to this address, else the address itself."""
        return self._name_by_address.get(address, address)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name that the client may connect to.

        Raises:
            Blocked: the guard refuses all of them.
        """
        if self._resolver is None:
            self._resolver = ThreadedResolver()
        resolved = await self._resolver.resolve(host, port, family)
        allowed = keep_allowed_addresses(self._guard, host, port, resolved)
        self._name_by_address.update((result["host"], host) for result in allowed)
        return allowed

    async def close(self) -> None:
        """Close the inner resolver."""
        if self._resolver is not None:
            await self._resolver.close()


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
