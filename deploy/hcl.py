"""Reading Terraform's files without Terraform: what is declared, what is referred to, who may do what.

No provider is at hand offline, so names of arguments are not checked: ``terraform validate`` does that.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import hcl2
from lark.exceptions import LarkError

_BLOCKS = ("resource", "data")
_GIVEN = {"each", "count", "path", "self", "terraform"}
_NAME = re.compile(r"(?<![\w.\"-])([A-Za-z_][\w-]*)\.([A-Za-z_][\w-]*)(?:\.([A-Za-z_][\w-]*))?")
_FILE = re.compile(r"\bfile\(\"([^\"]+)\"\)")


class HCLInvalid(ValueError):
    """A file that does not parse; the message is one line."""


class Terraform:
    """The files of one folder.

    Raises:
        HCLInvalid: one of them does not parse.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, dict[str, Any]] = {}
        for path in sorted(folder.glob("*.tf")):
            try:
                self.files[path.name] = hcl2.loads(path.read_text("utf-8"))
            except (LarkError, ValueError) as error:
                first = str(error).strip().splitlines()[0] if str(error) else type(error).__name__
                raise HCLInvalid(f"{path.name}: {first}") from None

    def blocks(self, kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield (type, name, body) of resources or data."""
        for content in self.files.values():
            for block in content.get(kind, []):
                for type_, named in block.items():
                    for name, body in named.items():
                        yield _bare(type_), _bare(name), body

    @cached_property
    def locals(self) -> dict[str, Any]:
        """All local values, as they are written."""
        return {
            name: value
            for content in self.files.values()
            for block in content.get("locals", [])
            for name, value in block.items()
            if not name.startswith("__")
        }

    @cached_property
    def variables(self) -> dict[str, Any]:
        """The variables and what is said of each."""
        return {
            _bare(name): body
            for content in self.files.values()
            for block in content.get("variable", [])
            for name, body in block.items()
        }

    def unresolved(self) -> list[str]:
        """Return what is referred to and declared nowhere."""
        declared = {kind: {(t, n) for t, n, _ in self.blocks(kind)} for kind in _BLOCKS}
        types = {type_ for type_, _ in declared["resource"]}
        faults = []
        for file, content in self.files.items():
            iterators = {_bare(name) for name in _keys_of(content, "dynamic")}
            for text in _expressions(content):
                for root, name, third in _NAME.findall(_outside_strings(text)):
                    known = (
                        root in _GIVEN
                        or root in iterators
                        or (root == "var" and name in self.variables)
                        or (root == "local" and name in self.locals)
                        or (root == "data" and (name, third) in declared["data"])
                        or (root in types and (root, name) in declared["resource"])
                    )
                    if not known:
                        faults.append(
                            f"{file}: {'.'.join(filter(None, (root, name, third)))} is declared nowhere"
                        )
        return sorted(set(faults))

    def missing_files(self) -> list[str]:
        """Return the files that are read and not there; ``each.key`` stands for any."""
        faults = []
        for file, content in self.files.items():
            for text in _expressions(content):
                for path in _FILE.findall(text):
                    pattern = self._filled(path)
                    found = list(self.folder.glob(pattern))
                    if not found:
                        faults.append(f"{file}: no file {pattern}")
        return faults

    def _filled(self, path: str) -> str:
        """Return a path with its local values put in, relative to the folder."""
        filled = re.sub(r"\$\{local\.(\w+)\}", lambda m: _bare(str(self.locals.get(m.group(1), "?"))), path)
        filled = filled.replace("${path.module}/", "")
        return re.sub(r"\$\{each\.\w+\}", "*", filled)

    def grants(self) -> Iterator[tuple[str, str, str]]:
        """Yield (account, type of the resource, role) of every grant."""
        for type_, _, body in self.blocks("resource"):
            if "_iam_" not in type_ or type_.endswith("_custom_role"):
                continue
            match = re.search(
                r"google_service_account\.(\w+)\.", str(body.get("member", body.get("members")))
            )
            roles = re.findall(r"roles/[\w.]+", str([body.get("role"), body.get("for_each")]))
            for role in roles or ["?"]:
                yield match.group(1) if match else str(body.get("member")), type_, role


def parameter_names(expression: str, terraform: Terraform) -> set[str]:
    """Return the parameters of ``merge(local.parameters, { name = ... })``."""
    own = re.search(r"merge\(local\.parameters,\s*\{([^{}]*)\}\s*\)", expression)
    names = {name for name in terraform.locals["parameters"] if not name.startswith("__")}
    return names | set(re.findall(r"(\w+)\s*[=:]", own.group(1) if own else ""))


def _bare(text: str) -> str:
    return text.strip('"')


def _keys_of(value: Any, label: str) -> Iterator[str]:
    """Yield the labels of the blocks of one kind, wherever they are."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == label:
                for block in inner:
                    yield from (name for name in block if not name.startswith("__"))
            yield from _keys_of(inner, label)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys_of(inner, label)


def _expressions(value: Any) -> Iterator[str]:
    """Yield every text that holds an expression."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _expressions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _expressions(inner)
    elif isinstance(value, str) and "${" in value:
        yield value


def _outside_strings(text: str) -> str:
    """Return the code of an expression: of its quoted strings only what they put in."""
    is_whole = text.startswith("${") and text.endswith("}")
    code = text[2:-1] if is_whole else text

    def put_in(match: re.Match[str]) -> str:
        return " " + " ".join(re.findall(r"\$\{([^{}]*)\}", match.group())) + " "

    return re.sub(r'"(?:[^"\\$]|\\.|\$(?!\{)|\$\{[^}]*\})*"', put_in, code)
