"""``read_again``: from articles to second readings, second reports and the count of what became of each article."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.records import Article, DroppedFields, SecondReading, SecondReport
from schemas.rows import record_to_row
from schemas.validation import check_row
from schemas.vocabulary import ReadingOutcome
from transforms.nlp.batches import TEXT_ERRORS
from transforms.nlp.gate import is_worth_reading
from transforms.nlp.language import load_pack
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.second_reader.ask import Answered, Failed, Left, Result, ask_articles
from transforms.nlp.second_reader.prompt import reader_version
from transforms.nlp.second_reader.read_answer import Answer, ReadAnswer, parse_answer, read_answer
from transforms.nlp.second_reader.reader_settings import ReaderSettings
from transforms.nlp.second_reader.reading_budget import Budget

MAX_ATTEMPTS = 3
"""An article that was sent so often in vain is not sent again."""
NOT_WORTH_READING = "not_worth_reading"


@dataclass(frozen=True, slots=True)
class Unread:
    """An article to read. ``attempts``: how often it was sent in vain."""

    article: Article
    attempts: int = 0


@dataclass(slots=True)
class Tally:
    """What became of the articles of one run, and what it took.

    ``read``: of these ``from_store`` by an answer on the same text that was known already. ``dropped`` and ``failed``:
    by reason. ``left``: by reason, for a later run.
    """

    articles: int = 0
    read: int = 0
    from_store: int = 0
    reports: int = 0
    fields_kept: int = 0
    fields_dropped: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Add the counts of further articles."""
        for name in ("articles", "read", "from_store", "reports", "fields_kept"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("fields_dropped", "dropped", "failed", "left"):
            getattr(self, name).update(getattr(other, name))

    def check(self) -> None:
        """Raise an error where the outcomes do not add up to the articles."""
        ends = self.read + self.dropped.total() + self.failed.total() + self.left.total()
        if ends != self.articles:
            raise AssertionError(f"second reader: {self.articles} articles have {ends} outcomes")


@dataclass(slots=True)
class SecondReadings:
    """What the second reader gave: rows of both tables, and the tally.

    ``stopped``: why no further article can be read in this run, None where more can.
    """

    readings: list[SecondReading] = field(default_factory=list)
    reports: list[SecondReport] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    stopped: str | None = None


def read_again(
    unread: Sequence[Unread],
    settings: ReaderSettings,
    budget: Budget,
    seconds: float,
    now: str,
    stored_answers: Mapping[str, str] | None = None,
) -> SecondReadings:
    """Return the second readings of articles.

    An article that the gate stops is dropped. Of articles with one text, one is sent; the others get its answer, each
    checked against its own headline and date.

    Args:
        unread: the articles, the most urgent first.
        settings: of the reader.
        budget: of the run; it is spent.
        seconds: the longest time to take.
        now: the instant that the rows name.
        stored_answers: answers that are known, by the SHA-256 of the text.
    """
    done = _Reading(reader_version(settings), settings.model, now)
    done.result.tally.articles = len(unread)
    worth_reading = []
    for item in unread:
        if is_worth_reading(item.article):
            worth_reading.append(item)
        else:
            done.drop(item)
    answers = dict(stored_answers or {})
    firsts = {
        i.article.text_sha256: i for i in reversed(worth_reading) if i.article.text_sha256 not in answers
    }
    to_ask = [i for i in worth_reading if firsts.get(i.article.text_sha256) is i]
    results = ask_articles([i.article for i in to_ask], settings, budget, seconds) if to_ask else []
    if results and isinstance(results[-1], Left):
        done.result.stopped = results[-1].reason  # asked about in order: budget, time or endpoint gave out
    by_text: dict[str, Result] = {}
    for item, result in zip(to_ask, results, strict=True):
        by_text[item.article.text_sha256] = result
        done.add(item, result)
    for item in worth_reading:
        text = item.article.text_sha256
        if firsts.get(text) is item:
            continue
        same = by_text.get(text)
        if same is None:
            done.add(item, _known(answers[text]), is_from_store=True)
        elif isinstance(same, Answered):
            done.add(item, _known(same.answer.text), is_from_store=True)
        else:
            done.add(item, Left(same.reason))
    done.result.tally.check()
    return done.result


def _known(content: str) -> Answered:
    """Return an answer that costs nothing."""
    return Answered(parse_answer(content), 0, 0)


@dataclass(slots=True)
class _Reading:
    """Collects the outcomes."""

    reader: str
    model: str
    now: str
    result: SecondReadings = field(default_factory=SecondReadings)

    def drop(self, item: Unread) -> None:
        """Record an article that is not worth reading."""
        self.result.tally.dropped[NOT_WORTH_READING] += 1
        self._row(item, ReadingOutcome.DROPPED, NOT_WORTH_READING, item.attempts)

    def add(self, item: Unread, result: Result, *, is_from_store: bool = False) -> None:
        """Record what came of an article. One that is left has no row, so a later run reads it."""
        tally = self.result.tally
        match result:
            case Left(reason):
                tally.left[reason] += 1
            case Failed(reason, prompt_tokens, answer_tokens):
                tally.failed[reason] += 1
                tokens = (prompt_tokens, answer_tokens)
                self._row(item, ReadingOutcome.FAILED, reason, item.attempts + 1, tokens)
            case Answered(answer, prompt_tokens, answer_tokens):
                read = self._read(item.article, answer)
                if read is None:
                    self.add(item, Failed("invalid_answer", prompt_tokens, answer_tokens))
                    return
                tally.read += 1
                tally.from_store += is_from_store
                tally.reports += len(read.reports)
                tally.fields_kept += read.kept
                tally.fields_dropped += read.dropped
                tokens = (prompt_tokens, answer_tokens)
                self._row(item, ReadingOutcome.READ, None, item.attempts, tokens, read, answer.text)
                self.result.reports += read.reports

    def _read(self, article: Article, answer: Answer) -> ReadAnswer | None:
        """Return what is kept of an answer, None where it breaks the reading: it must harm no other article."""
        pack = load_pack(article.language)
        try:
            read = read_answer(article, answer.raw_reports, self.reader, open_gazetteer(), pack)
            for report in read.reports:
                check_row("second_reports_v1", record_to_row(report))
        except TEXT_ERRORS:
            return None
        return read

    def _row(
        self,
        item: Unread,
        outcome: ReadingOutcome,
        reason: str | None,
        attempts: int,
        tokens: tuple[int, int] | None = None,
        read: ReadAnswer | None = None,
        answer: str | None = None,
    ) -> None:
        read = read or ReadAnswer()
        self.result.readings.append(
            SecondReading(
                article_url=item.article.article_url,
                article_version=item.article.version,
                reader=self.reader,
                model=self.model,
                text_sha256=item.article.text_sha256,
                outcome=str(outcome),
                reason=reason,
                attempts=attempts,
                asked_at=self.now,
                reports=len(read.reports),
                fields_kept=read.kept,
                fields_dropped=[DroppedFields(why, number) for why, number in sorted(read.dropped.items())],
                prompt_tokens=tokens[0] if tokens else None,
                answer_tokens=tokens[1] if tokens else None,
                answer=answer,
            )
        )
