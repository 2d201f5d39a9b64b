"""robots.txt by RFC 9309. The only module that imports protego."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from transforms.util.errors import FetchFailed
from transforms.web.messages import ROBOTS_NAME, Answer

MAX_ROBOTS_BYTES = 500 * 1024
_MIN_CRAWL_DELAY_SECONDS = 1.0
_MAX_CRAWL_DELAY_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a host's robots.txt allows.

    Without ``rules`` everything is allowed; with a ``refusal`` everything is forbidden, and it says why.
    """

    rules: Protego | None = None
    refusal: str | None = None

    @property
    def crawl_delay_s(self) -> float:
        """Return the delay that the host asks for, limited to 1 to 120 seconds; 0 where it asks for none."""
        delay = self.rules.crawl_delay(ROBOTS_NAME) if self.rules is not None else None
        if not delay:
            return 0.0
        return min(max(float(delay), _MIN_CRAWL_DELAY_SECONDS), _MAX_CRAWL_DELAY_SECONDS)

    def check(self, url: str) -> None:
        """Refuse a page that must not be fetched.

        Raises:
            FetchFailed: ``robots_denied``, or ``robots_unreachable`` while the file cannot be fetched.
        """
        if self.refusal is not None:
            raise FetchFailed("robots_unreachable", f"robots.txt: {self.refusal}")
        if self.rules is not None and not self.rules.can_fetch(url, ROBOTS_NAME):
            raise FetchFailed("robots_denied", "robots.txt forbids this page")


def robots_url(url: str) -> str:
    """Return the address of the robots.txt that governs a page."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def read_rules(answer: Answer | FetchFailed) -> RobotsRules:
    """Return the rules that follow from the answer to a request for robots.txt.

    By RFC 9309, section 2.3.1, a status 4xx or too many redirects allow everything; a status 5xx or no answer
    forbids everything. 429 forbids too, because it only says that the host is busy. Only the first 500 KiB of
    a file count (section 2.5).
    """
    if isinstance(answer, FetchFailed):
        is_absent = answer.status is not None and 400 <= answer.status < 500 and answer.status != 429
        if is_absent or answer.reason in ("empty_body", "too_many_redirects"):
            return RobotsRules()
        return RobotsRules(refusal=str(answer))
    text = answer.body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").replace("\x00", "")
    return RobotsRules(Protego.parse(text))
