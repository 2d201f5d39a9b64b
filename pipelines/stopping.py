"""What Ctrl-C and SIGTERM do to a command.

A run may be stopped at any moment: its rows are written in one transaction, and the next run does its work.
So Ctrl-C does not wait for a run to end. It says so, gives what is open a moment to close, and ends the
process with all its workers. SIGTERM does the same, except to ``run --every``, which finishes the present run
first. A second signal does not wait for that.
"""

import _thread
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from transforms.util.descendants import kill_descendants

FAILED = 1
GRACE_SECONDS = 0.5
"""How long a stopped command may release a lease and delete its files before it is ended."""
_WORDS = {signal.SIGINT: "stopped", signal.SIGTERM: "terminated", signal.SIGHUP: "the terminal was closed"}


class Stop:
    """Whether and how this process was asked to stop.

    A thread listens. Python runs the handlers of signals in the main thread, which may be in one long call of
    the model or of DuckDB.
    """

    def __init__(self) -> None:
        self.is_asked = threading.Event()
        """Set when a command that drains should begin no further run."""
        self._drains = False
        self._is_interrupted = False
        self._is_told = threading.Event()
        self._status = FAILED

    @contextmanager
    def draining(self) -> Iterator[threading.Event]:
        """Let the first SIGTERM only set the event that is yielded, until the end of the block."""
        self._drains = True
        try:
            yield self.is_asked
        finally:
            self._drains = False

    def listen(self) -> None:
        """Listen to signals from now on.

        A signal that the caller of this process ignores, as nohup does, stays ignored.
        """
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        for number in _WORDS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._unwind if number == signal.SIGINT else lambda *_: None)
        signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, args=(reader,), daemon=True).start()

    def end_if_told(self) -> None:
        """End the process here if a signal told it to stop.

        The main thread may know of Ctrl-C a moment before the listener has said so. It waits for that line.
        """
        if self._is_told.wait(GRACE_SECONDS if self._is_interrupted else 0):
            end_now(self._status)

    def _unwind(self, *_: object) -> NoReturn:
        """Leave all that the main thread is doing. No step takes this for an error of its own."""
        self._is_interrupted = True
        raise SystemExit(128 + signal.SIGINT)

    def _listen(self, reader: socket.socket) -> None:
        """Receive one signal after the other, and end the process some time after it was told to stop."""
        while True:
            try:
                received = reader.recv(64)
            except TimeoutError:
                end_now(self._status)
            for byte in received:
                if byte in set(_WORDS):
                    self._receive(signal.Signals(byte))
            if self._is_told.is_set():
                reader.settimeout(GRACE_SECONDS)

    def _receive(self, number: signal.Signals) -> None:
        if number != signal.SIGINT and self._drains and not self.is_asked.is_set():
            _say(f"{_WORDS[number]}: finishing the present run; a second signal stops it")
            self.is_asked.set()
            return
        if self._is_told.is_set():
            end_now(self._status)
        _say(_WORDS[number])
        self._status = 128 + number
        self._is_told.set()
        if number != signal.SIGINT:
            _thread.interrupt_main()


def _say(message: str) -> None:
    """Print a line without any lock, which the interrupted main thread may hold."""
    clear = "\r\x1b[2K" if os.isatty(2) else ""  # a line that shows progress
    with suppress(OSError):
        os.write(2, f"{clear}strikeledger: {message}\n".encode())


def end_now(status: int) -> NoReturn:
    """End this process and all that it started. Nothing more is written or waited for: the main thread may
    be waiting for a reader of its output."""
    kill_descendants()
    os._exit(status)


STOP = Stop()
