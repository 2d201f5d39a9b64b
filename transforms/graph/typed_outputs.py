"""Outputs by record type: a DoFn that yields several kinds of records tags each with its class name."""

from typing import Any, TypeVar

import apache_beam as beam
from apache_beam.typehints.decorators import no_annotations
from apache_beam.utils.windowed_value import WindowedValue

Record = TypeVar("Record")

expansion = no_annotations
"""Marks the ``expand`` of a step. Beam does not read its annotations then: it would take a dataclass of
collections for the type of an element."""


def tagged(record: Any, place: WindowedValue | None = None) -> beam.pvalue.TaggedOutput:
    """Return the record tagged with its class name.

    Args:
        record: the record to yield.
        place: a value with the timestamp and window to yield it in. Default: those of the element that the
            DoFn is called with.
    """
    value = record if place is None else place.with_value(record)
    return beam.pvalue.TaggedOutput(type(record).__name__, value)


def by_type(do_fn: beam.DoFn, *kinds: type) -> beam.PTransform:
    """Return the ParDo of a DoFn that yields ``tagged`` records. Each output gets its type, and so its coder.

    The main output is unused. Beam needs a type for it, so we pass ``kinds[0]``.
    """
    tags = {kind.__name__: kind for kind in kinds}
    return beam.ParDo(do_fn).with_output_types(kinds[0], **tags).with_outputs(*tags)


def of_type(outputs: beam.pvalue.DoOutputsTuple, kind: type[Record]) -> beam.PCollection[Record]:
    """Return the output of a record type."""
    return outputs[kind.__name__]
