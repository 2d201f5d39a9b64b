"""Beam that remembers what it reads of classes and functions, so that a run in a test takes half the time.

In each run, Beam builds a parser of its options some 800 times and reads the signature of a method some 12,000 times.
The answers are the same for the whole process.
"""

from __future__ import annotations

import copy
from argparse import Namespace
from collections.abc import Callable
from inspect import Signature
from types import FunctionType, MethodType
from typing import Any
from weakref import WeakKeyDictionary

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms import core, userstate
from apache_beam.typehints import decorators

_parsed: dict[tuple[type, tuple[str, ...]], Namespace] = {}
_signatures: dict[type, WeakKeyDictionary[FunctionType, Signature]] = {
    FunctionType: WeakKeyDictionary(),
    MethodType: WeakKeyDictionary(),
}
_specs: WeakKeyDictionary[type, tuple[set[Any], set[Any]]] = WeakKeyDictionary()
_make_options, _read_signature = PipelineOptions.__init__, decorators.get_signature
_read_specs = userstate.get_dofn_specs


def _make_options_once(self: Any, flags: Any = None, **options: Any) -> None:
    key = (type(self), tuple(flags)) if isinstance(flags, list) else None
    if key not in _parsed:
        _make_options(self, flags, **options)
        if key is not None:
            _parsed[key] = copy.deepcopy(self._visible_options)
        return
    self._flags, self._all_options = flags, options
    self._visible_options = copy.deepcopy(_parsed[key])
    for name in self._visible_option_list():
        options.setdefault(name, getattr(self._visible_options, name))


def _read_signature_once(function: Callable[..., Any]) -> Signature:
    plain = getattr(function, "__func__", function)
    if type(function) not in _signatures or type(plain) is not FunctionType:
        return _read_signature(function)
    known = _signatures[type(function)]
    if plain not in known:
        known[plain] = _read_signature(function)
    return known[plain]


def _read_specs_once(dofn: core.DoFn) -> tuple[set[Any], set[Any]]:
    kind = type(dofn)
    if hasattr(kind, "_inspect_process"):  # wraps a function, which an instance may have to itself
        return _read_specs(dofn)
    if kind not in _specs:
        _specs[kind] = _read_specs(dofn)
    states, timers = _specs[kind]
    return set(states), set(timers)


def remember() -> None:
    """Let Beam remember, in this process."""
    userstate.get_dofn_specs = _read_specs_once
    PipelineOptions.__init__ = _make_options_once
    decorators.get_signature = core.get_signature = _read_signature_once
