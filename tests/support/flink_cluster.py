"""A Flink cluster on loopback: a job manager, task managers, Beam's job server, and a pool of Python workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from ports import free_port

JARS = Path(os.environ.get("STRIKELEDGER_FLINK", "")).absolute()
START_TIMEOUT_S = 90
# The flags that Flink's own start script gives a JVM of version 17.
_EXPORTS = ("java.base/sun.net.util", "java.rmi/sun.rmi.registry", "java.security.jgss/sun.security.krb5")
_OPENS = (
    "lang", "net", "io", "nio", "lang.reflect", "text", "time", "util", "util.concurrent",
    "util.concurrent.atomic", "util.concurrent.locks",
)  # fmt: skip
_JVM_FLAGS = [
    "-XX:+UseSerialGC",
    *(f"--add-exports={name}=ALL-UNNAMED" for name in _EXPORTS),
    *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in _OPENS),
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
]
_MIB = 1024 * 1024
_TASK_MANAGER_HEAP_MIB, _JOB_MANAGER_HEAP_MIB = 1536, 640
_TASK_MANAGER_MEMORY_MIB = {
    "task.heap.size": 1408, "task.off-heap.size": 0, "network.min": 256, "network.max": 256, "managed.size": 512,
    "framework.heap.size": 128, "framework.off-heap.size": 128, "jvm-metaspace.size": 256,
    "jvm-overhead.min": 192, "jvm-overhead.max": 192,
}  # fmt: skip
_CONFIG = """\
jobmanager: {{rpc: {{address: 127.0.0.1, port: {rpc}}}, bind-host: 127.0.0.1}}
rest: {{address: 127.0.0.1, bind-address: 127.0.0.1, port: {rest}}}
taskmanager: {{numberOfTaskSlots: {slots}, host: 127.0.0.1, bind-host: 127.0.0.1}}
restart-strategy: {{type: fixed-delay, fixed-delay: {{attempts: 50, delay: 1 s}}}}
cluster: {{evenly-spread-out-slots: true}}
heartbeat: {{timeout: 12000, interval: 3000}}
io: {{tmp: {{dirs: {folder}/tmp}}}}
execution: {{checkpointing: {{dir: "file://{folder}/checkpoints", savepoint-dir: "file://{folder}/savepoints"}}}}
state: {{checkpoints: {{dir: "file://{folder}/checkpoints"}}, savepoints: {{dir: "file://{folder}/savepoints"}}}}
"""
_LOGGING = """\
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %-50c{1} - %m%n
"""


class FlinkCluster:
    """A cluster. As a context manager it starts all processes and ends them.

    Args:
        folder: folder for its configuration, logs and checkpoints. task_managers: number of task managers.
        slots: number of slots of each task manager. allocates_heap: whether each JVM takes its whole heap at
        its start. Then its memory cannot grow later only
            because the heap is filled.
        root: folder with the version of the software that the Python workers run; default: this one.
    """

    def __init__(
        self,
        folder: Path,
        task_managers: int = 2,
        slots: int = 2,
        allocates_heap: bool = False,
        root: Path | None = None,
    ) -> None:
        self.folder, self.slots, self._allocates_heap = folder, slots, allocates_heap
        self._initial_managers = task_managers
        self._environment = {"PYTHONPATH": str(root)} if root else {}
        self.rest, self.rpc, self.job_port, self.pool_port = (free_port() for _ in range(4))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._managers = 0

    def __enter__(self) -> FlinkCluster:
        for name in ("conf", "tmp", "checkpoints", "savepoints"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        config = _CONFIG.format(rpc=self.rpc, rest=self.rest, slots=self.slots, folder=self.folder)
        (self.folder / "conf" / "config.yaml").write_text(config)
        (self.folder / "conf" / "log.properties").write_text(_LOGGING)
        try:
            self._java(
                "jobmanager", "runtime.entrypoint.StandaloneSessionClusterEntrypoint", _JOB_MANAGER_HEAP_MIB
            )
            for _ in range(self._initial_managers):
                self.add_task_manager()
            self._start(
                "jobserver",
                ["java", "-Xmx640m", "-cp", f"{JARS}/flink/*:{JARS}/runner/*",
                 f"-Dlog4j.configurationFile={self.folder}/conf/log.properties",
                 "org.apache.beam.runners.flink.FlinkJobServerDriver", "--job-host=127.0.0.1",
                 f"--flink-master=127.0.0.1:{self.rest}", f"--job-port={self.job_port}", "--artifact-port=0",
                 "--expansion-port=0", f"--artifacts-dir={self.folder}/artifacts"],
            )  # fmt: skip
            self._start(
                "pool",
                [sys.executable, str(Path(__file__).with_name("worker_pool.py")), str(self.pool_port)],
            )
            self._await(
                lambda: self.get("/overview")["taskmanagers"] == self._initial_managers, "task managers"
            )
            self._await(lambda: "JobService started on" in self.log("jobserver"), "job server")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.processes):
            self.kill(name)

    def add_task_manager(self) -> str:
        """Start one more task manager and return its name."""
        self._managers += 1
        name = f"taskmanager-{self._managers}"
        sizes = [
            f"-Dtaskmanager.memory.{key}={value * _MIB}b" for key, value in _TASK_MANAGER_MEMORY_MIB.items()
        ]
        self._java(
            name, "runtime.taskexecutor.TaskManagerRunner", _TASK_MANAGER_HEAP_MIB, "-Dtaskmanager.cpu.cores=1.0",
            f"-Dtaskmanager.resource-id={name}", *sizes,
        )  # fmt: skip
        return name

    def kill(self, name: str) -> None:
        """Kill one of the processes with all its children, as a power cut does."""
        process = self.processes.pop(name)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def flags(self, *more: str) -> list[str]:
        """Return Beam's flags for a job on this cluster."""
        return [
            "--runner=PortableRunner", f"--job_endpoint=127.0.0.1:{self.job_port}",
            "--environment_type=EXTERNAL", f"--environment_config=127.0.0.1:{self.pool_port}", *more,
        ]  # fmt: skip

    def stream_flags(self, *more: str) -> list[str]:
        """Return Beam's flags for a stream.

        Without ``--finish_bundle_before_checkpointing``, a watermark can pass the elements of a bundle that a
        checkpoint holds back. The runner then drops these elements because they are late.
        """
        return self.flags(
            "--streaming", "--checkpointing_interval=3000", "--finish_bundle_before_checkpointing", *more
        )

    def get(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """Return the answer of the cluster's REST interface, parsed from JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.rest}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"{}")

    def jobs(self) -> dict[str, str]:
        """Return the states of all jobs by their ids."""
        return {job["id"]: job["status"] for job in self.get("/jobs")["jobs"]}

    def log(self, name: str) -> str:
        """Return the log of a process; empty if there is none."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def kill_and_await_restart(self, name: str, timeout_s: float = 90) -> None:
        """Kill a task manager, and wait until its job runs again on another one."""
        before = self.restarts()
        self.kill(name)
        self._await(lambda: self.restarts() > before, "restart", timeout_s)

    def restarts(self) -> int:
        """Return how often a job ran again after a failure, counted in the log of the job manager."""
        return self.log("jobmanager").count("switched from state RESTARTING to RUNNING")

    def stop_running(self, timeout_s: float = 120) -> None:
        """Stop the only running job with a savepoint.

        It is not drained, because a drain waits for the last timer of a source, and the beat of a stream has
        no last timer. The job would never end.
        """
        (job,) = (name for name, state in self.jobs().items() if state == "RUNNING")
        stop_request = self.get(f"/jobs/{job}/stop", "POST", {"drain": False})
        path = f"/jobs/{job}/savepoints/{stop_request['request-id']}"
        self._await(lambda: self.get(path)["status"]["id"] == "COMPLETED", "savepoint", timeout_s)
        done = self.get(path)
        assert "location" in done["operation"], str(done)[:1000]

    def _java(self, name: str, main: str, heap_mib: int, *arguments: str) -> None:
        logging = f"-Dlog4j.configurationFile={self.folder}/conf/log.properties"
        allocate = [f"-Xms{heap_mib}m", "-XX:+AlwaysPreTouch"] if self._allocates_heap else []
        self._start(
            name,
            ["java", f"-Xmx{heap_mib}m", *allocate, *_JVM_FLAGS, logging, "-cp", f"{JARS}/flink/*:{JARS}/runner/*",
             f"org.apache.flink.{main}", "--configDir", str(self.folder / "conf"), *arguments],
        )  # fmt: skip

    def _start(self, name: str, command: list[str]) -> None:
        # The pool starts workers as ``python``, which must be the interpreter of this environment.
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder,
                env={**os.environ, **self._environment, "PATH": path}, start_new_session=True,
            )  # fmt: skip

    def _await(self, holds: Any, what: str, timeout_s: float = START_TIMEOUT_S) -> None:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {self.log(name)[-2000:]}"
            try:
                if holds():
                    return
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.5)
        raise AssertionError(f"no {what} within {timeout_s} s")


def memory_mib(cluster: FlinkCluster) -> dict[str, float]:
    """Return the resident memory of the cluster in MiB: ``java``, ``workers`` (Python), and ``all``."""
    found = {"java": 0.0, "workers": 0.0}
    for name, process in cluster.processes.items():
        root = psutil.Process(process.pid)
        for child in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                found["workers" if name == "pool" else "java"] += child.memory_info().rss / _MIB
    return {**found, "all": sum(found.values())}
