"""The Atom feed of a site: with the address of the site its links are absolute, as RFC 4287 readers need them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from conftest import Ledger
from lxml import etree
from sample_records import a_report
from site_links import faults_of
from store_reports import store_as_run

from pipelines.arguments import ConfigurationInvalid, base_url
from pipelines.cli import main

ATOM = "{http://www.w3.org/2005/Atom}"
RELATIVE = "links in the site's Atom feed are relative"


def _links(ledger: Ledger, *options: str) -> dict[str, str]:
    """Return the links of the feed of a new site: those of its own entry and of the feed, by relation."""
    site = ledger.folder / "site"
    assert main(["dashboard", "--site", str(site), *options, "--warehouse", ledger.url]) == 0
    # The pages stay relative, whatever the links of the feed are.
    assert [fault for fault in faults_of(site) if "incidents.atom" not in fault] == []
    feed = etree.parse(site / "api/incidents.atom").getroot()
    return {link.get("rel"): link.get("href") for link in feed.iter(f"{ATOM}link")}


@pytest.mark.parametrize("given", ["https://paper.example/strikes", "https://paper.example/strikes/"])
def test_with_the_address_of_the_site_the_links_of_the_feed_are_absolute(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    report = a_report(1)
    store_as_run(ledger, report)
    links = _links(ledger, "--base-url", given)
    assert links["self"] == "https://paper.example/strikes/api/incidents.atom"
    own = f"https://paper.example/strikes/incidents/i-{report.report_id}/index.html"
    assert links["alternate"] == own
    assert all(urlsplit(link).scheme for link in links.values())
    assert RELATIVE not in capsys.readouterr().err


def test_without_it_they_are_relative_and_one_line_says_so(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    report = a_report(1)
    store_as_run(ledger, report)
    links = _links(ledger)
    assert "self" not in links
    assert links["alternate"] == f"../incidents/i-{report.report_id}/index.html"
    assert capsys.readouterr().err.count(RELATIVE) == 1


@pytest.mark.parametrize(
    "text",
    ["", "paper.example", "/strikes", "ftp://paper.example/", "https://", "https://u:secret@paper.example/",
     "https://paper.example/?a=1", "https://paper.example/#top", "https://paper.example:x/", "https://a b.example/",
     "https://[::1/"],
)  # fmt: skip
def test_an_address_that_no_site_has_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationInvalid, match="--base-url takes the address"):
        base_url(text)


def test_it_goes_with_a_site(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--out", str(ledger.folder / "d.html"), "--base-url", "https://paper.example/"]
    assert main(["dashboard", *options, "--warehouse", ledger.url]) == 2
    assert "--base-url goes with --site DIR" in capsys.readouterr().err
