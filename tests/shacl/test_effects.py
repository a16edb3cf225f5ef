"""Validation of what changed: whatever is edited, nothing that it affects is passed over."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random

import polars as pl
import pytest
from random_cases import BEYOND_CORE, LITERALS, NODES, PROPERTIES, make_case
from rdflib import RDF, RDFS, SH, Graph, Namespace, URIRef
from referee import finding

from kg import quads
from kg.errors import ShapesError
from kg.shacl import (
    Changes,
    affected,
    digests_of,
    near,
    read_plan,
    select_near,
    validate,
    validate_affected,
)
from kg.shacl.tables import table_of
from kg.store import Pattern

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""

Findings = Counter[tuple[str, ...]]
#: What makes a shape say less where it is taken out.
PARAMETERS = {
    *(SH[name] for name in ("minCount", "maxCount", "class", "datatype", "hasValue", "closed")),
    *(SH[name] for name in ("pattern", "nodeKind", "node", "property", "severity", "sparql")),
    *(SH[name] for name in ("equals", "not", "deactivated", "uniqueLang")),
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for every literal that is ill-typed on purpose."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def read(text: str) -> Graph:
    """Return a graph written in Turtle, without its prefixes."""
    return Graph().parse(data=PREFIXES + text, format="turtle")


def asking(patterns: str) -> Graph:
    """Return a shape of ex:C whose query finds the nodes that patterns match."""
    return read(
        f"""ex:s a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql [ sh:prefixes ex:o ;
            sh:select "SELECT $this WHERE {{ {patterns} }}" ] .
        ex:o sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/" ] ."""
    )


def edited(data: Graph, random: Random) -> Graph:
    """Return a graph with some triples taken out, and some put in."""
    new = Graph()
    new += data
    for triple in random.sample(sorted(data), random.randint(0, 3)):
        new.remove(triple)
    for _ in range(random.randint(0, 3)):
        kind = random.random()
        if kind < 0.2:
            new.add(
                (
                    random.choice(NODES),
                    RDF.type,
                    random.choice(sorted(data.objects(None, RDF.type))),
                )
            )
        elif kind < 0.3:
            classes = sorted(set(data.objects(None, RDF.type)))
            new.add((random.choice(classes), RDFS.subClassOf, random.choice(classes)))
        else:
            value = random.choice([*NODES, *LITERALS])
            new.add((random.choice(NODES), random.choice(PROPERTIES), value))
    return new


def named(data: Graph) -> pl.DataFrame:
    """Return a graph as a table with IRIs for blank nodes, whose names in reports may change."""
    table, blank = table_of(data), pl.col("kind") == "blank"
    return table.with_columns(
        pl.col("subject", "object").str.replace("^_:", "http://example.org/blank-"),
        kind=pl.when(blank).then(pl.lit("iri")).otherwise("kind"),
    )


def changes(old: pl.DataFrame, new: pl.DataFrame) -> Changes:
    on = list(quads.COLUMNS)
    return Changes(
        new.join(old, on=on, how="anti", nulls_equal=True),
        old.join(new, on=on, how="anti", nulls_equal=True),
        new[::2],  # whatever is known of the table already
    )


def found(
    table: pl.DataFrame, shapes: Graph, since: Changes | None = None
) -> Counter[tuple[str, ...]]:
    """Return what is found, as often as it is: a property shape's findings once for each parent."""
    return Counter(map(finding, validate(table, shapes, since).results))


def found_near(table: pl.DataFrame, shapes: Graph, since: Changes) -> Findings:
    """Return what is found in the part of a table that a change makes necessary.

    It is the same where somebody tells in which pieces of the table what is asked for stands.
    """
    part = affected(shapes, since)
    whole, told = (
        Counter(map(finding, validate_affected(near, part).results))
        for near in (
            select_near(table.lazy(), part),
            select_near(table.lazy(), part, Pieces(table)),
        )
    )
    assert whole == told
    return whole


class Pieces:
    """Tells in which of three pieces of a table triples stand, and which values are rare."""

    def __init__(self, table: pl.DataFrame) -> None:
        self._is_rare = table.height % 2 == 0
        self._pieces = [table.filter(pl.col("subject").hash() % 3 == n) for n in range(3)]
        self._empty = table.head(0)

    def has_few(self, predicate: str, value: str) -> bool:
        return self._is_rare

    def where(self, patterns: Iterable[Pattern], witnessed: Iterable[Pattern] = ()) -> pl.LazyFrame:
        is_wanted = pl.any_horizontal(pl.lit(value=False), *map(matched, patterns))
        kept = {n for n, piece in enumerate(self._pieces) if piece.filter(is_wanted).height}
        for pattern in witnessed:
            having = (n for n, p in enumerate(self._pieces) if p.filter(matched(pattern)).height)
            kept.update(islice(having, 1))
        return pl.concat([self._empty, *(self._pieces[n] for n in sorted(kept))]).lazy()


