"""An editor at the review desk of a served ledger, as a browser without scripts is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from conftest import Ledger
from lxml import html
from sample_records import KHARKIV, SUMY, a_report
from served_ledger import Answer, Served, serving_ledger
from store_reports import store_as_run

from schemas.records import Report
from schemas.rows import Row

TOKEN = "correct horse battery staple"
FORM = "application/x-www-form-urlencoded"


class Editor:
    """Has the cookie that the server set, and sends the forms that its pages have."""

    def __init__(self, served: Served, name: str = "anna", *, signs_in: bool = True) -> None:
        self.served, self.name, self.cookie = served, name, ""
        if signs_in:
            assert self.sign_in(TOKEN).status == 303

    def sign_in(self, token: str, **more: str) -> Answer:
        return self.post("/sign-in", [("editor", self.name), ("token", token), *more.items()])

    def open(self, path: str) -> Answer:
        return self.served.ask(path, **({"Cookie": self.cookie} if self.cookie else {}))

    def post(self, path: str, fields: list[tuple[str, str]] | bytes, **headers: str) -> Answer:
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        sent = {"Content_Type": FORM, "Origin": self.served.address, "Cookie": self.cookie} | headers
        answer = self.served.ask(path, "POST", body, **{n: v for n, v in sent.items() if v})
        if found := re.match(r"(strikeledger_editor=[^;]*)", answer.headers.get("set-cookie", "")):
            self.cookie = found[1]
        return answer

    def form(self, page: str | Answer, kind: str) -> tuple[str, list[tuple[str, str]]]:
        """Return the address and the hidden fields of a form, as the page has them."""
        text = (self.open(page) if isinstance(page, str) else page).text
        for form in html.fromstring(text).forms:
            if form.fields.get("kind") == kind:
                hidden = form.xpath('.//input[@type="hidden"]')
                return form.action, [(i.get("name"), i.get("value") or "") for i in hidden]
        raise AssertionError(f"no form {kind} in {page}")

    def decide(self, page: str | Answer, kind: str, *fields: tuple[str, str], **more: str) -> Answer:
        """Send a form of a page with what the editor typed."""
        action, hidden = self.form(page, kind)
        return self.post(action, [*hidden, *fields, *more.items()])


KRYVYI = a_report(1)
OTHER = a_report(2, fatalities_low=20, fatalities_best=20, fatalities_high=20)
"""Another report of the same strike."""
NEAR = a_report(3, **KHARKIV, weapon="drone")
DOUBTFUL = a_report(4, **SUMY, confidence=0.2, fatalities_low=40, fatalities_best=40, fatalities_high=40)
PAGE = f"/incidents/i-{KRYVYI.report_id}"


def id_of(report: Report) -> str:
    return f"i-{report.report_id}"


def facts(ledger: Ledger) -> list[Row]:
    """Return all corrections in the order in which they were made."""
    return ledger.rows("SELECT * FROM corrections ORDER BY made_at, correction_id")


def said(answer: Answer) -> str:
    """Return what a page tells about the last decision."""
    return " ".join(
        html.fromstring(answer.text).xpath('string(//*[@role="alert" or @role="status"])').split()
    )


@contextmanager
def a_desk(ledger: Ledger) -> Iterator[Served]:
    """Serve a ledger of three strikes with its desk."""
    store_as_run(ledger, KRYVYI, OTHER, NEAR, DOUBTFUL)
    with serving_ledger(ledger, token=TOKEN) as running:
        yield running


@dataclass(frozen=True)
class Still:
    """A served ledger that no test changes, so that many share it. ``clock``: seconds of its sessions."""

    ledger: Ledger
    served: Served
    editor: Editor
    clock: list[float]


@contextmanager
def a_still_desk(folder: Path) -> Iterator[Still]:
    """Serve a ledger for tests that store nothing."""
    ledger, clock = Ledger(folder), [1_000.0]
    store_as_run(ledger, KRYVYI, OTHER, NEAR, DOUBTFUL)
    with serving_ledger(ledger, token=TOKEN, now=lambda: clock[0]) as running:
        yield Still(ledger, running, Editor(running), clock)
