"""The closed lists of the ledger. Values are what stands in the tables."""

from enum import StrEnum


class Weapon(StrEnum):
    """What struck, as reported."""

    BALLISTIC_MISSILE = "ballistic_missile"
    CRUISE_MISSILE = "cruise_missile"
    MISSILE = "missile"
    DRONE = "drone"
    GUIDED_BOMB = "guided_bomb"
    AIRSTRIKE = "airstrike"
    ROCKET = "rocket"
    ARTILLERY = "artillery"
    MORTAR = "mortar"
    CLUSTER_MUNITION = "cluster_munition"
    MINE_OR_IED = "mine_or_ied"
    MIXED = "mixed"
    UNKNOWN = "unknown"


WEAPON_FAMILY = {
    Weapon.BALLISTIC_MISSILE: "missile",
    Weapon.CRUISE_MISSILE: "missile",
    Weapon.MISSILE: "missile",
    Weapon.CLUSTER_MUNITION: "missile",
    Weapon.DRONE: "drone",
    Weapon.GUIDED_BOMB: "air",
    Weapon.AIRSTRIKE: "air",
    Weapon.ROCKET: "rocket",
    Weapon.ARTILLERY: "artillery",
    Weapon.MORTAR: "artillery",
    Weapon.MINE_OR_IED: "mine",
    Weapon.MIXED: "any",
    Weapon.UNKNOWN: "any",
}
"""Weapons that careful readers of different outlets take for one another."""


class Target(StrEnum):
    """What was hit."""

    RESIDENTIAL = "residential"
    PLAYGROUND = "playground"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    MARKET = "market"
    SHOP_OR_RESTAURANT = "shop_or_restaurant"
    HOTEL = "hotel"
    WORSHIP = "worship"
    ENERGY = "energy"
    WATER = "water"
    INDUSTRY = "industry"
    TRANSPORT = "transport"
    PORT = "port"
    AIRPORT = "airport"
    AID = "aid"
    MEDIA = "media"
    GOVERNMENT = "government"
    MILITARY = "military"
    CAMP = "camp"
    STREET = "street"
    VEHICLE = "vehicle"
    OTHER = "other"


class ClaimStatus(StrEnum):
    """How well the account stands."""

    REPORTED = "reported"
    CLAIMED = "claimed"
    DISPUTED = "disputed"


class Outcome(StrEnum):
    """The fates of a feed entry; every entry meets exactly one."""

    WRITTEN = "written"
    DUPLICATE = "duplicate"
    DROPPED = "dropped"
    DEAD_LETTER = "dead_letter"


class Stage(StrEnum):
    """Where something failed."""

    POLL = "poll"
    PARSE = "parse"
    FETCH = "fetch"
    CLEAN = "clean"
    EXTRACT = "extract"


class TextSource(StrEnum):
    """Where an article's text came from."""

    PAGE = "page"
    FEED = "feed"
    FULL_CONTENT_FEED = "full_content_feed"


class Retry(StrEnum):
    """When a failure is worth another try without a person's doing."""

    NEXT_RUN = "next_run"
    NEXT_DAY = "next_day"
    NEVER = "never"


REASONS: dict[str, Retry] = {
    # the feed
    "not_a_feed": Retry.NEXT_RUN,
    "html_instead_of_feed": Retry.NEXT_RUN,
    "unsupported_format": Retry.NEXT_DAY,
    "parse_error": Retry.NEXT_RUN,
    "parse_timeout": Retry.NEXT_DAY,
    "xml_entity_bomb": Retry.NEXT_DAY,
    # address and guard
    "bad_url": Retry.NEVER,
    "bad_scheme": Retry.NEVER,
    "ssrf_blocked": Retry.NEVER,
    "port_blocked": Retry.NEVER,
    # HTTP
    "too_many_redirects": Retry.NEXT_RUN,
    "bad_redirect": Retry.NEXT_RUN,
    "body_too_large": Retry.NEXT_RUN,
    "deadline": Retry.NEXT_RUN,
    "bad_headers": Retry.NEXT_RUN,
    "bad_body": Retry.NEXT_RUN,
    "partial_body": Retry.NEXT_RUN,
    "empty_body": Retry.NEXT_RUN,
    "unexpected_304": Retry.NEXT_RUN,
    "rate_limited": Retry.NEXT_RUN,
    "gone": Retry.NEVER,
    "not_found": Retry.NEXT_RUN,
    "http_error": Retry.NEXT_RUN,
    "legal": Retry.NEXT_DAY,
    "bot_wall": Retry.NEXT_DAY,
    "conn_refused": Retry.NEXT_RUN,
    "conn_reset": Retry.NEXT_RUN,
    "dns_error": Retry.NEXT_RUN,
    "tls_error": Retry.NEXT_RUN,
    "tls_expired": Retry.NEXT_RUN,
    "tls_untrusted": Retry.NEXT_RUN,
    "tls_wrong_host": Retry.NEXT_RUN,
    "robots_denied": Retry.NEXT_DAY,
    "robots_unreachable": Retry.NEXT_RUN,
    # the page
    "not_html": Retry.NEXT_RUN,
    "soft_404": Retry.NEXT_RUN,
    "paywall": Retry.NEXT_DAY,
    "consent_wall": Retry.NEXT_RUN,
    "js_only": Retry.NEXT_RUN,
    "extract_empty": Retry.NEXT_RUN,
    "extract_timeout": Retry.NEXT_DAY,
    # the text and its rows
    "extraction_failed": Retry.NEXT_RUN,
    "row_invalid": Retry.NEVER,
    "row_too_large": Retry.NEVER,
}
"""Every reason of a dead letter, and when it is due again. A wall, an oversized body or a page of the
wrong kind is as often a passing fault of the server as a lasting one, so it is tried again too."""

PERMANENT_REASONS = frozenset({"gone", "not_found", "soft_404", "legal"})
"""The page is gone for readers as well: the feed's own text may stand in for it."""
