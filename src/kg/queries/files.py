"""Query files: SPARQL with a header that says what the query answers and what it takes.

The header is the run of lines at the top that begin with `#+`, in the style of grlc:

    #+ summary: One line that a list of queries shows.
    #+ description: What the answer holds, and how it is ordered. A text that goes on
    #+   in further lines is indented there.
    #+ params:
    #+   - name: domain
    #+     kind: domain
    #+     description: The domain, by name or IRI.
    #+   - name: position
    #+     kind: integer
    #+     optional: true
    #+     description: Only the statements at this position.
    #+ empty: One sentence that says when an answer without rows is right.

This is YAML, of which only a small part is read: keys that are listed here, texts without
quotation, and one list. A text may not hold `: ` or ` #`, nor begin with a mark that means
something to YAML, so that any YAML reader finds the same in it. A parameter may have a `default`
or be `optional`, not both. It is written `$name` in the query, every other variable `?name`, so
the file is valid SPARQL as it stands. A file without a header is a query without parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kg.errors import InputError
from kg.queries.tokens import MAX_BYTES, scan
from kg.resources import folder

__all__ = [
    "FOLDERS",
    "KINDS",
    "NODE_KINDS",
    "NamedQuery",
    "Parameter",
    "find_query",
    "load_queries",
    "parse_query",
    "read_query",
]

#: The folders of named queries.
FOLDERS = ("checks", "competency", "construct")
#: Kinds of parameters whose values are names of nodes; `node` is a node of any kind.
NODE_KINDS = (
    "classification",
    "commodity",
    "concept",
    "document",
    "domain",
    "element",
    "esco-occupation",
    "esco-skill",
    "figure",
    "framework",
    "node",
    "occupation",
    "section",
    "source",
    "stage",
    "statement",
    "task",
    "technology",
)
#: All kinds of parameters: a `text` is in English, a `string` has no language.
KINDS = ("decimal", "integer", "iri", "string", "text", *NODE_KINDS)

_KEYS = ("description", "empty", "params", "summary")
_PARAM_KEYS = ("default", "description", "kind", "name", "optional")
_LINE = re.compile(r"#\+(?P<indent> *)(?P<dash>- +)?(?:(?P<key>[A-Za-z]+):(?: +|$))?(?P<text>.*)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN = re.compile(r"""(?![-?:] )[^\s\[\]{}>|*&!%#`@,"'](?:(?!:\s|:$|\s#).)*""")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query: its name without `$`, and what a value has to be."""

    name: str
    kind: str
    description: str
    default: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query file; `kind` is the folder of a named query, and empty for any other."""

    name: str
    kind: str
    path: Path
    summary: str
    description: str
    params: tuple[Parameter, ...]
    empty: str
    text: str


@cache
def load_queries() -> dict[str, NamedQuery]:
    """Return the named queries by name, the stem of their file.

    Raises InputError where a file is ill-formed, or two have the same name.
    """
    return {name: _load(name) for name in sorted(_paths())}


def find_query(name: str) -> NamedQuery | None:
    """Return a named query, of which only the file is read; None where there is none so named.

    Raises InputError as `load_queries` does.
    """
    return _load(name) if name in _paths() else None


@cache
def _load(name: str) -> NamedQuery:
    path = _paths()[name]
    return replace(read_query(path), kind=path.parent.name)


@cache
def _paths() -> dict[str, Path]:
    paths: dict[str, Path] = {}
    for kind in FOLDERS:
        for path in sorted((folder("queries") / kind).glob("*.rq")):
            if path.stem in paths:
                raise InputError(f"{paths[path.stem]} has the same name", str(path))
            paths[path.stem] = path
    return paths


def read_query(path: Path) -> NamedQuery:
    """Read a query file; raises InputError where that fails or its header is ill-formed."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(error.strerror or str(error), str(path)) from None
    if len(data) > MAX_BYTES:
        raise InputError(f"is longer than the {MAX_BYTES:,} bytes of a query", str(path))
    try:
        return parse_query(data.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", str(path)) from None


def parse_query(text: str, file: str) -> NamedQuery:
    """Make a query of the text of a file; raises InputError with file and line."""
    lines = text.splitlines()
    count = next((i for i, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    for number, line in enumerate(lines[count:], count + 1):
        if line.startswith("#+"):
            raise InputError("header lines stand together at the top", file, number)
    header = _Header(file)
    for number, line in enumerate(lines[:count], 1):
        header.read(line, number)
    params = header.parameters()
    if count:
        _check_variables(text, params, file)
    path = Path(file)
    texts = {key: value for key, (value, _) in header.texts.items()}
    return NamedQuery(
        path.stem,
        "",
        path,
        texts.get("summary", ""),
        texts.get("description", ""),
        tuple(params),
        texts.get("empty", ""),
        text,
    )


def _check_variables(text: str, params: dict[Parameter, int], file: str) -> None:
    """Raise InputError where parameters and the variables written with `$` are not the same."""
    names = {param.name for param in params}
    used: set[str] = set()
    for token in scan(text):
        if token.kind == "variable":
            name, line = token.text[1:], text.count("\n", 0, token.start) + 1
            is_parameter = token.text[0] == "$"
            if is_parameter and name not in names:
                raise InputError(f"${name} is no parameter of the header", file, line)
            if not is_parameter and name in names:
                raise InputError(f"?{name} is a parameter: write ${name}", file, line)
            used.add(name)
    for param, line in params.items():
        if param.name not in used:
            raise InputError(f"the query does not use ${param.name}", file, line)


class _Header:
    """The header as it is read: texts by key, and parameters, each with its line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.texts: dict[str, tuple[str, int]] = {}
        self.params: list[dict[str, tuple[str, int]]] = []
        # What a further line continues: where it stands, and how far that is indented.
        self.open: tuple[dict[str, tuple[str, int]], str, int] | None = None

    def read(self, line: str, number: int) -> None:
        match = _LINE.fullmatch(line)
        indent, dash, key, text = (
            match.group("indent", "dash", "key", "text") if match else [""] * 4
        )
        if not indent:
            raise InputError("a header line is '#+ key: text'", self.file, number)
        depth, text = len(indent) - 1, text.strip()
        if self.open and not dash and depth > self.open[2]:
            self._continue(f"{key}: {text}" if key else text, number)
        elif not key:
            raise InputError(f"expected 'key: text', found {text!r}", self.file, number)
        elif depth == 0 and not dash:
            self._key(self.texts, _KEYS, key, text, 0, number)
        elif "params" not in self.texts:
            raise InputError("an indented line belongs to nothing", self.file, number)
        else:
            if dash:
                self.params.append({})
                depth += len(dash)
            elif not self.params:
                raise InputError("a parameter begins with '- name: …'", self.file, number)
            self._key(self.params[-1], _PARAM_KEYS, key, text, depth, number)

    def _key(
        self,
        into: dict[str, tuple[str, int]],
        allowed: tuple[str, ...],
        key: str,
        text: str,
        depth: int,
        number: int,
    ) -> None:
        if key not in allowed:
            wanted = ", ".join(allowed)
            raise InputError(f"unknown key {key!r}; allowed: {wanted}", self.file, number)
        if key in into:
            raise InputError(f"{key} stands there twice", self.file, number)
        if (key == "params") == bool(text):
            wanted = "params holds a list" if text else f"{key} needs a text"
            raise InputError(wanted, self.file, number)
        self._check_plain(text, number)
        into[key] = (text, number)
        self.open = None if key == "params" else (into, key, depth)

    def _continue(self, text: str, number: int) -> None:
        assert self.open is not None
        into, key, _ = self.open
        before, line = into[key]
        # Only the first line may not begin like something else than a text.
        self._check_plain(f"x {text}", number)
        into[key] = (f"{before} {text}", line)

    def _check_plain(self, text: str, number: int) -> None:
        if text and not _PLAIN.fullmatch(text):
            raise InputError(
                "a text may not hold ': ' or ' #', nor begin with a mark of YAML",
                self.file,
                number,
            )

    def parameters(self) -> dict[Parameter, int]:
        """Return the parameters in order, each with its line."""
        return dict(self._parameters())

    def _parameters(self) -> Iterator[tuple[Parameter, int]]:
        seen: set[str] = set()
        for fields in self.params:
            line = min(number for _, number in fields.values())
            values = {key: value for key, (value, _) in fields.items()}
            for key in ("name", "kind", "description"):
                if key not in values:
                    raise InputError(f"a parameter needs a {key}", self.file, line)
            name, kind = values["name"], values["kind"]
            if not _NAME.fullmatch(name):
                raise InputError(
                    f"name {name!r}: use a-z, 0-9 and _, a letter first", self.file, line
                )
            if name in seen:
                raise InputError(f"two parameters are called {name!r}", self.file, line)
            if kind not in KINDS:
                raise InputError(f"kind {kind!r}; allowed: {', '.join(KINDS)}", self.file, line)
            optional = values.get("optional", "false")
            if optional not in ("true", "false"):
                raise InputError("optional is true or false", self.file, line)
            if optional == "true" and "default" in values:
                raise InputError("a parameter with a default is not optional", self.file, line)
            seen.add(name)
            default = values.get("default")
            yield Parameter(name, kind, values["description"], default, optional == "true"), line
