"""Reads Terraform's files without Terraform: declared and undeclared names, files, parameters, and grants.

The names of arguments are not checked, because only a provider knows them and providers are downloaded.
``terraform validate`` checks them.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import hcl2
from lark.exceptions import LarkError

_BLOCK_KINDS = ("resource", "data")
_BUILT_IN = {"each", "count", "path", "self", "terraform"}
_REFERENCE = re.compile(r"(?<![\w.\"-])([A-Za-z_][\w-]*)\.([A-Za-z_][\w-]*)(?:\.([A-Za-z_][\w-]*))?")
_BUCKET = re.compile(r"google_storage_bucket\.(\w+)")
_FILE_CALL = re.compile(r"\bfile\(\"([^\"]+)\"\)")


class Grant(NamedTuple):
    """One role for one account.

    ``kind``: type of the Terraform resource that grants it. ``target``: what it opens, by its name in
    Terraform; ``project`` is the whole project.
    """

    account: str
    kind: str
    role: str
    target: str


class HCLInvalid(ValueError):
    """A file does not parse. The message is one line."""


class Terraform:
    """The ``.tf`` files of one folder, parsed.

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
        """Yield ``(type, name, body)`` of every block of a kind, ``resource`` or ``data``."""
        for content in self.files.values():
            for block in content.get(kind, []):
                for type_, named in block.items():
                    for name, body in named.items():
                        yield _unquoted(type_), _unquoted(name), body

    @cached_property
    def locals(self) -> dict[str, Any]:
        """All local values by name. A value is its unevaluated expression."""
        return {
            name: value
            for content in self.files.values()
            for block in content.get("locals", [])
            for name, value in block.items()
            if not name.startswith("__")
        }

    @cached_property
    def variables(self) -> dict[str, Any]:
        """The bodies of the ``variable`` blocks by name."""
        return {
            _unquoted(name): body
            for content in self.files.values()
            for block in content.get("variable", [])
            for name, body in block.items()
        }

    def undeclared_names(self) -> list[str]:
        """Return a fault for every name that an expression refers to and no file declares."""
        declared = {kind: {(t, n) for t, n, _ in self.blocks(kind)} for kind in _BLOCK_KINDS}
        types = {type_ for type_, _ in declared["resource"]}
        faults = []
        for file, content in self.files.items():
            iterators = {_unquoted(name) for name in _labels_of_blocks(content, "dynamic")}
            for text in _expressions(content):
                for root, name, third in _REFERENCE.findall(_outside_strings(text)):
                    known = (
                        root in _BUILT_IN
                        or root in iterators
                        or (root == "var" and name in self.variables)
                        or (root == "local" and name in self.locals)
                        or (root == "data" and (name, third) in declared["data"])
                        or (root in types and (root, name) in declared["resource"])
                    )
                    if not known:
                        full_name = ".".join(filter(None, (root, name, third)))
                        faults.append(f"{file}: {full_name} is not declared")
        return sorted(set(faults))

    def missing_files(self) -> list[str]:
        """Return a fault for every ``file()`` call that names no existing file.

        ``each.key`` matches any name, because its values are not evaluated.
        """
        faults = []
        for file, content in self.files.items():
            for text in _expressions(content):
                for path in _FILE_CALL.findall(text):
                    pattern = self._glob_of(path)
                    if not list(self.folder.glob(pattern)):
                        faults.append(f"{file}: no file {pattern}")
        return faults

    def _glob_of(self, path: str) -> str:
        """Return a path as a pattern relative to the folder, with its local values replaced."""
        filled = re.sub(
            r"\$\{local\.(\w+)\}", lambda m: _unquoted(str(self.locals.get(m.group(1), "?"))), path
        )
        filled = filled.replace("${path.module}/", "")
        return re.sub(r"\$\{each\.\w+\}", "*", filled)

    def grants(self) -> Iterator[Grant]:
        """Yield every grant. An unknown role or target is ``?``."""
        for type_, _, body in self.blocks("resource"):
            if "_iam_" not in type_ or type_.endswith("_custom_role"):
                continue
            match = re.search(
                r"google_service_account\.(\w+)\.", str(body.get("member", body.get("members")))
            )
            roles = re.findall(r"roles/[\w.]+", str([body.get("role"), body.get("for_each")]))
            account = match.group(1) if match else str(body.get("member"))
            target = _target_of(body)
            for role in roles or ["?"]:
                yield Grant(account, type_, role, target)

    def buckets_of_data(self) -> set[str]:
        """Return the buckets in which jobs keep the list of feeds, staged files and temporary files."""
        places = [self.locals["parameters"].get("feeds"), self.locals["parameters"].get("storage")]
        for _, _, body in self.blocks("resource"):
            places += re.findall(r"(?:temp|staging)_?[lL]ocation\W.*", str(body).replace(", '", "\n"))
        return {name for place in places for name in _BUCKET.findall(str(place))}

    def buckets_of_templates(self) -> set[str]:
        """Return the buckets from which templates are launched."""
        bodies = " ".join(str(body) for _, _, body in self.blocks("resource"))
        return set(re.findall(_BUCKET.pattern + r"\.name\}/templates/", bodies))


def read_terraform(root: Path) -> Terraform | None:
    """Return the files of ``deploy/terraform``, or None if one does not parse. Another check reports that."""
    try:
        return Terraform(root / "deploy/terraform")
    except HCLInvalid:
        return None


def _target_of(body: dict[str, Any]) -> str:
    """Return what a grant opens: the name of a resource in Terraform, or ``project``."""
    for argument in ("bucket", "dataset_id", "repository", "service_account_id"):
        if argument in body:
            match = re.search(r"google_\w+\.(\w+)\.", str(body[argument]))
            return match.group(1) if match else "?"
    return "project" if "project" in body else "?"


def parameter_names(expression: str, terraform: Terraform) -> set[str]:
    """Return the names of the parameters in ``merge(local.parameters, { name = ... })``."""
    own = re.search(r"merge\(local\.parameters,\s*\{([^{}]*)\}\s*\)", expression)
    names = {name for name in terraform.locals["parameters"] if not name.startswith("__")}
    return names | set(re.findall(r"(\w+)\s*[=:]", own.group(1) if own else ""))


def _unquoted(text: str) -> str:
    return text.strip('"')


def _labels_of_blocks(value: Any, kind: str) -> Iterator[str]:
    """Yield the labels of all blocks of one kind, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == kind:
                for block in inner:
                    yield from (name for name in block if not name.startswith("__"))
            yield from _labels_of_blocks(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from _labels_of_blocks(inner, kind)


def _expressions(value: Any) -> Iterator[str]:
    """Yield every string that contains an expression, at any depth."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _expressions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _expressions(inner)
    elif isinstance(value, str) and "${" in value:
        yield value


def _outside_strings(text: str) -> str:
    """Return the code of an expression. Of a quoted string it keeps only the expressions in ``${...}``."""
    is_one_expression = text.startswith("${") and text.endswith("}")
    code = text[2:-1] if is_one_expression else text

    def interpolations(match: re.Match[str]) -> str:
        return " " + " ".join(re.findall(r"\$\{([^{}]*)\}", match.group())) + " "

    return re.sub(r'"(?:[^"\\$]|\\.|\$(?!\{)|\$\{[^}]*\})*"', interpolations, code)