def matched(pattern: Pattern) -> pl.Expr:
    """Return what tells whether a row matches a pattern."""
    said = [
        (pl.col(column) == term) & ((pl.col("kind") == "iri") | (column != "object"))
        for column, term in zip(("subject", "predicate", "object"), pattern, strict=True)
        if term is not None
    ]
    return pl.all_horizontal(pl.lit(value=True), *said)


@pytest.mark.parametrize(("seed", "with_queries"), [(0, False), (0, True), (30, True)])
def test_what_changes_is_found(
    seed: int, with_queries: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found newly is found, and what is found no more is checked, whatever the edit."""
    monkeypatch.setattr(near, "_MOST_SCANS", 1 if seed else 6)  # soon, or hardly ever
    restricted, parts = 0, Counter[str]()
    for number in range(seed, seed + 30):
        case, random = make_case(number, with_queries=with_queries), Random(number)
        parts += case.counts
        old, new = named(case.data), named(edited(case.data, random))
        before, after = found(old, case.shapes), found(new, case.shapes)
        forward = found(new, case.shapes, changes(old, new))
        backward = found(old, case.shapes, changes(new, old))

        assert forward <= after, number
        assert after - before <= forward, number
        assert before - after <= backward, number
        assert after == forward + (before - backward), number
        assert forward == found_near(new, case.shapes, changes(old, new)), number
        assert backward == found_near(old, case.shapes, changes(new, old)), number
        restricted += forward != after
    assert restricted
    assert not with_queries or set(BEYOND_CORE) <= parts.keys()


@pytest.mark.parametrize(
    ("query", "gone", "new"),
    [
        ("{ ?a ex:r ?b . FILTER EXISTS { ?y ex:q ?b } }", "", "ex:y ex:q ex:b ."),
        ("{ ?a ex:r ?b . FILTER NOT EXISTS { ?y ex:q ?b } }", "ex:y ex:q ex:b .", ""),
        (
            "{ { ?a ex:r ?b . FILTER EXISTS { ?y ex:q ?b } } UNION { ?a ex:z ?b } }",
            "",
            "ex:y ex:q ex:b .",
        ),
        ("{ ?a ex:r ?b OPTIONAL { ?y ex:q ?b } }", "ex:y ex:q ex:b .", ""),
        (
            "OPTIONAL { { ?a ex:r ?b . FILTER EXISTS { ?y ex:q ?b } } } FILTER (BOUND(?a))",
            "",
            "ex:y ex:q ex:b .",
        ),
    ],
)
def test_groups_see_only_what_is_in_them(query: str, gone: str, new: str) -> None:
    """In a group of its own a variable of outside is any node, so that all can be concerned."""
    shapes = asking(f"$this ex:p ?y . {query}")
    data = "ex:s a ex:C ; ex:p ex:y . ex:t a ex:C ; ex:p ex:z . ex:a ex:r ex:b . "
    before, after = (table_of(read(data + more)) for more in (gone, new))

    fresh = found(after, shapes) - found(before, shapes)
    assert fresh
    assert fresh <= found(after, shapes, changes(before, after))
    assert fresh <= found_near(after, shapes, changes(before, after))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('"a"', '"a"@en'),
        ('"1"', "1"),
        ('"1"', '"1"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ('"http://example.org/n"', "<http://example.org/n>"),
    ],
)
def test_terms_of_one_text_are_targets_each(one: str, other: str) -> None:
    """What makes one term a target says nothing of another that is written alike."""
    shapes = read(
        """ex:s sh:targetObjectsOf ex:p ; sh:datatype ex:D .
        ex:t sh:targetObjectsOf ex:p ; sh:path ex:q ; sh:minCount 1 ."""
    )
    for first, second in ((one, other), (other, one)):
        data = f"ex:x ex:p {first} . ex:u ex:r 1 . "
        old, new = (table_of(read(data + more)) for more in ("", f"ex:y ex:p {second} ."))
        for around in (new.head(0), new[::2], new[1::2], new):
            since = changes(old, new)
            since = Changes(since.added, since.removed, around)
            assert 2 == (found(new, shapes) - found(old, shapes)).total()
            assert found(new, shapes) - found(old, shapes) <= found_near(new, shapes, since)


def test_long_ways_are_read_in_few_scans() -> None:
    """However far what changed is from what a shape looks at, it is read in a handful of scans."""
    shapes = read(
        """ex:s a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:minCount 1001 ;
            sh:path ( ex:list [ sh:zeroOrMorePath ex:rest ] ) ] ."""
    )
    ex = Namespace("http://example.org/")
    old = Graph()
    for place in range(1_000):
        old.add((ex[f"l{place}"], ex.rest, ex[f"l{place + 1}"]))
    new = Graph()
    new += old
    new.add((ex.a, RDF.type, ex.C))
    new.add((ex.a, ex.list, ex.l0))
    one, other = table_of(old), table_of(new)
    changed = changes(one, other)
    added = Changes(changed.added, changed.removed, changed.added)
    told = Told(other)

    assert 0 == len(found(other, shapes, added))
    assert other.height == select_near(other.lazy(), affected(shapes, added), told).height
    assert told.times < 8


class Told(Pieces):
    """Counts how often it is asked where triples stand."""

    times = 0

    def where(self, patterns: Iterable[Pattern], witnessed: Iterable[Pattern] = ()) -> pl.LazyFrame:
        self.times += 1
        return super().where(patterns, witnessed)


@pytest.mark.parametrize("depth", [2, 30])
def test_shapes_that_many_ways_lead_to(depth: int) -> None:
    """A shape that is used twice at each level has more ways to it than can be told."""
    levels = "".join(
        f"""ex:s{level} a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:node ex:s{level + 1} ] ,
            [ sh:path ex:q ; sh:node ex:s{level + 1} ] . """
        for level in range(depth)
    )
    last = f"ex:s{depth} a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] ."
    text = f"ex:s0 sh:targetClass ex:C . {levels} {last}"
    shapes = read(text)
    data = "ex:a a ex:C ; ex:p ex:a ."
    old, new = (table_of(read(data + more)) for more in ("", "ex:a ex:p 1 ."))

    assert found(new, shapes) - found(old, shapes) == found(new, shapes, changes(old, new))
    assert found(new, shapes, changes(old, new)) == found_near(new, shapes, changes(old, new))


def test_variables_that_many_ways_lead_to() -> None:
    """Of a query with more ways than can be told, all focus nodes are checked."""
    unions = " ".join(
        f"{{ ?x{place} ex:p ?x{place + 1} }} UNION {{ ?x{place} ex:q ?x{place + 1} }}"
        for place in range(14)
    ).replace("?x0", "$this")
    shapes = asking(unions)
    data = "ex:a a ex:C . ex:b a ex:C ."
    old, new = (table_of(read(data + more)) for more in ("", "ex:a ex:p ex:a ."))

    assert 1 == found(new, shapes, changes(old, new)).total()
    assert any("checked whole" in n for n in validate(new, shapes, changes(old, new)).notes)
    assert found(new, shapes) == found_near(new, shapes, changes(old, new))


def test_shapes_that_change_are_checked_whole() -> None:
    """Whatever shapes and data become, what is found newly is found, and no more than there is."""
    changed, restricted = 0, 0
    for number in range(60):
        case, random = make_case(number, with_queries=number % 2 == 0), Random(number)
        parameters = [t for t in sorted(case.shapes) if t[1] in PARAMETERS]
        if not parameters:
            continue
        later = Graph()
        later += case.shapes
        later.remove(random.choice(parameters))
        try:
            plan, now = read_plan(case.shapes), read_plan(later)
        except ShapesError:  # without it, the shape is ill-formed
            continue
        old, new = named(case.data), named(edited(case.data, random))
        known = frozenset(digests_of(plan).values())
        part = affected(later, changes(old, new), known)
        forward = Counter(map(finding, validate_affected(new, part).results))
        near = Counter(map(finding, validate_affected(select_near(new.lazy(), part), part).results))
        before, after = found(old, case.shapes), found(new, later)

        assert forward <= after, number
        assert after - before <= forward, number
        assert forward == near, number
        changed += bool(part.unknown)
        restricted += bool(part.unknown) and len(part.unknown) < len(digests_of(now))
    assert changed > 10
    assert restricted > 5


STARS = """
    ex:s1 a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ;
        sh:class ex:D ] ; sh:closed %s .
    ex:s2 sh:targetSubjectsOf ex:q ; sh:path ex:p ; sh:equals ex:q ; sh:maxCount 2 .
    ex:s3 sh:targetObjectsOf ex:p ; sh:path ex:q ; sh:minCount 1 .
    ex:s4 sh:targetClass ex:D ; sh:or ( [ sh:path ex:q ; sh:nodeKind sh:IRI ] [ sh:not ex:s5 ] ) .
    ex:s5 a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:node [ sh:class ex:C ] ] .
    ex:s6 sh:targetClass ex:C ; sh:path [ sh:inversePath ex:p ] ; sh:maxCount 1 .
    ex:s8 sh:targetClass ex:D ; sh:path ex:r ; sh:maxCount 1 ; sh:nodeKind sh:IRI .
    ex:s7 sh:targetClass ex:D ; sh:path ex:p ; sh:node [ sh:equals ex:q ] .
