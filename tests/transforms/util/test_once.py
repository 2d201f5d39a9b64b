"""Threads that ask at once get one thing."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

from transforms.util.once import once


def test_threads_that_ask_first_at_once_get_one_thing() -> None:
    made: list[str] = []
    together = Barrier(4)

    @once
    def make(name: str) -> object:
        made.append(name)
        time.sleep(0.05)
        return object()

    def ask(name: str) -> object:
        together.wait()
        return make(name)

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(ask, ["a", "a", "a", "b"]))
    assert sorted(made) == ["a", "b"]
    assert len(set(found[:3])) == 1
    assert found[3] is not found[0]
    assert make("a") is found[0]


def test_what_fails_is_tried_again() -> None:
    tries: list[int] = []

    @once
    def make() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OSError
        return len(tries)

    with suppress(OSError):
        make()
    assert (make(), make()) == (2, 2)
