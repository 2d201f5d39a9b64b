"""Registers a deterministic coder for every record.

Beam's RowCoder tells a worker the fields of a record but not its class. A worker process without the
launcher's registry then builds a named tuple of the same fields (seen on Flink, after its first worker was
killed). So our coder names the class. It does the rest as RowCoder does.
"""

import dataclasses
from typing import Any

import apache_beam as beam
from apache_beam.coders import Coder, RowCoder
from apache_beam.typehints.schemas import schema_from_element_type

from schemas import records, step_records

ALL_RECORDS: tuple[type, ...] = tuple(
    kind
    for kind in (vars(records) | vars(step_records)).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
)


class RecordCoder(RowCoder):
    """Encodes the fields of one kind of record in their order. Decodes to records of that kind."""

    def __init__(self, kind: type) -> None:
        super().__init__(_SCHEMAS[kind])
        self.kind = kind

    def to_runner_api_parameter(self, context: Any) -> Any:
        """Return a reference to the class, so that a worker imports it."""
        return Coder.to_runner_api_parameter(self, context)

    @classmethod
    def from_type_hint(cls, type_hint: Any, registry: Any) -> "RecordCoder":
        """Return the coder of a record type."""
        return cls(type_hint)

    def to_type_hint(self) -> type:
        """Return the kind of record."""
        return self.kind

    def as_deterministic_coder(self, step_label: str, error_message: str | None = None) -> "RecordCoder":
        """Return itself: every field's coder is deterministic."""
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordCoder) and self.kind is other.kind

    def __hash__(self) -> int:
        return hash(self.kind)

    def __reduce__(self) -> tuple[type, tuple[type]]:
        return RecordCoder, (self.kind,)


_SCHEMAS: dict[type, Any] = {}


def register_coders() -> None:
    """Register the coders. Calling it again changes nothing."""
    for kind in ALL_RECORDS:
        if kind not in _SCHEMAS:
            # Beam has a schema for a frozen dataclass only while RowCoder itself is registered for it.
            beam.coders.registry.register_row(kind)
            _SCHEMAS[kind] = schema_from_element_type(kind)
    for kind in ALL_RECORDS:
        beam.coders.registry.register_coder(kind, RecordCoder)


register_coders()
