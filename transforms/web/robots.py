"""robots.txt by RFC 9309. The one place that imports protego."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from transforms.util.errors import FetchFailed
from transforms.web.messages import ROBOTS_NAME, Answer

MAX_ROBOTS_BYTES = 500 * 1024
_DELAY_S = (1.0, 120.0)


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a host allows: ``rules`` is null where it allows, or for ``refusal`` forbids, everything."""

    rules: Protego | None = None
    refusal: str | None = None

    @property
    def crawl_delay_s(self) -> float:
        """Return the delay the host asks for, within 1 to 120 s; 0 where it asks for none."""
        delay = self.rules.crawl_delay(ROBOTS_NAME) if self.rules is not None else None
        return 0.0 if not delay else min(max(float(delay), _DELAY_S[0]), _DELAY_S[1])

    def check(self, url: str) -> None:
        """Raise where a page may not be fetched.

        Raises:
            FetchFailed: ``robots_denied``, or ``robots_unreachable`` while the file can't be had.
        """
        if self.refusal is not None:
            raise FetchFailed("robots_unreachable", f"robots.txt: {self.refusal}")
        if self.rules is not None and not self.rules.can_fetch(url, ROBOTS_NAME):
            raise FetchFailed("robots_denied", "robots.txt forbids this page")


def robots_url(url: str) -> str:
    """Return where the robots.txt of a page's host stands."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def rules_of(answer: Answer | FetchFailed) -> RobotsRules:
    """Return the rules of an answer: a 4xx allows everything, a 5xx or no answer forbids it (RFC 9309,
    2.3.1); of a file, the first 500 KiB count."""
    if isinstance(answer, FetchFailed):
        is_absent = answer.status is not None and 400 <= answer.status < 500 and answer.status != 429
        if is_absent or answer.reason in ("empty_body", "too_many_redirects"):
            return RobotsRules()
        return RobotsRules(refusal=str(answer))
    text = answer.body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").replace("\x00", "")
    return RobotsRules(Protego.parse(text))
