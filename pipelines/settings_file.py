"""``strikeledger.toml``: values of options that stand in a file. Variables and flags go before them."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from pipelines.arguments import ConfigurationInvalid

DEFAULT_NAME = "strikeledger.toml"
_FOR_ALL = ("warehouse", "storage", "model")
"""Options that may stand outside of a table; they count for every command that takes them."""


def read_settings(path: str | None, commands: Mapping[str, click.Command]) -> dict[str, dict[str, Any]]:
    """Return the values of a file as click's map of defaults: for each command, values by parameter.

    Args:
        path: the file; None is ``strikeledger.toml`` in the working directory, which need not exist.
        commands: all commands by name.

    Raises:
        ConfigurationInvalid: the file cannot be read, or it has a key or value that no option takes.
    """
    file = Path(DEFAULT_NAME if path is None else path)
    if path is None and not file.exists():
        return {}
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationInvalid(f"can't read {file}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationInvalid(f"{file} is not TOML: {error}") from None
    return _settings(str(file), content, commands)


def _settings(
    file: str, content: Mapping[str, Any], commands: Mapping[str, click.Command]
) -> dict[str, dict[str, Any]]:
    options = {name: _options(command) for name, command in commands.items()}
    found: dict[str, dict[str, Any]] = {name: {} for name in commands}
    for key, value in content.items():
        if key in _FOR_ALL:
            for name, known in options.items():
                if key in known:
                    found[name][str(known[key].name)] = _value(f"{file}: {key}", value, known[key])
        elif key not in commands:
            raise ConfigurationInvalid(f"{file}: unknown key {key!r}{_meant(key, [*_FOR_ALL, *commands])}")
    for name in commands.keys() & content.keys():
        table, known = content[name], options[name]
        if not isinstance(table, dict):
            raise ConfigurationInvalid(f"{file}: {name} must be a table, written [{name}]")
        for key, value in table.items():
            if key not in known:
                raise ConfigurationInvalid(f"{file}: unknown key {key!r} in [{name}]{_meant(key, known)}")
            found[name][str(known[key].name)] = _value(f"{file}: {key} in [{name}]", value, known[key])
    return found


def _options(command: click.Command) -> dict[str, click.Option]:
    """Return the options of a command by their long names, without the dashes."""
    options = (p for p in command.params if isinstance(p, click.Option))
    return {name.removeprefix("--"): option for option in options for name in option.opts if name[:2] == "--"}


def _meant(key: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(key, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(names)}"


def _value(where: str, value: Any, option: click.Option) -> Any:
    """Return a value as click takes it. Click checks its content, as that of a flag.

    Raises:
        ConfigurationInvalid: it is of another kind than the option.
    """
    if option.is_flag:
        if not isinstance(value, bool):
            raise ConfigurationInvalid(f"{where} must be true or false")
        return value
    if option.multiple:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigurationInvalid(f"{where} must be a list of texts")
        return value
    if isinstance(value, bool | list | dict):
        raise ConfigurationInvalid(f"{where} must be one text or number")
    return str(value)
