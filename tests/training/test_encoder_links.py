"""What the encoder learns of an article: which number and which weapon belongs to which strike."""

from training.analysed import analyse_all
from training.corpus import Annotated, Gold
from training.encoder.links import RIVAL_WEIGHT, links_of
from transforms.nlp.language import load_pack
from transforms.nlp.learned.reading import LINKS
from transforms.nlp.open_gazetteer import open_gazetteer

TEXT = "A missile killed four people in Kupiansk on Monday. In Kharkiv a drone injured seven people."
GOLDS = (
    Gold(
        "e1", "Kharkiv", "UA", point=(49.98, 36.25), weapon="drone", injured=(7, 7),
        spans={"place": (1, "Kharkiv"), "injured": (1, "seven"), "weapon": (1, "drone")},
    ),
    Gold(
        "e2", "Kupiansk", "UA", point=(49.71, 37.61), weapon="missile", killed=(4, 4),
        spans={"place": (1, "Kupiansk"), "killed": (1, "four"), "weapon": (1, "missile")},
    ),
)  # fmt: skip


def test_each_strike_is_linked_with_its_own_toll_and_weapon() -> None:
    article = Annotated("f", "1", "Two towns hit", (TEXT,), "2025-05-20", GOLDS)
    gazetteer = open_gazetteer()
    (analysed,) = analyse_all([article], gazetteer)
    row = links_of(analysed, gazetteer, load_pack("en"))
    text = analysed.findings.text
    said = [text[start:end] for start, end in row["others"]]
    mentions = [text[m.start : m.end] for c in analysed.candidates for m in c.mentions]
    found = {
        (mentions[at[0]], said[others[0]], LINKS[kind], strike): (label, weight)
        for at, others, kind, label, weight, strike in row["links"]
    }
    assert found["Kupiansk", "four", "killed", 1] == (1, 1.0)
    assert found["Kharkiv", "four", "killed", 0] == (0, RIVAL_WEIGHT)
    assert found["Kharkiv", "seven", "injured", 0][0] == 1
    assert found["Kupiansk", "missile", "missile", 1][0] == 1
    assert found["Kharkiv", "missile", "missile", 0][0] == 0
    numbers = {(said[other], LINKS[kind]): label for other, kind, label, _ in row["numbers"]}
    assert numbers["four", "killed"] == 1
    assert numbers["four", "injured"] == 0
