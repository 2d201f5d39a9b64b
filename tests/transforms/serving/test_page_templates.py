"""What a template writes of a value."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from schemas.vocabulary import Weapon
from transforms.serving.page_templates import environment, shown

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# a first example compiles a template, which takes long where the machine is busy
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.text() | st.text(alphabet="<>&\"'a \x00\n\x7f\u200b\u202e\u2066é文")


def written(template: str, **values: object) -> str:
    return environment().from_string(template).render(**values)


@UNTIMED
@given(TEXTS)
def test_a_text_is_escaped_and_hides_nothing(text: str) -> None:
    assert shown(text) == str(escape(HIDDEN.sub("", text)))
    assert written("{{ x }}|{{ x }}", x=text) == f"{shown(text)}|{shown(text)}"


@UNTIMED
@given(st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(list(Weapon)))
def test_what_is_no_text_is_written_as_python_writes_it(value: object) -> None:
    assert written("{{ x }}", x=value) == str(escape(value))


def test_what_a_macro_makes_is_not_escaped_again() -> None:
    assert written("{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}{{ m(x) }}", x="<") == "<b>&lt;</b>"
    assert shown(Markup("<b>")) == "<b>"


def test_what_a_filter_or_a_format_makes_is_escaped() -> None:
    assert written("{{ x|words }}{{ '%s'|format(x) }}{{ [x]|join(', ') }}", x="<i>") == "&lt;i&gt;" * 3


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        written("{{ x }}")
