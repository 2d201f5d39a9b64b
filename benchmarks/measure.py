"""Measures a command with all processes that it starts: wall time, CPU time and memory. Linux only."""

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

_PR_SET_CHILD_SUBREAPER = 36  # of sys/prctl.h
SAMPLE_INTERVAL_S = 1.0
BYTES_PER_MIB = 2**20
MAX_ERROR_CHARACTERS = 3000


@dataclass(frozen=True, slots=True)
class Measurement:
    """The cost of a command with all its processes.

    ``wall_s`` and ``cpu_s`` are seconds. ``peak_mib`` is the highest sum of proportional set sizes in MiB:
    memory that several processes share is counted once. ``peak_rss_mib`` is the highest sum of resident set
    sizes, which counts it in each process. ``output`` is what the command printed.
    """

    wall_s: float
    cpu_s: float
    peak_mib: float
    peak_rss_mib: float
    output: str


@dataclass
class _Peaks:
    """The highest sums of memory over all processes so far, MiB."""

    pss: float = 0.0
    rss: float = 0.0


def measure_command(command: Sequence[str], **options: Any) -> Measurement:
    """Run a command to its end. ``options`` are those of ``subprocess.Popen``.

    A helper process (``main``) adopts processes that outlive the command and waits for them, so their CPU
    time counts as well.

    Raises:
        RuntimeError: the command failed.
    """
    helper = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.measure", *command], stdout=subprocess.PIPE, text=True, **options
    )
    peaks = _Peaks()
    has_ended = threading.Event()
    watch = threading.Thread(target=_watch_memory, args=(helper.pid, peaks, has_ended))
    watch.start()
    output, _ = helper.communicate()
    has_ended.set()
    watch.join()
    *lines, last = output.rstrip("\n").split("\n")
    if helper.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit {helper.returncode}\n{output[-MAX_ERROR_CHARACTERS:]}")
    times = json.loads(last)
    return Measurement(times["wall_s"], times["cpu_s"], peaks.pss, peaks.rss, "\n".join(lines))


def _watch_memory(pid: int, peaks: _Peaks, has_ended: threading.Event) -> None:
    root = psutil.Process(pid)
    while not has_ended.wait(SAMPLE_INTERVAL_S):
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
        peaks.pss = max(peaks.pss, pss / BYTES_PER_MIB)
        peaks.rss = max(peaks.rss, rss / BYTES_PER_MIB)


def main() -> int:
    """Run the command of the arguments, wait for all its processes, and print their times as JSON."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.perf_counter()
    status = subprocess.call(sys.argv[1:])
    wall_s = time.perf_counter() - began
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"wall_s": wall_s, "cpu_s": used.ru_utime + used.ru_stime}), flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
