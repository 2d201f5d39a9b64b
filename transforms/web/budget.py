"""What one run spends on each host. What a host's budget does not allow waits for the next run.

A host can hold a run up in two ways: it asks for long waits (Crawl-delay, Retry-After), or it answers slowly.
Both are counted in seconds. A fast host that gives many pages is limited only by the number of its requests.
"""

from collections import defaultdict
from dataclasses import dataclass

from schemas.vocabulary import DEFERRED
from transforms.util.errors import FetchFailed
from transforms.web.messages import FetchPolicy

_SLOW_ANSWER_SECONDS = 2.0
"""Quicker answers cost nothing. Otherwise a busy machine, which reads all answers late, would defer the pages
of good hosts."""


@dataclass(slots=True)
class HostBudget:
    """What one run has spent on one host.

    ``requests``: number of requests. ``spent_s``: seconds that the run waited for the host. ``behind_s``: how
    many of these seconds the host took beyond the usual delay; requests at the usual delay reduce it again.
    """

    policy: FetchPolicy
    requests: int = 0
    spent_s: float = 0.0
    behind_s: float = 0.0

    def take(self, wait_s: float, usual_delay_s: float) -> None:
        """Take one request from the budget.

        Args:
            wait_s: seconds that the host must be left alone before the request.
            usual_delay_s: seconds between two requests to a host that asks for no longer delay.

        Raises:
            FetchFailed: ``deferred``; the request must not be sent in this run.
        """
        behind_s = max(0.0, self.behind_s + wait_s - usual_delay_s)
        if self.requests >= self.policy.host_requests:
            raise _deferred(f"a run sends {self.policy.host_requests:,} requests to one host")
        if behind_s > self.policy.slow_host_s:
            raise _deferred(f"a run waits {self.policy.slow_host_s:g} s for a slow host")
        if self.spent_s + wait_s > self.policy.host_budget_s:
            raise _deferred(f"a run spends {self.policy.host_budget_s:g} s on one host")
        self.requests += 1
        self.spent_s += wait_s
        self.behind_s = behind_s

    def record_answer(self, seconds: float) -> None:
        """Record how long an answer took. Requests that run at the same time share the time."""
        if seconds > _SLOW_ANSWER_SECONDS:
            self.spent_s += seconds / self.policy.parallel_per_host
            self.behind_s += seconds / self.policy.parallel_per_host


def _deferred(limit: str) -> FetchFailed:
    return FetchFailed(DEFERRED, f"left for the next run: {limit}", is_tried=False)


class RunBudget:
    """The budgets of all hosts in one run. A redirect spends the budget of the host that it leads to."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._hosts: defaultdict[str, HostBudget] = defaultdict(lambda: HostBudget(policy))

    def of(self, host: str) -> HostBudget:
        """Return the budget of a host, by its key."""
        return self._hosts[host]
