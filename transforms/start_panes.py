"""``StartPanes`` begins one pane of a stream after another. Each pane is a run.

The warehouse is the only state of resolution, so a pane must find there all that earlier panes wrote. It
begins when the pane before has released the lease.
"""

import dataclasses
import enum
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from schemas.step_records import RunContext
from transforms.graph.runs import PANE_SECONDS, pane_of
from transforms.graph.typed_outputs import expansion
from transforms.util.counters import count
from transforms.warehouse import WarehouseBusy, open_warehouse
from transforms.warehouse.lease import renew_lease, seed_lease, take_lease

BEAT_SECONDS = 2
MAX_SECONDS_BETWEEN_QUESTIONS = 10
GIVE_UP_SECONDS = 3600
LEAD_SECONDS = 2 * BEAT_SECONDS
"""A pane begins this long after the present. The watermark of the beat runs ahead of its elements by up to
one beat where a runner passes on a checkpointed source's watermark before its output. On Flink, panes that
began in the present came late and were dropped."""


@dataclass(frozen=True, slots=True)
class LastPane:
    """What the beat remembers of the last pane. Instants are seconds since the epoch.

    ``start``: the begin of its window. ``asked``: when the warehouse was last asked about it. ``is_over``:
    whether it has released the lease.
    """

    start: int
    asked: int
    is_over: bool = False


class Step(enum.Enum):
    """What to do at a beat."""

    WAIT = enum.auto()
    ASK = enum.auto()
    START = enum.auto()


def next_step(now: int, last: LastPane | None, every_s: float) -> Step:
    """Return what to do at a beat: wait, ask whether the last pane is over, or start a pane.

    A pane that has not ended after an hour is given up. The next pane polls its entries again.
    """
    if last is None or now - last.start > max(GIVE_UP_SECONDS, every_s):
        return Step.START
    if not last.is_over:
        return Step.ASK if now - last.asked >= _seconds_between_questions(every_s) else Step.WAIT
    return Step.START if now >= last.start - LEAD_SECONDS + every_s else Step.WAIT


def _seconds_between_questions(every_s: float) -> float:
    return min(MAX_SECONDS_BETWEEN_QUESTIONS, max(BEAT_SECONDS, every_s / 4))


_LAST = ReadModifyWriteStateSpec("last_pane", StrUtf8Coder())
_STATE = beam.DoFn.StateParam(_LAST)


@dataclass(eq=False)
class _StartPanes(beam.DoFn):
    """Starts panes. Its state has one key, so a job restored from a checkpoint continues after its last
    pane."""

    warehouse_url: str
    job: RunContext
    every_s: float

    def process(self, _: tuple[str, str], stored: Any = _STATE) -> Iterator[TimestampedValue]:
        now = Timestamp.now().seconds()
        raw = stored.read()
        last = LastPane(**json.loads(raw)) if raw else None
        step = next_step(now, last, self.every_s)
        try:
            if step is Step.ASK and last is not None:
                last = self._ask(last, now)
                step = next_step(now, last, self.every_s) if last.is_over else Step.WAIT
            start = Timestamp(now + LEAD_SECONDS)
            if step is Step.START and self._take_lease(start, is_first=last is None):
                count(StartPanes, "panes")
                last = LastPane(start.seconds(), now)
                yield TimestampedValue(pane_of(self.job, start), start)
        except WarehouseBusy:
            count(StartPanes, "busy")  # a step is writing to the DuckDB file
        if last is not None:
            stored.write(json.dumps(dataclasses.asdict(last)))

    def _ask(self, last: LastPane, now: int) -> LastPane:
        """Ask the warehouse whether the last pane still holds the lease. If so, renew the lease for it."""
        run_id = pane_of(self.job, Timestamp(last.start)).run_id
        with open_warehouse(self.warehouse_url) as warehouse:
            is_running = renew_lease(warehouse, run_id)
        return LastPane(last.start, now, not is_running)

    def _take_lease(self, start: Timestamp, *, is_first: bool) -> bool:
        with open_warehouse(self.warehouse_url) as warehouse:
            if is_first:
                warehouse.ensure()
            seed_lease(warehouse)
            is_taken = take_lease(warehouse, pane_of(self.job, start).run_id, kin=self.job.run_id)
        if not is_taken:
            count(StartPanes, "waited_for_another_run")
        return is_taken


@dataclass(eq=False)
class StartPanes(beam.PTransform):
    """Begin a pane at every interval, once the pane before is over and no other run holds the lease.

    Input: the pipeline. Output: one ``RunContext`` for each pane, in the pane's window. Counters: ``panes``,
    ``busy``, ``waited_for_another_run``.

    Args:
        warehouse_url: the warehouse.
        job: the job. The names of its panes begin with its own.
        every_s: seconds from the start of a pane to the start of the next.
    """

    warehouse_url: str
    job: RunContext
    every_s: float

    @expansion
    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection[RunContext]:
        start = _StartPanes(self.warehouse_url, self.job, self.every_s)
        return (
            pipeline
            | "Beat" >> PeriodicImpulse(Timestamp(Timestamp.now().seconds()), fire_interval=BEAT_SECONDS)
            | "OneKey" >> beam.Map(_one_key).with_output_types(tuple[str, str])
            | beam.ParDo(start).with_output_types(RunContext)
            | "Panes" >> beam.WindowInto(FixedWindows(PANE_SECONDS))
        )


def _one_key(_: Timestamp) -> tuple[str, str]:
    return "beat", ""