"""


@pytest.mark.parametrize("closed", ["false", "true"])
def test_what_is_near_suffices(closed: str) -> None:
    """Shapes that look only at their focus nodes' triples need no more of the data than these."""
    shapes = read(STARS % closed)
    ex = Namespace("http://example.org/")
    nodes, smaller = [ex[name] for name in "abcdef"], 0
    for seed in range(16):
        random = Random(seed)

        def triple(random: Random = random) -> tuple[URIRef, URIRef, URIRef]:
            if random.random() < 0.4:
                return random.choice(nodes), RDF.type, random.choice([ex.C, ex.D])
            return random.choice(nodes), random.choice([ex.p, ex.q, ex.r]), random.choice(nodes)

        data = Graph()
        for _ in range(14):
            data.add(triple())
        later = Graph()
        later += data
        if seed % 3:
            for gone in random.sample(sorted(data), 2):
                later.remove(gone)
            later.add(triple())
        later.add((random.choice(nodes), ex.r, random.choice(nodes)))
        old, new = table_of(data), table_of(later)
        since = changes(old, new)
        concerned = affected(shapes, since)
        smaller += select_near(new.lazy(), concerned).height < new.height

        assert found(new, shapes, since) == found_near(new, shapes, since), seed
        assert found(new, shapes) - found(old, shapes) <= found_near(new, shapes, since), seed
    assert smaller


