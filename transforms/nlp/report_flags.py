"""Why a reader should look at a report before trusting it: its ``flags``."""

from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.strikes import Strike

TOLL_BEYOND_HEADLINE = "toll_beyond_headline"
TOLL_ABOVE_300 = "toll_above_300"
CUMULATIVE_WORDING = "cumulative_wording"
ASSUMED_DATE = "assumed_date"
UNLISTED_PLACE = "unlisted_place"
_LARGE_TOLL = 300
"""No single strike of the annotated articles killed more. A larger number is usually that of a war."""


def report_flags(strike: Strike, findings: Findings, pack: LanguagePack) -> list[str]:
    """Return the flags of a strike's report, in a fixed order."""
    found, cue = [], pack.patterns["casualties.cumulative_toll"]
    killed = strike.toll.killed
    if killed is not None and killed.low is not None:
        headline = [c.low or 0 for c in findings.counts_in(0, findings.title_end) if c.kind == "killed"]
        if headline and killed.low > max(headline):
            found.append(TOLL_BEYOND_HEADLINE)
        if killed.low > _LARGE_TOLL:
            found.append(TOLL_ABOVE_300)
        sentence = next((s for s in findings.sentences if s.start <= killed.start < s.end), None)
        if sentence is not None and cue.search(findings.text, sentence.start, sentence.end):
            found.append(CUMULATIVE_WORDING)
    if strike.unit.interval is not None and strike.unit.time is None:
        found.append(ASSUMED_DATE)
    if strike.place.kind == "unlisted":
        found.append(UNLISTED_PLACE)
    return found
