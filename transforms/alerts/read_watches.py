"""The user's file of watches, checked against one schema."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from schemas.countries import check_country
from schemas.identity import fold_name
from schemas.vocabulary import Weapon
from transforms.alerts.read_channels import read_channel
from transforms.alerts.watches import Channel, Circle, Conditions, Event, FileChannel, Watch
from transforms.alerts.yaml_keys import (
    WatchesInvalid,
    boolean,
    choice,
    load_yaml,
    number,
    one_or_more,
    read_mapping,
    text,
    whole,
)

MAX_BYTES = 1_000_000
DEFAULT_KM = 25.0
_MAX_TOLL = 1_000_000
_MAX_KM = 5_000.0

FindPlace = Callable[[str, tuple[str, ...]], tuple[float, float]]
"""Returns latitude and longitude of a place, given its name and the countries that it may lie in; raises
ValueError."""


def read_watches(path: str, environment: Mapping[str, str], find_place: FindPlace) -> tuple[Watch, ...]:
    """Return the watches of a file.

    Args:
        path: a YAML file with the key ``watches``.
        environment: the environment variables, where secrets are.
        find_place: resolves the names of places.

    Raises:
        WatchesInvalid: the file cannot be used; the message names the watch and the key.
    """
    try:
        if Path(path).stat().st_size > MAX_BYTES:
            raise WatchesInvalid(f"the file of watches {path} is larger than {MAX_BYTES // 1_000_000} MB")
        raw = load_yaml(Path(path).read_text("utf-8-sig"))
    except FileNotFoundError:
        raise WatchesInvalid(f"no file of watches at {path}") from None
    except WatchesInvalid:
        raise
    except (OSError, ValueError) as error:
        raise WatchesInvalid(f"the file of watches {path} cannot be read: {error}") from None
    return parse_watches(raw, environment, find_place)


def parse_watches(raw: Any, environment: Mapping[str, str], find_place: FindPlace) -> tuple[Watch, ...]:
    """Return the watches of a file's content.

    Raises:
        WatchesInvalid: it cannot be used.
    """
    top = read_mapping(raw, {"watches": _list("watches")}, "the file of watches", ("watches",))
    watches = [_Reader(environment, find_place).watch(item, n) for n, item in enumerate(top["watches"], 1)]
    names, paths = set(), dict[str, str]()
    for watch in watches:
        if watch.name in names:
            raise WatchesInvalid(f"two watches have the name {watch.name!r}")
        names.add(watch.name)
        for channel in watch.channels:
            if isinstance(channel, FileChannel):
                path = str(Path(channel.path).absolute())
                if path in paths:
                    raise WatchesInvalid(
                        f"watch {watch.name!r}, key 'channels': {channel.path} is written by watch "
                        f"{paths[path]!r} too"
                    )
                paths[path] = watch.name
    return tuple(watches)


def _list(name: str) -> Callable[[Any], list[Any]]:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise ValueError(f"a list of {name} is expected")
        return value

    return read


class _Reader:
    """Reads the watches of one file."""

    def __init__(self, environment: Mapping[str, str], find_place: FindPlace) -> None:
        self._environment = environment
        self._find_place = find_place

    def watch(self, raw: Any, number_in_file: int) -> Watch:
        """Return a watch."""
        name = raw.get("name") if isinstance(raw, Mapping) else None
        where = f"watch {name!r}" if isinstance(name, str) and name.strip() else f"watch {number_in_file}"
        values = read_mapping(raw, _SCHEMA, where, ("name", "channels"))
        conditions = Conditions(
            countries=values.get("country", ()),
            circle=self._circle(values, where),
            killed_at_least=values.get("killed_at_least"),
            injured_at_least=values.get("injured_at_least"),
            weapons=values.get("weapon", ()),
            actors=tuple(map(fold_name, values.get("actor", ()))),
            publishable_only=values.get("publishable_only", True),
        )
        events = tuple(event for event in Event if event in values.get("events", tuple(Event)))
        return Watch(values["name"], conditions, events, self._channels(values, where))

    def _circle(self, values: Mapping[str, Any], where: str) -> Circle | None:
        if "place" not in values:
            if "within_km" in values:
                raise WatchesInvalid(f"{where}, key 'within_km': it needs the key 'place'")
            return None
        place, km = values["place"], values.get("within_km", DEFAULT_KM)
        if not isinstance(place, str):
            point = read_mapping(place, _POINT, f"{where}, key 'place'", ("lat", "lon"))
            return Circle(point["lat"], point["lon"], km)
        try:
            return Circle(*self._find_place(place, values.get("country", ())), km)
        except ValueError as error:
            raise WatchesInvalid(f"{where}, key 'place': {error}") from None

    def _channels(self, values: Mapping[str, Any], where: str) -> tuple[Channel, ...]:
        channels: list[Channel] = []
        for raw in values["channels"]:
            channel = read_channel(raw, where, values["name"], self._environment)
            if any(other.name == channel.name for other in channels):
                raise WatchesInvalid(
                    f"{where}, key 'channels': two channels have the name {channel.name!r}; "
                    "give one of them another 'name'"
                )
            channels.append(channel)
        return tuple(channels)


def _country(value: Any) -> str:
    code = text(value)
    check_country(code)
    return code


def _place(value: Any) -> Any:
    return value if isinstance(value, Mapping) else text(value)


_SCHEMA: Mapping[str, Callable[[Any], Any]] = {
    "name": text,
    "country": one_or_more(_country),
    "place": _place,
    "within_km": number(0.1, _MAX_KM),
    "killed_at_least": whole(0, _MAX_TOLL),
    "injured_at_least": whole(0, _MAX_TOLL),
    "weapon": one_or_more(choice(*Weapon)),
    "actor": one_or_more(text),
    "events": one_or_more(choice(*Event)),
    "publishable_only": boolean,
    "channels": _list("channels"),
}
"""The one schema of a watch. ``transforms.alerts.read_channels`` has that of its channels."""

_POINT = {"lat": number(-90, 90), "lon": number(-180, 180)}
