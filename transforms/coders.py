"""Registers a deterministic RowCoder for every record. Import this module before building a graph:
on workers that start fresh, registration happens by that import and not by what a launcher did."""

import dataclasses

import apache_beam as beam
from apache_beam.coders import RowCoder

from schemas import records

ALL_RECORDS: tuple[type, ...] = tuple(
    kind for kind in vars(records).values() if isinstance(kind, type) and dataclasses.is_dataclass(kind)
)


def register_coders() -> None:
    """Register the coders; doing it again changes nothing."""
    for kind in ALL_RECORDS:
        beam.coders.registry.register_coder(kind, RowCoder)


register_coders()
