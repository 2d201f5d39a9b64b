"""The closed lists of the ledger. A member's value is the word that the tables store."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

ANY_FAMILY = "any"
"""The family of a weapon that names no kind: it neither agrees nor disagrees with another weapon."""

_AIR = "Air/drone strike"
_SHELLING = "Shelling/artillery/missile attack"
_PLANTED = "Remote explosive/landmine/IED"


@dataclass(frozen=True, slots=True)
class WeaponClass:
    """What the ledger knows about one class of weapon.

    ``family``: outlets often confuse weapons of one family, so comparisons use the family.
    ``specificity``: where reports name several weapons of one family, the incident gets the one with the
    highest number. The number is unique in its family and is never compared with another family's.
    ``acled_sub_event_type``: ACLED's name for it, one of the sub-events of "Explosions/Remote violence" in
    the ACLED codebook (https://acleddata.com/knowledge-base/codebook/); None where no single name fits.
    ``map_group``: the group whose colour the dashboard's map uses.
    """

    family: str
    specificity: int
    acled_sub_event_type: str | None
    map_group: str


class Weapon(StrEnum):
    """What struck, as reported: one row for each class of weapon.

    The rest of the project takes the classes from here. SQL, the dashboard's page and the lexicon cannot
    import this table, so ``tests/schemas/test_weapons.py`` compares them with it. To add a class, add a row
    and run that test: it names every other place that lacks the class.
    """

    traits: WeaponClass

    def __new__(cls, word: str, traits: WeaponClass | None = None) -> Self:
        """Return a member whose value is the word alone.

        ``traits`` has a default only because mypy checks the look-up ``Weapon("drone")`` by this signature.

        Raises:
            TypeError: a row has no traits.
        """
        if traits is None:
            raise TypeError(f"the weapon class {word} has no traits")
        member = str.__new__(cls, word)
        member._value_ = word
        member.traits = traits
        return member

    BALLISTIC_MISSILE = "ballistic_missile", WeaponClass("missile", 4, _SHELLING, "missile")
    CRUISE_MISSILE = "cruise_missile", WeaponClass("missile", 3, _SHELLING, "missile")
    MISSILE = "missile", WeaponClass("missile", 1, _SHELLING, "missile")
    DRONE = "drone", WeaponClass("drone", 1, _AIR, "drone")
    GUIDED_BOMB = "guided_bomb", WeaponClass("air", 2, _AIR, "air")
    AIRSTRIKE = "airstrike", WeaponClass("air", 1, _AIR, "air")
    ROCKET = "rocket", WeaponClass("rocket", 1, _SHELLING, "ground")
    ARTILLERY = "artillery", WeaponClass("artillery", 1, _SHELLING, "ground")
    MORTAR = "mortar", WeaponClass("artillery", 2, _SHELLING, "ground")
    CLUSTER_MUNITION = "cluster_munition", WeaponClass("missile", 2, _SHELLING, "ground")
    MINE_OR_IED = "mine_or_ied", WeaponClass("mine", 1, _PLANTED, "ground")
    MIXED = "mixed", WeaponClass(ANY_FAMILY, 2, None, "other")
    UNKNOWN = "unknown", WeaponClass(ANY_FAMILY, 1, None, "other")


WEAPON_FAMILY = {weapon: weapon.traits.family for weapon in Weapon}


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
    """How certain the report is: stated as a fact, claimed by one side only, or disputed."""

    REPORTED = "reported"
    CLAIMED = "claimed"
    DISPUTED = "disputed"


class Outcome(StrEnum):
    """What became of a feed entry in a run. Every entry has exactly one outcome."""

    WRITTEN = "written"
    DUPLICATE = "duplicate"
    DROPPED = "dropped"
    DEAD_LETTER = "dead_letter"


OWN_ARTICLES = "own:articles"
"""Takes the place of a feed's address for articles that the user adds. No feed can have it."""


class Stage(StrEnum):
    """The step of the pipeline at which an input failed."""

    POLL = "poll"
    PARSE = "parse"
    FETCH = "fetch"
    CLEAN = "clean"
    EXTRACT = "extract"


class ReadingOutcome(StrEnum):
    """What became of an article that the second reader was to read."""

    READ = "read"
    DROPPED = "dropped"
    FAILED = "failed"


class TextSource(StrEnum):
    """Where an article's text came from."""

    PAGE = "page"
    FEED = "feed"
    FULL_CONTENT_FEED = "full_content_feed"


class Retry(StrEnum):
    """When a failed input is tried again automatically."""

    NEXT_RUN = "next_run"
    NEXT_DAY = "next_day"
    NEVER = "never"


DEFERRED = "deferred"

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
    # no failure: the run had spent its time on the host, and the next run fetches the page
    DEFERRED: Retry.NEXT_RUN,
    # the page
    "not_html": Retry.NEXT_RUN,
    "soft_404": Retry.NEXT_RUN,
    "moved_to_front_page": Retry.NEXT_RUN,
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
"""Every reason of a dead letter, and when the input is tried again. A bot wall, an oversized body or a page
of the wrong kind is often a temporary fault of the server, so these are tried again too."""

PERMANENT_REASONS = frozenset({"gone", "not_found", "soft_404", "legal"})
"""Readers cannot open the page either, so the feed's own text may replace it."""

READING_FAULTS: dict[str, bool] = {
    # the endpoint
    "no_connection": False,
    "blocked": False,
    "redirected": False,
    "unauthorized": False,
    "not_found": False,
    "rate_limited": False,
    "server_error": False,
    # one article or its answer
    "deadline": True,
    "refused": True,
    "answer_too_large": True,
    "bad_body": True,
    "not_a_completion": True,
    "no_content": True,
    "cut_off": True,
    "invalid_answer": True,
}
"""Why the second reader gave no answer, and whether the fault counts as an attempt on the article. A fault of
the endpoint does not: the article waits until the endpoint is well."""


class CorrectionKind(StrEnum):
    """What a person decides about an incident."""

    CONFIRM = "confirm"
    REJECT = "reject"
    SET = "set"
    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"


class Status(StrEnum):
    """Who vouches for an incident: nobody yet (``auto``, ``needs_review``), or the latest decision of a
    person."""

    AUTO = "auto"
    NEEDS_REVIEW = "needs_review"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


class Effect(StrEnum):
    """What a correction does to the ledger as it is now.

    ``agrees``: the reports say the same by now. ``newer_evidence``: the reports have changed since what was
    corrected or confirmed. ``no_report``: none of its reports is left. ``undone``: a later one took it back.
    """

    APPLIED = "applied"
    AGREES = "agrees"
    NEWER_EVIDENCE = "newer_evidence"
    NO_REPORT = "no_report"
    UNDONE = "undone"
