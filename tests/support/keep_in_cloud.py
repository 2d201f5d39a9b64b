"""Keeps and deletes payloads in a folder of Cloud Storage, at the address in STORAGE_EMULATOR_HOST.

It prints what happened as JSON. A process of its own runs it, with the Python that has Google's client.
"""

from __future__ import annotations

import json
import random
import sys

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from schemas.identity import sha256_hex
from transforms.storage.payload_files import payload_files
from transforms.storage.payloads import PayloadKeeper, read_payload
from transforms.storage.sweep import sweep_payloads


def main(folder: str) -> None:
    FileSystems.set_options(PipelineOptions(no_auth=True))
    data = [random.Random(number).randbytes(20_000) for number in range(4)]
    keeper = PayloadKeeper(folder, 65_000)
    uris = [keeper.keep(content) for content in data]
    letters = {sha256_hex(data[0]): True, sha256_hex(data[1]): False}
    done = {
        "kept": [
            uri is not None and read_payload(uri) == content for uri, content in zip(uris, data, strict=True)
        ],
        "files": len(payload_files(folder)),
        "deleted": sweep_payloads(folder, lambda: letters),
        "left": [file.sha256 == sha256_hex(data[0]) for file in payload_files(folder)],
        "deleted_later": sweep_payloads(folder, lambda: letters),
    }
    print(json.dumps(done))


if __name__ == "__main__":
    main(sys.argv[1])
