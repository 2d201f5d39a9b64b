"""The beat of a stream: ``StartPanes`` begins one pane after another, each a run of its own.

The warehouse is the only state of resolution, so a pane must find there all that earlier ones wrote: it
begins when the one before has let go of the lease.
"""

import dataclasses
import enum
import json
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from schemas.records import RunContext
from transforms.graph.runs import PANE_S, pane_of
from transforms.util.counters import count
from transforms.warehouse import WarehouseBusy, open_warehouse
from transforms.warehouse.lease import lease_holder, seed_lease, take_lease

_BEAT_S = 2
_ASK_S = 10
_GIVE_UP_S = 3600
# The watermark of the beat runs ahead of its elements by up to one beat where a runner hands on a
# checkpointed source's watermark before its output (seen on Flink: panes in the present came late, and
# were dropped). A pane that begins a little later than the present is not late.
_LEAD_S = 2 * _BEAT_S


@dataclasses.dataclass(frozen=True, slots=True)
class LastPane:
    """What the beat remembers: when the last pane's window begins, when it was last seen to go on, and
    whether it is over (seconds since the epoch)."""

    start: int
    asked: int
    is_over: bool = False


class Step(enum.Enum):
    """What to do at a beat."""

    WAIT = enum.auto()
    ASK = enum.auto()
    START = enum.auto()


def next_step(now: int, last: LastPane | None, every_s: float) -> Step:
    """Return what to do at a beat: wait, ask whether the last pane is over, or start one.

    A pane that has not ended after an hour is given up: what it holds comes again.
    """
    if last is None or now - last.start > max(_GIVE_UP_S, every_s):
        return Step.START
    if not last.is_over:
        return Step.ASK if now - last.asked >= _ask_s(every_s) else Step.WAIT
    return Step.START if now >= last.start - _LEAD_S + every_s else Step.WAIT


def _ask_s(every_s: float) -> float:
    return min(_ASK_S, max(_BEAT_S, every_s / 4))


_LAST = ReadModifyWriteStateSpec("last_pane", StrUtf8Coder())
_STATE = beam.DoFn.StateParam(_LAST)


class _StartPanes(beam.DoFn):
    """Starts panes; stateful on its one key, so that a job restored from a checkpoint goes on from it."""

    def __init__(self, warehouse_url: str, job: RunContext, every_s: float) -> None:
        self._url, self._job, self._every_s = warehouse_url, job, every_s

    def process(self, element: tuple[str, str], stored: Any = _STATE) -> Iterator[TimestampedValue]:
        now = Timestamp.now().seconds()
        raw = stored.read()
        last = LastPane(**json.loads(raw)) if raw else None
        step = next_step(now, last, self._every_s)
        try:
            if step is Step.ASK and last is not None:
                last = self._asked(last, now)
                step = next_step(now, last, self._every_s) if last.is_over else Step.WAIT
            start = Timestamp(now + _LEAD_S)
            if step is Step.START and self._take(start, last is None):
                count("StartPanes", "panes")
                last = LastPane(start.seconds(), now)
                yield TimestampedValue(pane_of(self._job, start), start)
        except WarehouseBusy:
            count("StartPanes", "busy")  # a DuckDB file that a step is writing to
        if last is not None:
            stored.write(json.dumps(dataclasses.asdict(last)))

    def _asked(self, last: LastPane, now: int) -> LastPane:
        run_id = pane_of(self._job, Timestamp(last.start)).run_id
        with open_warehouse(self._url) as warehouse:
            goes_on = lease_holder(warehouse) == run_id and take_lease(warehouse, run_id)
        return LastPane(last.start, now, not goes_on)

    def _take(self, start: Timestamp, is_first: bool) -> bool:
        with open_warehouse(self._url) as warehouse:
            if is_first:
                warehouse.ensure()
            seed_lease(warehouse)
            is_taken = take_lease(warehouse, pane_of(self._job, start).run_id, kin=self._job.run_id)
        if not is_taken:
            count("StartPanes", "waited_for_another_run")
        return is_taken


class StartPanes(beam.PTransform):
    """Begin a pane at every interval, once the one before is over and no other run holds the lease.

    Input: the pipeline. Output: one ``RunContext`` a pane, in the pane's window. Counters: ``panes``,
    ``busy``, ``waited_for_another_run``.

    Args:
        warehouse_url: the warehouse.
        job: the job; its panes are named after it.
        every_s: seconds from the start of a pane to the next one's.
    """

    def __init__(self, warehouse_url: str, job: RunContext, every_s: float) -> None:
        super().__init__()
        self.warehouse_url, self.job, self.every_s = warehouse_url, job, every_s

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection[RunContext]:
        return (
            pipeline
            | "Beat" >> PeriodicImpulse(Timestamp(Timestamp.now().seconds()), fire_interval=_BEAT_S)
            | "OneKey" >> beam.Map(_one_key).with_output_types(tuple[str, str])
            | beam.ParDo(_StartPanes(self.warehouse_url, self.job, self.every_s)).with_output_types(
                RunContext
            )
            | "Panes" >> beam.WindowInto(FixedWindows(PANE_S))
        )


def _one_key(_: Timestamp) -> tuple[str, str]:
    return "beat", ""
