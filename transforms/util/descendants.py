"""The processes that this one started, and those that they started."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_TRACKER = "multiprocessing.resource_tracker"
"""Python's helper that removes semaphores which others leave. It ends by itself after the last of them."""


def kill_descendants() -> None:
    """Kill every process below this one. They may be deep in a parser and hear no other signal."""
    children: dict[int, list[int]] = {}
    spared = set()
    for pid, parent, command in _processes():
        children.setdefault(parent, []).append(pid)
        if _TRACKER in command:
            spared.add(pid)
    below = children.get(os.getpid(), [])
    for pid in below:
        below.extend(children.get(pid, []))
    for pid in below:
        if pid not in spared:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _processes() -> Iterator[tuple[int, int, str]]:
    """Yield the id, the parent's id and the command of each process."""
    folders = [entry for entry in Path("/proc").glob("[0-9]*") if entry.name.isdigit()]
    for folder in folders:
        with suppress(OSError, ValueError, IndexError):
            # The name of the program stands in brackets and may hold anything.
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            yield int(folder.name), parent, (folder / "cmdline").read_bytes().decode(errors="replace")
    if not folders:  # not Linux
        listing = ["/bin/ps", "-A", "-o", "pid=,ppid=,args="]
        lines = subprocess.run(listing, capture_output=True, check=False)  # noqa: S603  ours
        for line in lines.stdout.decode(errors="replace").splitlines():
            pid, number, *command = line.split(maxsplit=2)
            yield int(pid), int(number), "".join(command)
