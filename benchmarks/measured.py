"""Running a command and all that it starts, and what it took: wall and CPU time, and memory."""

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil

_PR_SET_CHILD_SUBREAPER = 36
_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took, its processes together: seconds, CPU seconds, and the highest sum of resident
    memory, in MiB: as the system shares it out (``peak_mib``), and with what is shared counted in each
    (``peak_rss_mib``)."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    peak_rss_mib: float
    output: str


def measured(command: Sequence[str], **more: Any) -> Measured:
    """Run a command to its end; Linux only.

    Processes that its processes leave behind count as well: a helper adopts them, and waits for them.

    Raises:
        RuntimeError: it failed.
    """
    helper = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.measured", *command], stdout=subprocess.PIPE, text=True, **more
    )
    peaks = [0.0, 0.0]
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(helper.pid, peaks, over))
    watch.start()
    output, _ = helper.communicate()
    over.set()
    watch.join()
    *lines, last = output.rstrip("\n").split("\n")
    if helper.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit {helper.returncode}\n{output[-3000:]}")
    taken = json.loads(last)
    return Measured(taken["wall_s"], taken["cpu_s"], peaks[0], peaks[1], "\n".join(lines))


def _watch(pid: int, peaks: list[float], over: threading.Event) -> None:
    root = psutil.Process(pid)
    while not over.wait(_EVERY_S):
        rss = pss = 0.0
        try:
            for process in root.children(recursive=True):
                try:
                    memory = process.memory_full_info()
                except psutil.Error:
                    continue
                rss, pss = rss + memory.rss, pss + memory.pss
        except psutil.NoSuchProcess:
            return
        peaks[0], peaks[1] = max(peaks[0], pss / 2**20), max(peaks[1], rss / 2**20)


def main() -> int:
    """Run the command of the arguments, wait for all that it leaves, and print what they took."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.perf_counter()
    code = subprocess.call(sys.argv[1:])
    wall = time.perf_counter() - began
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime}), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
