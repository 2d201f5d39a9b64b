"""Asking the second reader about articles: within the budget, in parallel, and not at all once the endpoint is down."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.records import Article
from transforms.nlp.second_reader.prompt import (
    estimated_answer_tokens,
    estimated_tokens,
    repair_of,
    request_of,
)
from transforms.nlp.second_reader.read_answer import Answer, AnswerInvalid, parse_answer
from transforms.nlp.second_reader.reader_settings import ReaderSettings
from transforms.nlp.second_reader.reading_budget import Budget
from transforms.web.completions import Completion, CompletionClient, CompletionFailed

OVER_BUDGET, OUT_OF_TIME = "over_budget", "out_of_time"
_FAULTS_BEFORE_DOWN = {"deadline": 2, "server_error": 2, "no_connection": 2}
"""Faults in a row after which the endpoint counts as down; all others of the endpoint mean it at once."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that can be read."""

    answer: Answer
    prompt_tokens: int
    answer_tokens: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The article was sent, and what came cannot be used. ``reason``: one of ``READING_FAULTS``."""

    reason: str
    prompt_tokens: int
    answer_tokens: int


@dataclass(frozen=True, slots=True)
class Left:
    """The article was not read, for a reason that is not its own: a later run may read it."""

    reason: str


Result = Answered | Failed | Left


@dataclass(slots=True)
class _Breaker:
    """Decides when the endpoint is down. ``reason``: why, None while it is up."""

    reason: str | None = None
    has_answered: bool = False
    _faults_in_a_row: int = 0

    def record_answer(self) -> None:
        """Record that the endpoint answered, usable or not."""
        self.has_answered, self._faults_in_a_row = True, 0

    def record(self, failure: CompletionFailed) -> None:
        """Record a failure."""
        if failure.is_of_article and failure.reason != "deadline":
            self.record_answer()
            return
        self._faults_in_a_row += 1
        if self._faults_in_a_row >= _FAULTS_BEFORE_DOWN.get(failure.reason, 1):
            self.reason = self.reason or failure.reason


@dataclass(slots=True)
class _Asking:
    """The state of one run's questions."""

    settings: ReaderSettings
    budget: Budget
    client: CompletionClient
    breaker: _Breaker = field(default_factory=_Breaker)
    results: dict[int, Result] = field(default_factory=dict)

    async def ask_in_turn(
        self, numbered: Iterator[tuple[int, Article]], *, until_answer: bool = False
    ) -> None:
        """Ask about one article after another; several tasks share the iterator.

        Args:
            numbered: the articles that nobody has taken yet.
            until_answer: stop once the endpoint has answered.
        """
        while not (until_answer and self.breaker.has_answered):
            taken = next(numbered, None)
            if taken is None:
                return
            number, article = taken
            if self.breaker.reason is not None:
                self.results[number] = Left(self.breaker.reason)
            else:
                self.results[number] = await self._result_of(article)

    async def _result_of(self, article: Article) -> Result:
        request = request_of(article, self.settings)
        prompt_tokens = answer_tokens = 0
        for may_repair in (True, False):
            completion = await self._send(request)
            if not isinstance(completion, Completion):
                return completion
            prompt_tokens += completion.prompt_tokens or 0
            answer_tokens += completion.answer_tokens or 0
            try:
                return Answered(parse_answer(completion.content), prompt_tokens, answer_tokens)
            except AnswerInvalid as error:
                if may_repair:
                    most = 4 * self.settings.max_answer_tokens
                    request = repair_of(request, completion.content, str(error), most)
        return Failed("invalid_answer", prompt_tokens, answer_tokens)

    async def _send(self, request: dict[str, Any]) -> Completion | Failed | Left:
        """Send one request if the budget allows it. The completion has its tokens, at least estimated."""
        sent = estimated_tokens(request)
        most = sent + self.settings.max_answer_tokens
        if not self.budget.take(most):
            return Left(OVER_BUDGET)
        try:
            got = await self.client.ask(request)
        except CompletionFailed as failure:
            self.breaker.record(failure)
            spent = sent if failure.is_of_article else 0
            received = self.settings.max_answer_tokens if failure.reason == "cut_off" else 0
            self.budget.settle(most, spent, received)
            return Failed(failure.reason, spent, received) if failure.is_of_article else Left(failure.reason)
        self.breaker.record_answer()
        sent = got.prompt_tokens if got.prompt_tokens is not None else sent
        received = (
            got.answer_tokens if got.answer_tokens is not None else estimated_answer_tokens(got.content)
        )
        self.budget.settle(most, sent, received)
        return Completion(got.content, sent, received)


def ask_articles(
    articles: Sequence[Article], settings: ReaderSettings, budget: Budget, seconds: float
) -> list[Result]:
    """Return what came of asking about each article, in their order.

    Until the endpoint has answered once, one request is on the way at a time, so a dead endpoint costs one wait. An
    answer that cannot be read is asked for once more.

    Args:
        articles: to be read, the most urgent first.
        settings: of the reader.
        budget: of the run; it is spent.
        seconds: the longest time to take. Requests on the way then are given up.
    """
    return asyncio.run(_ask_all(articles, settings, budget, seconds))


async def _ask_all(
    articles: Sequence[Article], settings: ReaderSettings, budget: Budget, seconds: float
) -> list[Result]:
    numbered = enumerate(articles)
    async with CompletionClient(settings.endpoint, settings.parallel) as client:
        asking = _Asking(settings, budget, client)
        try:
            async with asyncio.timeout(seconds):
                await asking.ask_in_turn(numbered, until_answer=True)
                await asyncio.gather(*(asking.ask_in_turn(numbered) for _ in range(settings.parallel)))
        except TimeoutError:
            pass
    results = [asking.results.get(number, Left(OUT_OF_TIME)) for number in range(len(articles))]
    if asking.breaker.reason == "deadline":
        # The endpoint hangs. That is no fault of the articles that met it, so it counts as no attempt on them.
        return [Left(r.reason) if isinstance(r, Failed) and r.reason == "deadline" else r for r in results]
    return results
