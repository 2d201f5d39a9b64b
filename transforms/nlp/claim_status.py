"""How certain the account of a strike is: reported, only claimed, or disputed."""

from collections.abc import Sequence

from schemas.vocabulary import ClaimStatus
from transforms.nlp.blocks import Sentence
from transforms.nlp.findings import Findings


def status_of(sentences: Sequence[Sentence], findings: Findings) -> ClaimStatus:
    """Return the claim status of a strike by the cues in the sentences that tell of it."""
    kinds = {
        cue.kind for cue in findings.attributions if any(s.start <= cue.start < s.end for s in sentences)
    }
    if kinds & {"dispute", "attacker"}:
        return ClaimStatus.DISPUTED
    return ClaimStatus.CLAIMED if "claim" in kinds else ClaimStatus.REPORTED
