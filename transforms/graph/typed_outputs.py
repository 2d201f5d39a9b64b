"""Outputs by record type: a DoFn that yields several kinds tags each with its class name."""

from typing import Any, TypeVar

import apache_beam as beam
from apache_beam.typehints.decorators import no_annotations
from apache_beam.utils.windowed_value import WindowedValue

Record = TypeVar("Record")

composite = no_annotations
"""Marks an ``expand`` that returns a dataclass of collections: Beam would read it as an element type."""


def tagged(record: Any, place: WindowedValue | None = None) -> beam.pvalue.TaggedOutput:
    """Return the record tagged with its class name; with the timestamp and window of ``place``, where it is
    not yielded by the call that made it."""
    value = record if place is None else place.with_value(record)
    return beam.pvalue.TaggedOutput(type(record).__name__, value)


def by_type(do_fn: beam.DoFn, *kinds: type) -> beam.PTransform:
    """Return the ParDo of a DoFn that yields ``tagged`` records; each output gets its type and so its
    coder. Of the kinds, the first also types the main output, which stays empty."""
    tags = {kind.__name__: kind for kind in kinds}
    return beam.ParDo(do_fn).with_output_types(kinds[0], **tags).with_outputs(*tags)


def of_type(outputs: beam.pvalue.DoOutputsTuple, kind: type[Record]) -> beam.PCollection[Record]:
    """Return the output of a record type."""
    return outputs[kind.__name__]
