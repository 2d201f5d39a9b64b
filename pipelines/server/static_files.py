"""Files that the pages need, of the server and of a site: the style and the base map."""

import json
from functools import cache
from importlib.resources import files

from transforms.serving.mercator import outline_svg

_LAND_STYLE = (
    "path{fill:#e6e3dc;stroke:#b3aea2;stroke-width:.7px}"
    "@media (prefers-color-scheme:dark){path{fill:#2b323a;stroke:#4a545f}}"
)
"""The colours of the style's ``--land`` and ``--border``: a page gives an image none of its own."""


@cache
def style() -> bytes:
    """Return the style of all pages."""
    return (files("pipelines.server") / "static" / "site.css").read_bytes()


@cache
def world_outline(css: str = "") -> bytes:
    """Return the base map. ``css``: its own style."""
    text = (files("pipelines.dashboard") / "vendor" / "countries.json").read_text("utf-8")
    return outline_svg(json.loads(text), css)


def land_image() -> bytes:
    """Return the base map as an image that has its colours in it."""
    return world_outline(_LAND_STYLE)
