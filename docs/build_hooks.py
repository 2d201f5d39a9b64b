"""Hooks of MkDocs: no built page asks another server for anything."""

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

# What a browser loads without a click. Links (<a href>) are not in it.
_LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc=["']?(?P<src>(?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b[^>]*\bhref=["']?(?P<href>(?:https?:)?//[^"'\s>]+)"""
    r"""|(?:url\(|@import)\s*["']?(?P<css>(?:https?:)?//[^"')\s]+)"""
)
_CANONICAL = re.compile(r'<link rel="canonical"[^>]*>')
# From here Material's script can load diagrams, and what an old browser lacks. These pages need neither.
_CDN = "https://unpkg.com/"


def on_post_build(config: Any, **_: Any) -> None:
    """Remove the CDN's address from the theme's scripts. Fail where a page asks another server.

    Raises:
        PluginError: a page or style sheet loads something from another server.
    """
    site = Path(config["site_dir"])
    for source_map in site.rglob("*.map"):
        source_map.unlink()
    for script in site.rglob("*.js"):
        script.write_text(script.read_text("utf-8").replace(_CDN, ""), "utf-8")
    for page in (*site.rglob("*.html"), *site.rglob("*.css")):
        found = _LOADED.search(_CANONICAL.sub("", page.read_text("utf-8")))
        if found:
            raise PluginError(f"{page.relative_to(site)} loads {found[found.lastgroup or 0]}")
