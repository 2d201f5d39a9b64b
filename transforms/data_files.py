"""Reading the project's own data files: ``read_data``."""

from typing import Any

import yaml

# libyaml's parser where PyYAML was built with it, as its wheels are: ten times faster, and the words of a
# language took longer to read than the gazetteer to open.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_data(text: str) -> Any:
    """Return what a text in YAML holds.

    Raises:
        yaml.YAMLError: it is none.
    """
    return yaml.load(text, _LOADER)  # noqa: S506  a safe loader, either way