def test_nothing_changed_nothing_is_checked() -> None:
    """Without a change no focus node is checked, and the note says of how many."""
    case = make_case(1)
    table = table_of(case.data)
    report = validate(table, case.shapes, changes(table, table))

    assert [] == list(report.results)
    assert report.notes[-1].startswith("0 focus nodes checked")


@pytest.mark.parametrize(
    ("query", "checked"),
    [
        # Of ex:a and ex:b, the change is about what ex:a comes to.
        ("$this ex:p ?x . ?y ex:q ?x", 1),
        ("$this ex:p ?x . FILTER NOT EXISTS { ?x ^ex:q/ex:r ?z }", 1),
        ("$this ex:p ?x . OPTIONAL { ?y ex:q ?x } FILTER (BOUND(?y))", 1),
        ("{ $this ex:p ?x } UNION { $this ex:r ?x } ?y ex:q ?x", 1),
        # Nothing leads from the focus node to these patterns.
        ("$this ex:p ?x . ?y ex:q ?z", 2),
        ("{ $this ex:p ?x } UNION { $this ex:r ?z } ?y ex:q ?x", 2),
        ("$this ex:p ?x . OPTIONAL { $this ex:r ?z } FILTER EXISTS { ?y ex:q ?z }", 2),
        ("$this ex:p ?x . BIND (?x AS ?w) ?y ex:q ?w", 2),
    ],
)
def test_patterns_bound_whom_a_query_concerns(query: str, checked: int) -> None:
    """A query's focus nodes are those its patterns lead to from the change; else it is all."""
    shapes = asking(query)
    data = "ex:a a ex:C ; ex:p 1 . ex:b a ex:C ; ex:p 2 . ex:c ex:q 2 ."
    old, seen, unseen = (
        table_of(read(data + more)) for more in ("", "ex:d ex:q 1 .", "ex:d ex:s 1 .")
    )

    notes = validate(seen, shapes, changes(old, seen)).notes
    assert notes[0].startswith(f"{checked} focus node")
    assert (checked == 2) == any("checked whole" in note for note in notes)
    assert found(seen, shapes, changes(old, seen)) == found_near(seen, shapes, changes(old, seen))
    assert validate(unseen, shapes, changes(old, unseen)).notes[0].startswith("0 focus nodes")


