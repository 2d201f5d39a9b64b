"""An object store in memory behind Beam's FileSystems, under ``mem://``. Like Cloud Storage it has no folders."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from typing import Any, ClassVar

from apache_beam.io.filesystem import BeamIOError, FileMetadata, FileSystem


class _Writer(io.BytesIO):
    def __init__(self, objects: dict[str, bytes], path: str) -> None:
        super().__init__()
        self._objects, self._path = objects, path

    def close(self) -> None:
        self._objects[self._path] = self.getvalue()
        super().close()


class MemoryStore(FileSystem):
    """The store. ``objects``: content by path. ``refused``: paths that cannot be deleted."""

    objects: ClassVar[dict[str, bytes]] = {}
    refused: ClassVar[set[str]] = set()

    @classmethod
    def scheme(cls) -> str:
        return "mem"

    def join(self, basepath: str, *paths: str) -> str:
        return posixpath.join(basepath, *paths)

    def split(self, path: str) -> tuple[str, str]:
        head, _, tail = path.rpartition("/")
        return head, tail

    def mkdirs(self, path: str) -> None:
        pass

    def has_dirs(self) -> bool:
        return False

    def _list(self, dir_or_prefix: str) -> Iterator[FileMetadata]:
        for path, content in sorted(self.objects.items()):
            if path.startswith(dir_or_prefix):
                yield FileMetadata(path, len(content))

    def create(self, path: str, *_: Any, **__: Any) -> _Writer:
        return _Writer(self.objects, path)

    def open(self, path: str, *_: Any, **__: Any) -> io.BytesIO:
        if path not in self.objects:
            raise OSError(f"no {path}")
        return io.BytesIO(self.objects[path])

    def rename(self, source_file_names: list[str], destination_file_names: list[str]) -> None:
        for source, target in zip(source_file_names, destination_file_names, strict=True):
            self.objects[target] = self.objects.pop(source)

    def copy(self, source_file_names: list[str], destination_file_names: list[str]) -> None:
        for source, target in zip(source_file_names, destination_file_names, strict=True):
            self.objects[target] = self.objects[source]

    def exists(self, path: str) -> bool:
        return path in self.objects

    def size(self, path: str) -> int:
        return len(self.objects[path])

    def last_updated(self, path: str) -> float:
        return 0.0

    def checksum(self, path: str) -> str:
        return ""

    def metadata(self, path: str) -> FileMetadata:
        return FileMetadata(path, len(self.objects[path]))

    def delete(self, paths: list[str]) -> None:
        # As in Cloud Storage, a path is a pattern.
        paths = [file.path for found in self.match(paths) for file in found.metadata_list]
        failed = {path: OSError("refused") for path in paths if path in self.refused}
        for path in paths:
            if path not in failed:
                self.objects.pop(path, None)
        if failed:
            raise BeamIOError("Delete operation failed", failed)
