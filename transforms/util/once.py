"""Things that a process makes once."""

from collections.abc import Callable
from functools import cache, wraps
from threading import RLock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def once(make: Callable[P, T]) -> Callable[P, T]:
    """Return a function that makes a thing for each set of arguments once, also where threads ask at once.

    With ``functools.cache`` alone two threads of a worker that ask first both make it: two models in
    memory, or two fetchers, which together ask a host twice as often as they may.
    """
    lock = RLock()
    remembered: Any = cache(make)

    @wraps(make)
    def get(*args: P.args, **names: P.kwargs) -> T:
        with lock:
            found: T = remembered(*args, **names)
            return found

    shown: Any = get
    shown.cache_info = remembered.cache_info
    return get