@pytest.mark.parametrize(
    ("query", "more", "checked"),
    [
        # A pattern that hangs together with nothing counts once a triple changes that it matches,
        ("$this ex:p ?x . FILTER EXISTS { ?y ex:kind ex:K }", "ex:d ex:kind ex:K", 2),
        ("$this ex:p ?x . FILTER EXISTS { ?y ex:kind ex:K }", "ex:d ex:kind ex:L", 0),
        ("$this ex:p ?x . ex:d ex:kind ?y", "ex:d ex:kind ex:L", 2),
        ("$this ex:p ?x . ex:d ex:kind ?y", "ex:c ex:kind ex:L", 0),
        ("$this ex:p ?x . ?y ex:kind/ex:q ?z", "ex:K ex:q 1", 2),
        # and what it binds is come to from nowhere,
        ("?y ex:kind ?z . ?z ex:q ?w . $this ex:p ?x", "ex:K ex:q 1", 2),
        ("{ ?y ex:kind ?z } UNION { $this ex:r ?z } ?z ex:q ?w", "ex:K ex:q 1", 2),
        # unless something else leads there as well.
        ("$this ex:r ?y . ?y ex:kind ?z . ?v ex:kind ex:L", "ex:e ex:kind ex:K", 1),
        # What any node matches is not bounded.
        ("$this ex:p ?x . FILTER EXISTS { ?y ex:kind* ?z }", "ex:d ex:kind ex:K", 2),
    ],
)
def test_loose_patterns_concern_all_or_none(query: str, more: str, checked: int) -> None:
    """A pattern without a way from the focus node concerns all of them, or none."""
    shapes = asking(query)
    data = "ex:a a ex:C ; ex:p 1 ; ex:r ex:e . ex:b a ex:C ; ex:p 2 . ex:f ex:kind ex:K ."
    old, new = (table_of(read(data + more)) for more in ("", f"{more} ."))

    assert validate(new, shapes, changes(old, new)).notes[0].startswith(f"{checked} focus node")
    assert found(new, shapes) - found(old, shapes) <= found_near(new, shapes, changes(old, new))
    assert found(new, shapes, changes(old, new)) == found_near(new, shapes, changes(old, new))


#: What a shape depends on though nothing of it leads there: shapes, data, and what is added.
UNLINKED = {
    "a constraint component": (
        """ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] ;
            sh:validator [ sh:ask "ASK { FILTER (STRLEN(STR($value)) <= $most) }" ] .
        ex:s a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; ex:most 3 ] .""",
        "ex:a a ex:T .",
        "ex:a ex:p 'abcdef' .",
    ),
    "a metaclass": (
        """ex:Meta rdfs:subClassOf rdfs:Class .
        ex:T a ex:Meta , sh:NodeShape ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] .""",
        "ex:a a ex:T ; ex:p 1 .",
        "ex:a ex:p 2 .",
    ),
    "siblings of a parent that has no target": (
        """ex:s sh:targetClass ex:T ; sh:path ex:p ; sh:qualifiedValueShape ex:A ;
            sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true .
        ex:parent a sh:NodeShape ; sh:property ex:s , [ sh:path ex:p ; sh:qualifiedMinCount 0 ;
            sh:qualifiedValueShape [ sh:path ex:b ; sh:minCount 1 ] ] .
        ex:A sh:path ex:a ; sh:minCount 1 .""",
        "ex:a a ex:T ; ex:p ex:v . ex:v ex:a 1 .",
        "ex:v ex:b 1 .",
    ),
    "prefixes that another node declares": (
        """ex:s a sh:NodeShape ; sh:targetClass ex:T ;
            sh:sparql [ sh:select "SELECT $this ?value WHERE { $this pre:p ?value }" ] .
        ex:other sh:declare [ sh:prefix "pre" ; sh:namespace "http://example.org/" ] .""",
        "ex:a a ex:T .",
        "ex:a ex:p 1 .",
    ),
}


@pytest.mark.parametrize("what", UNLINKED)
def test_what_a_shape_does_not_lead_to_counts(what: str) -> None:
    """A shape may depend on what stands elsewhere in the shapes graph."""
    shapes, data, more = UNLINKED[what]
    graph = read(shapes)
    old, new = (table_of(read(text)) for text in (data, data + more))
    since = changes(old, new)

    assert 1 == (found(new, graph) - found(old, graph)).total()
    assert found(new, graph) == found(new, graph, since) == found_near(new, graph, since)
