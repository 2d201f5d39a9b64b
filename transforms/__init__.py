"""The steps of the graph: one Beam transform in each file of this folder, named as the file.

The folders below hold the logic as plain Python. This table of contents imports a step when it is first asked
for, because Beam takes more than a second to load and many users of the folders below need none.
"""

import importlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transforms.drop_known_entries import DropKnownEntries
    from transforms.extract_reports import ExtractReports
    from transforms.fetch_articles import FetchArticles
    from transforms.load_run import LoadRun
    from transforms.poll_feeds import PollFeeds
    from transforms.read_affected_reports import ReadAffectedReports
    from transforms.read_known import ReadKnown
    from transforms.read_state import ReadState
    from transforms.read_stored_articles import ReadStoredArticles
    from transforms.resolve_incidents import ResolveIncidents
    from transforms.stage_files import StageFiles
    from transforms.start_panes import StartPanes
    from transforms.take_lease import TakeLease

__all__ = [
    "DropKnownEntries",
    "ExtractReports",
    "FetchArticles",
    "LoadRun",
    "PollFeeds",
    "ReadAffectedReports",
    "ReadKnown",
    "ReadState",
    "ReadStoredArticles",
    "ResolveIncidents",
    "StageFiles",
    "StartPanes",
    "TakeLease",
]


def __getattr__(name: str) -> Any:
    """Import a step: ``PollFeeds`` is in ``poll_feeds``."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)
