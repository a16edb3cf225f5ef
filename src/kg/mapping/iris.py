"""Identifiers: IRIs made from what a thing is, never from where it stands."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import quote

from kg.errors import RequestError
from kg.model import SourceRef
from kg.namespaces import BASE

__all__ = ["Iris", "Unique", "checked_base", "digest", "slug", "step", "text_key"]

_MOST = 100
# More of a text is not spelled out; putting a long run of marks into their order takes long.
_SPELLED = 2000
# Accents of the Latin, Greek and Cyrillic scripts; marks of other scripts are part of a word.
_ACCENT = re.compile("[\u0300-\u036f]")


def slug(text: str) -> str:
    """Return a text as lower-case words joined by hyphens, letters of any script kept.

    >>> slug("Réseaux & Internet: Basics")
    'reseaux-internet-basics'

    A text without a letter or digit, one with symbols that a slug cannot show (`C++`), or a very
    long one, is told apart by a short hash.
    """
    plain = _ACCENT.sub("", unicodedata.normalize("NFKD", text[:_SPELLED].casefold()))
    kept = (c if _in_word(c) else " " for c in unicodedata.normalize("NFKC", plain))
    words = "-".join("".join(kept).split())
    is_long = len(words) > _MOST or len(text) > _SPELLED
    if not words or is_long or any(map(_is_telling, text)):
        return (words[:_MOST].rstrip("-") + "-" if words else "x-") + short_hash(text_key(text))
    return words


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _is_telling(character: str) -> bool:
    """Tell whether a character makes another name: C, C# and C++ are three things."""
    return character in "#%" or unicodedata.category(character).startswith("S")


def step(name: str) -> str:
    """Return a name as a step of a path: as it is, or else as a slug.

    >>> step("1.1.1"), step("My mappings (new)")
    ('1.1.1', 'my-mappings-new')
    """
    return name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) else slug(name)


def short_hash(text: str) -> str:
    """Return eight hexadecimal digits that tell texts apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def digest(text: str) -> str:
    """Return the beginning of a long text as a slug, with a hash of the whole.

    >>> digest("Keep borrower accounts correct and up to date.")
    'keep-borrower-accounts-correct-and-up-to-9bd3dd1f'
    """
    key = text_key(text)
    return f"{slug(key)[:40].rstrip('-')}-{short_hash(key)}"


def text_key(text: str) -> str:
    """Fold case, white space and a final full stop: how texts of tasks and titles are matched."""
    return " ".join(text.split()).casefold().rstrip(".").rstrip()


def checked_base(base: str) -> str:
    """Return a base for data IRIs that ends in a slash or `#`; RequestError if it cannot be one."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"{}|^`\\]+", base):
        raise RequestError(f"--base {base!r} is not an absolute IRI such as {BASE}")
    return base if base.endswith(("/", "#")) else base + "/"


@dataclass
class Unique:
    """Gives each wanted IRI once: a repeated one gets `-2`, `-3` and so on."""

    used: set[str] = field(default_factory=set)
    #: The number to try next, so that many repeats are not counted from the start each time.
    following: dict[str, int] = field(default_factory=dict)

    def __call__(self, wanted: str) -> str:
        result, number = wanted, self.following.get(wanted, 2)
        while result in self.used:
            result, number = f"{wanted}-{number}", number + 1
        self.following[wanted] = number
        self.used.add(result)
        return result


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs of data below one base."""

    base: str = BASE

    def graph(self, name: str) -> str:
        """Return the IRI of a named graph: `page/<title-slug>`, `onet/30.2`, `catalog`."""
        return f"{self.base}graph/{name}"

    def page_graph(self, title: str) -> str:
        """Return the graph of a page."""
        return self.graph(f"page/{slug(title)}")

    def links_graph(self, graph: str) -> str:
        """Return the graph of what is inferred about a graph: `links/page/<title-slug>`."""
        return self.graph(f"links/{graph.removeprefix(self.graph(''))}")

    def page_document(self, title: str) -> str:
        """Return the document of a page."""
        return f"{self.base}document/page/{slug(title)}"

    def release_document(self, version: str) -> str:
        """Return the document of an O*NET release."""
        return f"{self.base}document/onet/{version}"

    def rdf_graph(self, name: str) -> str:
        """Return the graph of what an RDF document says in no graph of its own."""
        return self.graph(f"rdf/{name}")

    def rdf_document(self, name: str) -> str:
        """Return the document of RDF files."""
        return f"{self.base}document/rdf/{name}"

    @property
    def dataset(self) -> str:
        """All graphs of a generation together."""
        return f"{self.base}dataset"

    @property
    def occupation_prefix(self) -> str:
        """What precedes the code of an occupation."""
        return f"{self.base}occupation/"

    @property
    def task_prefix(self) -> str:
        """What precedes the ID of a task."""
        return f"{self.base}task/"

    @property
    def element_prefix(self) -> str:
        """What precedes the ID of an element of the content model."""
        return f"{self.base}element/"

    @property
    def soc_prefix(self) -> str:
        """What precedes the code of a SOC group."""
        return f"{self.base}soc/"

    def soc_group(self, code: str) -> str:
        """Return the SOC group of a six-digit code, such as 15-1232."""
        return self.soc_prefix + code

    def framework(self, title: str, kind: str) -> str:
        """Return a framework of the page with this title."""
        return f"{self.base}framework/{slug(title)}/{kind}"

    def frameworks(self, title: str) -> str:
        """Return what the frameworks of the page with this title begin with, and its statements."""
        return f"{self.base}framework/{slug(title)}/"

    def occupation(self, code: str) -> str:
        """Return an occupation by its code."""
        return self.occupation_prefix + code

    def occupation_without_code(self, title: str) -> str:
        """Return an occupation that only its title is known of."""
        return self.occupation_prefix + slug(title)

    def task(self, task_id: str) -> str:
        """Return a task by its ID."""
        return self.task_prefix + task_id

    def task_without_id(self, text: str) -> str:
        """Return a task that only its text is known of."""
        return self.task_prefix + digest(text)

    def link(self, method: str, statement: str, task_id: str) -> str:
        """Return the link that a method makes between a statement, by its IRI, and a task."""
        return f"{self.base}link/{method}/{statement.removeprefix(self.base)}/{task_id}"

    def element(self, element_id: str) -> str:
        """Return an element of the O*NET content model."""
        return self.element_prefix + element_id

    def source(self, source: SourceRef) -> str:
        """Return a source, or a version of it other than the catalogue's: `source/onet/29.0`.

        No key holds a slash, and a version's own is escaped: two sources are never one.
        """
        version = f"/{quote(source.version, safe='')}" if source.version else ""
        return f"{self.base}source/{source.key}{version}"

    def term(self, scheme_name: str, name: str) -> str:
        """Return a concept that a page introduces."""
        return f"{self.base}{scheme_name}/{slug(name)}"
