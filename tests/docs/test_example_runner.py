"""A worked example that does not do what its page says fails its test."""

from __future__ import annotations

from pathlib import Path

import pytest
from doc_examples import ExampleFailed, blocks_of, run_page

FILE = '<!-- example: file -->\n```text title="a/words.txt"\none\ntwo\nthree\nfour\nfive\n```\n'
PATCH = """<!-- example: patch -->
```diff
--- a/a/words.txt
+++ b/a/words.txt
@@ -2,3 +2,3 @@
 two
-three
+drei
 four
```
"""
RUN = "<!-- example: run -->\n```bash\ncat a/words.txt\n```\n"
OUTPUT = "<!-- example: output -->\n```\none\nd...i\n  five\n```\n"


def run(folder: Path, text: str, **replaced: str) -> None:
    page = folder / "page.md"
    page.write_text(f"# Page\n\n{text}", "utf-8")
    (folder / "work").mkdir()
    run_page(page, folder / "work", replaced)


def test_a_page_that_holds_passes(tmp_path: Path) -> None:
    run(tmp_path, f"{FILE}\n{PATCH}\n{RUN}\nProse.\n\n{OUTPUT}")
    assert (tmp_path / "work/a/words.txt").read_text() == "one\ntwo\ndrei\nfour\nfive\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{FILE}{RUN}{OUTPUT}", "not printed: 'd...i'"),
        (f"{FILE}{PATCH}{RUN}" + OUTPUT.replace("one\nd...i", "d...i\none"), "not printed: 'one'"),
        (f"{FILE}{PATCH.replace('-three', '-tree')}", "patch does not apply"),
        (RUN, "exit status 1"),
        (RUN.replace("cat", "false | cat <"), "exit status 1"),
        (RUN.replace("run", "runs"), "unusable marker 'runs'"),
        (FILE.replace('title="a/words.txt"', ""), "unusable marker 'file'"),
        (RUN.replace("-->", "-->\n"), "no block on the next line"),
        (RUN.replace("cat a/words.txt", "curl https://news.test/feed.xml"), "would reach news.test"),
    ],
)
def test_a_page_that_does_not_hold_fails(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ExampleFailed) as failed:
        run(tmp_path, text)
    assert says in str(failed.value)


def test_what_the_test_replaces_must_be_on_the_page(tmp_path: Path) -> None:
    with pytest.raises(ExampleFailed, match="no block has"):
        run(tmp_path, FILE, once="twice")


def test_blocks_know_their_lines(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{FILE}\n{RUN}", "utf-8")
    assert [(b.kind, b.title, b.line) for b in blocks_of(page)] == [
        ("file", "a/words.txt", 5),
        ("run", "", 14),
    ]
