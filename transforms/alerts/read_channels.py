"""The channels of a watch in the user's file. Secrets come from environment variables that the file names."""

import re
from collections.abc import Callable, Mapping
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit

from transforms.alerts.watches import Channel, Digest, EmailChannel, FileChannel, Security, WebhookChannel
from transforms.alerts.yaml_keys import WatchesInvalid, choice, one_or_more, read_mapping, text, whole
from transforms.util.errors import FetchFailed
from transforms.web.guard import check_url, is_loopback

DEFAULT_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ATOM, JSON_FEED, WEBHOOK, EMAIL = "atom", "json_feed", "webhook", "email"


def read_channel(raw: Any, watch: str, title: str, environment: Mapping[str, str]) -> Channel:
    """Return a channel.

    Args:
        raw: the mapping of the channel.
        watch: names the watch in errors.
        title: name of the watch.
        environment: the environment variables.

    Raises:
        WatchesInvalid: it cannot be used.
    """
    kind = raw.get("kind") if isinstance(raw, Mapping) else None
    where = f"{watch}, channel {kind!r}" if isinstance(kind, str) else f"{watch}, key 'channels'"
    if not isinstance(kind, str) or kind not in _SCHEMAS:
        raise WatchesInvalid(f"{where}: a channel has a 'kind': {', '.join(_SCHEMAS)}")
    schema, required, build = _SCHEMAS[kind]
    values = read_mapping(raw, schema, where, required)
    values.setdefault("name", kind)
    if kind in (ATOM, JSON_FEED):
        values.setdefault("title", title)
    return build(values, where, environment)


def _file(values: dict[str, Any], where: str, environment: Mapping[str, str]) -> Channel:
    return FileChannel(
        values["name"], values["kind"], values["path"], values["title"], values.get("feed_url")
    )


def _webhook(values: dict[str, Any], where: str, environment: Mapping[str, str]) -> Channel:
    if ("url" in values) == ("url_env" in values):
        raise WatchesInvalid(f"{where}: it needs one of the keys 'url' and 'url_env'")
    url = values.get("url")
    if url is None:
        held = _secret(values, "url_env", where, environment)
        try:  # the address of some services is itself a secret, so an error must not show it
            url = _url(held)
        except ValueError:
            raise WatchesInvalid(f"{where}, key 'url_env': the variable holds no usable address") from None
    secret = _secret(values, "secret_env", where, environment)
    return WebhookChannel(values["name"], url or "", secret, Digest(values.get("digest", Digest.NONE)))


def _email(values: dict[str, Any], where: str, environment: Mapping[str, str]) -> Channel:
    if ("user_env" in values) != ("password_env" in values):
        raise WatchesInvalid(f"{where}: the keys 'user_env' and 'password_env' go together")
    security = Security(values.get("security", Security.STARTTLS))
    if "user_env" in values and security is Security.NONE and not is_loopback(values["host"]):
        raise WatchesInvalid(f"{where}, key 'security': a password needs starttls or tls")
    return EmailChannel(
        values["name"],
        values["host"],
        values.get("port", DEFAULT_PORTS[security]),
        values["from"],
        values["to"],
        security,
        _secret(values, "user_env", where, environment),
        _secret(values, "password_env", where, environment),
        Digest(values.get("digest", Digest.NONE)),
    )


def _secret(values: Mapping[str, Any], key: str, where: str, environment: Mapping[str, str]) -> str | None:
    """Return what the variable holds that a key names; None where there is no such key."""
    if key not in values:
        return None
    secret = environment.get(values[key], "").strip()
    if not secret:
        raise WatchesInvalid(f"{where}, key {key!r}: the environment variable {values[key]} is not set")
    return secret


def _variable(value: Any) -> str:
    name = text(value)
    if not _VARIABLE.fullmatch(name):  # it may be the secret itself, so it is not shown
        raise ValueError("the name of an environment variable is expected, not the secret itself")
    return name


def _url(value: Any) -> str:
    url = text(value)
    try:
        check_url(url)
    except FetchFailed as error:
        raise ValueError(f"an http(s) address is expected: {error}") from None
    if "@" in urlsplit(url).netloc:
        raise ValueError("an address must not hold a user name or password; use 'url_env' or 'secret_env'")
    return url


def _host(value: Any) -> str:
    host = text(value).lower()
    if not re.fullmatch(r"[a-z0-9_.:-]{1,253}", host) or host.count(":") == 1:
        raise ValueError("a host name or an address without a port is expected")
    return host


def _mailbox(value: Any) -> str:
    """Return an e-mail address. One without a domain, or with a display name, is refused."""
    address = text(value)
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError):
        raise ValueError(
            f"an e-mail address such as desk@example.org is expected, not {address!r:.80}"
        ) from None
    if not parsed.domain or not parsed.username or not address.isascii():
        raise ValueError(f"an e-mail address such as desk@example.org is expected, not {address!r:.80}")
    return address


_NAME: Mapping[str, Callable[[Any], Any]] = {"kind": text, "name": text}
_FEED = {**_NAME, "path": text, "title": text, "feed_url": _url}
_DIGEST = {"digest": choice(*Digest)}
_SCHEMAS: Mapping[str, tuple[Mapping[str, Callable[[Any], Any]], tuple[str, ...], Callable[..., Channel]]] = {
    ATOM: (_FEED, ("path",), _file),
    JSON_FEED: (_FEED, ("path",), _file),
    WEBHOOK: (
        {**_NAME, "url": _url, "url_env": _variable, "secret_env": _variable, **_DIGEST},
        (),
        _webhook,
    ),
    EMAIL: (
        {
            **_NAME, "host": _host, "port": whole(1, 65_535), "from": _mailbox, "to": one_or_more(_mailbox),
            "security": choice(*Security), "user_env": _variable, "password_env": _variable, **_DIGEST,
        },
        ("host", "from", "to"),
        _email,
    ),
}  # fmt: skip
"""The schema of each kind of channel: its keys, those that are required, and what builds the channel."""
