"""What a run may spend on the second reader, and what it has spent. No clock: the caller limits the time."""

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """Requests and tokens of one run.

    ``requests``, ``tokens``: the limits. ``asked``: requests sent. ``prompt_tokens``, ``answer_tokens``: tokens of the
    requests that were answered. ``reserved``: the most that the requests on their way can take.
    """

    requests: int
    tokens: int
    asked: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    reserved: int = 0

    def take(self, most_tokens: int) -> bool:
        """Reserve one request of at most so many tokens. Return whether the budget allows it."""
        spent = self.prompt_tokens + self.answer_tokens + self.reserved
        if self.asked >= self.requests or spent + most_tokens > self.tokens:
            return False
        self.asked += 1
        self.reserved += most_tokens
        return True

    def settle(self, most_tokens: int, prompt_tokens: int, answer_tokens: int) -> None:
        """Replace what ``take`` reserved by what a request took."""
        self.reserved -= most_tokens
        self.prompt_tokens += prompt_tokens
        self.answer_tokens += answer_tokens
