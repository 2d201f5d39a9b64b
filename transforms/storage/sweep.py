"""Deleting payloads that no open dead letter names any more.

A payload goes after the transaction that resolved its letter, never before. So a crash at any point leaves
either a letter with its payload, or a payload too many, which the next run deletes.
"""

import logging
from collections.abc import Callable

from transforms.storage.payload_files import PayloadFile, delete_files, payload_files
from transforms.storage.payloads import is_payload
from transforms.util.counters import count

_log = logging.getLogger(__name__)


def sweep_payloads(folder: str, read_letters: Callable[[], dict[str, bool]]) -> int:
    """Delete the payloads of a folder that are of no use, and return how many.

    Other files in the folder stay, whatever their names: a file that no letter names is deleted only if its
    name is the hash of what it holds. Call it under the warehouse's lease: then no other run is writing
    payloads whose letters are not stored yet. A failure is logged and counted; the run that calls this has
    stored its rows already.

    Args:
        folder: where the warehouse's payloads are.
        read_letters: returns, for the hash of each payload that a dead letter names, whether one of them is
            open. It is called only if the folder has payloads.
    """
    try:
        files = payload_files(folder)
        letters = read_letters() if files else {}
        useless = [file.path for file in files if _is_useless(file, letters)]
        delete_files(useless)
    except Exception as error:  # noqa: BLE001  each file system has its own
        _log.warning("payloads that are of no use could not be deleted: %s", error)
        count(sweep_payloads, "failed")
        return 0
    count(sweep_payloads, "deleted", len(useless))
    return len(useless)


def _is_useless(file: PayloadFile, letters: dict[str, bool]) -> bool:
    if file.is_part:
        return True
    if file.sha256 in letters:
        return not letters[file.sha256]
    # A run that crashed wrote it, and its letters were never stored; or this program did not make it.
    return is_payload(file.path, file.sha256)
