"""The pipelines, their options, and the command line."""

from importlib.metadata import PackageNotFoundError, version


def pipeline_version() -> str:
    """Return the version of the installed package."""
    try:
        return version("strikeledger")
    except PackageNotFoundError:
        return "0+unknown"
