"""The templates of the pages. All text of the ledger is escaped: feeds may be hostile."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from transforms.serving.list_totals import TollRange
from transforms.util.readable import dates, duration, minute, text_or_dash, toll, words
from transforms.util.web_address import web_address

_HIDDEN_CHARACTERS = (
    "\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
)
"""Characters that a reader does not see, or that turn the words beside them."""
_HIDDEN = re.compile(f"[{_HIDDEN_CHARACTERS}]")
_is_plain = re.compile(f"[^&<>\"'{_HIDDEN_CHARACTERS}]*").fullmatch


def shown(value: Any) -> str:
    """Return a value as a page holds it: escaped, and without characters that a reader does not see."""
    kind = type(value)
    # A page has a thousand values, and nearly all are plain.
    if kind is str:
        return value if _is_plain(value) else str(escape(_HIDDEN.sub("", value)))
    return value if kind is Markup else str(escape(value))


class _PageCode(CodeGenerator):
    """The code of a template, which writes each value with ``shown`` alone.

    Jinja would call ``escape``, which makes two objects of each value, so that it is not escaped again.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.shown(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")


class _Environment(Environment):
    code_generator_class = _PageCode
    shown = staticmethod(shown)


def _template(name: str) -> str:
    return (files("transforms.serving") / "templates" / name).read_text("utf-8")


@cache
def environment() -> Environment:
    """Return the templates with what they call."""
    made = _Environment(
        loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters |= {
        "words": words, "minute": minute, "dash": text_or_dash, "duration": duration, "number": _number,
        "link": web_address, "range": _range,
    }  # fmt: skip
    made.globals |= {"toll": toll, "dates": dates}
    # All at once: a server whose files are replaced while it runs must not mix old code with new templates.
    for path in (files("transforms.serving") / "templates").iterdir():
        if path.name.endswith(".html"):
            made.get_template(path.name)
    return made


def _number(value: int) -> str:
    return f"{value:,}"


def _range(total: TollRange) -> str:
    """Return a sum of tolls in words: "43 to 60", "at least 43"."""
    if total.high is None:
        return f"at least {total.low:,}"
    return f"{total.low:,}" if total.low == total.high else f"{total.low:,} to {total.high:,}"
