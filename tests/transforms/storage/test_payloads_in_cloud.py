"""Payloads in Cloud Storage: Beam's own file system against a fake of the service on loopback."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fake_cloud import cloud
from ports import free_port

ROOT = Path(__file__).parents[3]
IMAGE = os.environ.get("STRIKELEDGER_IMAGE", "")
"""The contents of the image, which has Google's client (``make deploy-check``)."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not IMAGE and importlib.util.find_spec("google.cloud.storage") is None,
        reason="Google's client is not installed",
    ),
]


def keep_and_sweep(folder: str, port: int) -> dict[str, Any]:
    python = str(Path(IMAGE).absolute() / "venv/bin/python") if IMAGE else sys.executable
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{port}",
        "NO_GCE_CHECK": "true",
    }
    script = ROOT / "tests/support/keep_in_cloud.py"
    done = subprocess.run(
        [python, str(script), folder], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


ALL = {
    "kept": [True, True, True, False],
    "files": 3,
    "deleted": 2,
    "left": [True],
    "deleted_later": 0,
}


@pytest.mark.parametrize("folder", ["a-bucket/files/payloads", "a-bucket/news[1]/payloads*"])
def test_payloads_go_with_their_letters_whatever_the_name_of_the_folder(folder: str) -> None:
    port = free_port()
    with cloud(port, is_open=True) as fake:
        fake.objects |= {f"{folder}/mine.gz": b"mine", "a-bucket/news1/payloads/mine.gz": b"mine"}
        assert keep_and_sweep(f"gs://{folder}", port) == ALL
        assert len(fake.objects) == 3


def test_a_service_that_refuses_to_delete_fails_no_run() -> None:
    port = free_port()
    with cloud(port, is_open=True) as fake:
        fake.refuses_to_delete = True
        done = keep_and_sweep("gs://a-bucket/payloads", port)
    assert (done["kept"], done["deleted"], done["deleted_later"]) == ([True, True, True, False], 0, 0)
