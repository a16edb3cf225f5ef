"""Random graphs and shapes: every component, path and target of SHACL Core, small and dense.

A case is made from its number alone, so that one that fails can be made again. Those with queries
have what SHACL-SPARQL adds too, and what a shape depends on though nothing in it leads there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

__all__ = ["BEYOND_CORE", "EX", "GROUPED", "QUERIES", "Case", "make_case", "selects"]

EX = Namespace("http://example.org/")
NODES = [EX[name] for name in "abcdef"]
PROPERTIES = [EX.p, EX.q, EX.r]
CLASSES = [EX.C, EX.D, EX.E]


def typed(text: str, datatype: URIRef) -> Literal:
    return Literal(text, datatype=datatype, normalize=False)


LITERALS = [
    *(typed(text, XSD.integer) for text in ("1", "2", "10", "01", "-3", "many")),
    *(typed(text, XSD.decimal) for text in ("1.0", "2.50", "0.1")),
    *(typed(text, XSD.double) for text in ("1.0e0", "2.5E0", "INF")),
    *(typed(text, XSD.float) for text in ("0.1", "2.5", "10")),
    *(typed(text, XSD.dateTime) for text in ("2020-01-01T00:00:00Z", "2021-05-05T10:00:00+02:00")),
    *(typed(text, XSD.date) for text in ("2020-01-01", "2021-12-31", "someday")),
    *(typed(text, XSD.boolean) for text in ("true", "false")),
    *map(Literal, ("", "a", "abc", "Abc def", "12-3456.00", "zebra")),
    *(Literal(text, lang=tag) for text, tag in (("one", "en"), ("two", "en"), ("two", "en-gb"))),
    *(Literal(text, lang=tag) for text, tag in (("eins", "de"), ("zwei", "de"), ("un", "fr"))),
]
DATATYPES = [XSD.integer, XSD.decimal, XSD.string, XSD.date, XSD.boolean, RDF.langString]
PATTERNS = ["^a", "b", "^[0-9]{2}-[0-9]{4}\\.[0-9]{2}$", "^.*e", "d+", "^$", "[A-Z][a-z]+"]
KINDS = [SH.IRI, SH.BlankNode, SH.Literal, SH.BlankNodeOrIRI, SH.BlankNodeOrLiteral]
KINDS += [SH.IRIOrLiteral]
SEVERITIES = [SH.Violation, SH.Warning, SH.Info, EX.Grave]
#: Queries whose patterns hang together, and do not: by variables, filters, groups and paths.
QUERIES = [
    "$this ex:p ?value . ?value ex:q ?x",
    "?x ex:p $this . FILTER NOT EXISTS { ?x ex:q ?y }",
    "$this ex:p ?value . OPTIONAL { ?value ex:q ?x } FILTER (!BOUND(?x))",
    "$this a ex:C . ?x ex:r ?value",
    "$this (ex:p|^ex:q)+ ?value . ?value a ex:D",
    "{ $this ex:p ?value } UNION { ?value ex:q $this }",
    "{ $this ex:p ?value } UNION { ?value ex:q ?x }",
    "FILTER NOT EXISTS { $this ex:r ?x }",
    "FILTER NOT EXISTS { ?x ex:r ?y }",
    "$this ex:p ?x . ?value ex:q ?y . FILTER (?x = ?y)",
    "?value ex:p ?x . FILTER (SAMETERM(?value, $this))",
    "$this ex:p ?x . BIND (?x AS ?value) ?value ex:q ?y",
    "$this ex:p ?value . { SELECT $this (MAX(?y) AS ?z) WHERE { $this ex:q ?y } GROUP BY $this }",
    "$this ex:p/ex:q ?value . OPTIONAL { ?other ex:r ?value . FILTER (?other != $this) }",
    "$this ex:p ex:a . ex:a ex:q ?value",
    "?value ex:p ex:b . FILTER EXISTS { $this ex:q ex:b . ?x a ex:E }",
    "$this ex:p [ ex:q ?value ]",
    "$this ex:p ?value . FILTER EXISTS { ?value ex:q [] }",
    "$this ex:p ?value . FILTER NOT EXISTS { ?value ex:q _:x . _:x ex:r [ a ex:D ] }",
    "[] ex:p $this . $this ex:q ?value",
    "$this ex:p ?value . ?value ex:q ex:c . ?x ex:r ?value ; ex:p ex:d",
    "$this ex:p ?x",
    "{ $this ex:p ?x . ?x ex:q ?value } UNION { ?x ex:q $this . ?x ex:r ?value }",
]
#: Queries with a group of its own, in which variables of outside are others: not so in rdflib.
NESTED = [
    "$this ex:p ?value . { ?x ex:r ?y . FILTER EXISTS { ?value ex:q ?y } }",
    "$this ex:p ?value . { ?x ex:r ?y OPTIONAL { ?value ex:q ?y } }",
    "$this ex:p ?value . OPTIONAL { { ?x ex:r ?y . FILTER NOT EXISTS { ?value ex:q ?y } } }",
]
GROUPED = [
    "SELECT $this (COUNT(DISTINCT ?x) AS ?value) WHERE { ?x ex:p $this ; ex:r ?y } GROUP BY $this",
    """SELECT $this (COUNT(?x) AS ?value) WHERE { $this ex:q ?y OPTIONAL { ?x ex:p $this } }
        GROUP BY $this HAVING (COUNT(?x) != 1)""",
    "SELECT $this (COUNT(?x) AS ?value) WHERE { $this ex:q ?y . ?x ex:p ?z } GROUP BY $this",
]
ON_PATHS = ["$this $PATH ?value . ?value ex:q ?x", "?value $PATH $this . FILTER (?value != ex:a)"]
#: What cases with queries have beside SHACL Core.
BEYOND_CORE = (
    "component",
    "query",
    "query target",
    "siblings of an untargeted parent",
    "target metaclass",
    "unlinked prefixes",
)


@dataclass
class Case:
    """A data graph and a shapes graph; `counts` are the parts that the shapes are made of."""

    number: int
    data: Graph = field(default_factory=Graph)
    shapes: Graph = field(default_factory=Graph)
    counts: Counter[str] = field(default_factory=Counter)


def selects(query: str) -> list[str]:
    """Return a query, or what a pattern can be asked: with ?x too, results can look alike."""
    if query.startswith("SELECT"):
        return [query]
    value = "?value" if "?value" in query else ""
    more = [f"{value} ?x"] if "?x" in query else []
    return [f"SELECT $this {selected} WHERE {{ {query} }}" for selected in (value, *more)]


def make_case(number: int, *, with_queries: bool = False) -> Case:
    return (_QueryMaker if with_queries else _Maker)(number).make()


class _Maker:
    def __init__(self, number: int) -> None:
        self.case = Case(number)
        self.random = Random(number)
        self.blank = [BNode(f"n{number}x{place}") for place in range(2)]
        self.shape_count = 0
        self.components: dict[str, Callable[[Node, int], None]] = {
            "class": lambda s, _: self.add(s, SH["class"], self.pick(CLASSES)),
            "datatype": lambda s, _: self.add(s, SH.datatype, self.pick(DATATYPES)),
            "nodeKind": lambda s, _: self.add(s, SH.nodeKind, self.pick(KINDS)),
            "minExclusive": lambda s, _: self.add(s, SH.minExclusive, self.bound()),
            "minInclusive": lambda s, _: self.add(s, SH.minInclusive, self.bound()),
            "maxExclusive": lambda s, _: self.add(s, SH.maxExclusive, self.bound()),
            "maxInclusive": lambda s, _: self.add(s, SH.maxInclusive, self.bound()),
            "minLength": lambda s, _: self.add(s, SH.minLength, Literal(self.below(5))),
            "maxLength": lambda s, _: self.add(s, SH.maxLength, Literal(self.below(5))),
            "pattern": self.pattern,
            "languageIn": self.language_in,
            "equals": lambda s, _: self.add(s, SH.equals, self.pick(PROPERTIES)),
            "disjoint": lambda s, _: self.add(s, SH.disjoint, self.pick(PROPERTIES)),
            "not": lambda s, d: self.add(s, SH["not"], self.inner(d)),
            "and": lambda s, d: self.members(s, SH["and"], d),
            "or": lambda s, d: self.members(s, SH["or"], d),
            "xone": lambda s, d: self.members(s, SH.xone, d),
            "node": lambda s, d: self.add(s, SH.node, self.inner(d, is_node=True)),
            "property": lambda s, d: self.add(s, SH.property, self.property_shape(d)),
            "closed": self.closed,
            "hasValue": lambda s, _: self.add(s, SH.hasValue, self.term()),
            "in": self.within,
        }
        self.of_properties: dict[str, Callable[[Node, int], None]] = {
            "minCount": lambda s, _: self.add(s, SH.minCount, Literal(self.below(3))),
            "maxCount": lambda s, _: self.add(s, SH.maxCount, Literal(self.below(3))),
            "uniqueLang": lambda s, _: self.add(s, SH.uniqueLang, Literal(True)),
            "lessThan": lambda s, _: self.add(s, SH.lessThan, self.pick(PROPERTIES)),
            "lessThanOrEquals": lambda s, _: self.add(
                s, SH.lessThanOrEquals, self.pick(PROPERTIES)
            ),
            "qualified": self.qualified,
        }
        self.nested = ("not", "and", "or", "xone", "node", "property", "qualified")

    def make(self) -> Case:
        self.make_data()
        for _ in range(self.random.randint(1, 2)):
            shape = self.shape(2, is_node=self.random.random() < 0.4)
            for _ in range(self.random.randint(1, 2)):
                self.target(shape)
        return self.case

    # ------------------------------------------------------------ data

    def make_data(self) -> None:
        data, subjects = self.case.data, [*NODES, *self.blank]
        data.add((EX.D, RDFS.subClassOf, EX.C))
        for node in subjects:
            if self.random.random() < 0.7:
                data.add((node, RDF.type, self.pick(CLASSES)))
        for _ in range(self.random.randint(8, 24)):
            data.add((self.pick(subjects), self.pick(PROPERTIES), self.term(blank=True)))

    def term(self, *, blank: bool = False) -> Node:
        choice = self.random.random()
        if choice < 0.45:
            return self.pick(NODES)
        if choice < 0.52 and blank:
            return self.pick(self.blank)
        return self.pick(LITERALS)

    # ------------------------------------------------------------ shapes

    def add(self, shape: Node, predicate: URIRef, value: Node) -> None:
        self.case.shapes.add((shape, predicate, value))

    def count(self, part: str) -> None:
        self.case.counts[part] += 1

    def pick(self, choices: list) -> Node:
        return self.random.choice(choices)

    def below(self, number: int) -> int:
        return self.random.randrange(number)

    def shape(self, depth: int, *, is_node: bool) -> URIRef:
        self.shape_count += 1
        name = EX[f"S{self.shape_count}"]
        kind = SH.NodeShape if is_node else SH.PropertyShape
        self.add(name, RDF.type, kind)
        if not is_node:
            self.add(name, SH.path, self.path(2))
        if self.random.random() < 0.3:
            self.add(name, SH.severity, self.pick(SEVERITIES))
            self.count("severity")
        if self.random.random() < 0.03:
            self.add(name, SH.deactivated, Literal(True))
            self.count("deactivated")
        self.constraints(name, depth, is_node=is_node)
        return name

    def constraints(self, shape: Node, depth: int, *, is_node: bool) -> None:
        offered = dict(self.components)
        if not is_node:
            offered |= self.of_properties
            offered |= {f"{name} ": make for name, make in self.of_properties.items()}
        if depth == 0:
            offered = {n: m for n, m in offered.items() if n.strip() not in self.nested}
        chosen = {n.strip() for n in self.random.sample(sorted(offered), self.random.randint(1, 2))}
        for name in sorted(chosen):
            self.count(f"sh:{name}")
            offered[name](shape, depth - 1)

    def inner(self, depth: int, *, is_node: bool = False) -> Node:
        return self.shape(depth, is_node=is_node or self.random.random() < 0.6)

    def property_shape(self, depth: int) -> Node:
        return self.shape(depth, is_node=False)

    def path(self, depth: int, *, is_inverse: bool = False) -> Node:
        kinds = ["predicate"] * 3
        if depth:
            kinds += ["inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne"]
            # The inverse of a sequence is what pySHACL walks in the wrong order.
            kinds += [] if is_inverse else ["sequence"]
        kind = self.random.choice(kinds)
        self.count(f"path {kind}")
        if kind == "predicate":
            return self.pick(PROPERTIES)
        node = BNode()
        if kind in ("sequence", "alternative"):
            parts = [self.path(depth - 1, is_inverse=is_inverse) for _ in range(2)]
            head = BNode()
            Collection(self.case.shapes, head, parts)
            if kind == "sequence":
                return head
            self.add(node, SH.alternativePath, head)
        else:
            is_inverse = is_inverse or kind == "inverse"
            self.add(node, SH[f"{kind}Path"], self.path(depth - 1, is_inverse=is_inverse))
        return node

    def target(self, shape: URIRef) -> None:
        kind = self.random.choice(["node", "class", "subjectsOf", "objectsOf", "implicit"])
        self.count(f"target {kind}")
        if kind == "node":
            self.add(shape, SH.targetNode, self.term())
        elif kind == "class":
            self.add(shape, SH.targetClass, self.pick(CLASSES))
        elif kind == "subjectsOf":
            self.add(shape, SH.targetSubjectsOf, self.pick(PROPERTIES))
        elif kind == "objectsOf":
            self.add(shape, SH.targetObjectsOf, self.pick(PROPERTIES))
        else:
            self.add(shape, RDF.type, RDFS.Class)
            for node in self.random.sample(NODES, 2):
                self.case.data.add((node, RDF.type, shape))

    # ------------------------------------------------------------ constraints

    def bound(self) -> Node:
        return self.pick([term for term in LITERALS if term.datatype and term.value is not None])

    def pattern(self, shape: Node, _: int) -> None:
        self.add(shape, SH.pattern, Literal(self.pick(PATTERNS)))
        if self.random.random() < 0.3:
            self.add(shape, SH.flags, Literal("i"))

    def language_in(self, shape: Node, _: int) -> None:
        tags = [Literal(tag) for tag in self.random.sample(["en", "de", "en-GB", "fr"], 2)]
        self.list(shape, SH.languageIn, tags)

    def list(self, shape: Node, predicate: URIRef, members: list[Node]) -> None:
        head = BNode()
        Collection(self.case.shapes, head, members)
        self.add(shape, predicate, head)

    def members(self, shape: Node, predicate: URIRef, depth: int) -> None:
        number = self.random.randint(1, 2)
        self.list(shape, predicate, [self.inner(depth) for _ in range(number)])

    def within(self, shape: Node, _: int) -> None:
        self.list(shape, SH["in"], [self.term() for _ in range(6)])

    def closed(self, shape: Node, _: int) -> None:
        self.add(shape, SH.closed, Literal(True))
        if self.random.random() < 0.6:
            self.list(shape, SH.ignoredProperties, [RDF.type, self.pick(PROPERTIES)])

    def qualified(self, shape: Node, depth: int) -> None:
        self.add(shape, SH.qualifiedValueShape, self.inner(depth))
        count = self.pick([SH.qualifiedMinCount, SH.qualifiedMaxCount])
        self.add(shape, count, Literal(self.below(3)))
        if self.random.random() < 0.5:
            self.count("sh:qualifiedValueShapesDisjoint")
            self.add(shape, SH.qualifiedValueShapesDisjoint, Literal(True))
            parent = EX[f"P{self.shape_count}"]
            self.add(parent, RDF.type, SH.NodeShape)
            self.add(parent, SH.property, shape)
            self.add(parent, SH.property, sibling := self.property_shape(0))
            self.add(sibling, SH.qualifiedValueShape, self.inner(0))
            self.add(sibling, SH.qualifiedMinCount, Literal(0))


class _QueryMaker(_Maker):
    """Makes cases with SPARQL, and with what a shape depends on though it does not name it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        new: dict[str, Callable[[Node, int], None]] = {
            "query": self.sparql,
            "few": lambda s, _: self.component(s, EX.few, Literal(self.below(2))),
            "leading": lambda s, _: self.component(s, EX.leading, self.pick(PROPERTIES)),
        }
        # Half of all constraints that are drawn are to be new ones.
        self.components |= {
            f"{name}{' ' * n}": make for name, make in new.items() for n in range(8)
        }
        for often in range(2, 6):
            self.of_properties["qualified" + " " * often] = self.of_properties["qualified"]

    def make(self) -> Case:
        declaration = BNode()
        self.add(EX.prefixes, SH.declare, declaration)
        self.add(declaration, SH.prefix, Literal("ex"))
        self.add(declaration, SH.namespace, typed(str(EX), XSD.anyURI))
        return super().make()

    def query(self, owner: Node, form: URIRef, text: str) -> None:
        self.add(owner, form, Literal(text))
        if self.random.random() < 0.5:
            self.add(owner, SH.prefixes, EX.prefixes)
        else:
            self.count("unlinked prefixes")

    def sparql(self, shape: Node, _: int) -> None:
        self.count("query")
        has_path = (shape, SH.path, None) in self.case.shapes
        text = self.pick([*QUERIES, *NESTED, *GROUPED, *(ON_PATHS * 3 if has_path else [])])
        text = self.pick(selects(text))
        self.add(shape, SH.sparql, constraint := BNode())
        self.query(constraint, SH.select, text)

    def component(self, shape: Node, parameter: URIRef, value: Node) -> None:
        """Use a component that allows so many subjects of ex:r, or asks for a property."""
        self.count("component")
        self.add(shape, parameter, value)
        component = EX[f"{parameter.removeprefix(str(EX))}-component"]
        if (component, None, None) in self.case.shapes:
            return
        self.add(component, RDF.type, SH.ConstraintComponent)
        self.add(component, SH.parameter, declared := BNode())
        self.add(declared, SH.path, parameter)
        if parameter == EX.leading:
            self.add(component, SH.validator, ask := BNode())
            self.query(ask, SH.ask, "ASK { ?value $leading ?x }")
            return
        for kind in (SH.nodeValidator, SH.propertyValidator):
            self.add(component, kind, select := BNode())
            counted = "SELECT $this WHERE { $this ex:p ?x . ?x ex:r ?y } GROUP BY $this "
            self.query(select, SH.select, counted + "HAVING (COUNT(?y) > $few)")

    def target(self, shape: URIRef) -> None:
        choice = self.random.random()
        if choice < 0.2:
            self.count("target metaclass")
            self.add(EX.Meta, RDFS.subClassOf, RDFS.Class)
            self.add(shape, RDF.type, EX.Meta)
            for node in self.random.sample(NODES, 2):
                self.case.data.add((node, RDF.type, shape))
        elif choice < 0.3:
            self.count("query target")
            self.add(shape, SH.target, target := BNode())
            self.add(target, RDF.type, SH.SPARQLTarget)
            self.query(target, SH.select, "SELECT ?this WHERE { ?this ex:p ?x . ?x ex:q ?y }")
        else:
            super().target(shape)

    def qualified(self, shape: Node, depth: int) -> None:
        super().qualified(shape, depth)
        if (shape, SH.qualifiedValueShapesDisjoint, None) in self.case.shapes:
            self.count("siblings of an untargeted parent")
