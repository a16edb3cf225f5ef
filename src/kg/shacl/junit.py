"""The report in the XML of JUnit, which most build servers show: a suite for each shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape as _escape
from xml.sax.saxutils import quoteattr

from kg.shacl.model import ValidationReport, severity_name
from kg.shacl.naming import Named, Names, named
from kg.shacl.text import in_english, labels_of

__all__ = ["junit"]

#: What XML 1.0 has no way to write.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def junit(report: ValidationReport, names: Names) -> Iterator[str]:
    """Yield the report with a test case for each finding; where there is none, one that passes."""
    number = len(report.results)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="kg validate" tests="{max(1, number)}" failures="{number}">\n'
    if report.conforms:
        yield '  <testsuite name="shapes" tests="1" failures="0">\n'
        yield f'    <testcase classname="shapes" name="{report.verdict}"/>\n  </testsuite>\n'
    labels = labels_of(report.results)
    # Results come by shape, so that each suite is whole; its number of tests is not known yet.
    for shape, group in groupby(named(report.results, names), key=lambda f: labels(f.result)):
        yield f"  <testsuite name={_attribute(shape)}>\n"
        for found in group:
            yield from _case(found, shape)
        yield "  </testsuite>\n"
    if report.notes:
        yield f"  <!-- {_text('; '.join(report.notes)).replace('--', '- -')} -->\n"
    yield "</testsuites>\n"


def _case(found: Named, shape: str) -> Iterator[str]:
    result, label, value, place = found
    file = f" file={_attribute(place.file)}" if place.file else ""
    line = f' line="{place.line}"' if place.line else ""
    message = in_english(result.messages) or in_english(result.details)
    body = [str(place), str(result.focus_node), value or "", in_english(result.details)]
    text = _text("\n".join(filter(None, body)))
    kind = severity_name(result.severity)
    yield f"    <testcase classname={_attribute(shape)} name={_attribute(label)}{file}{line}>\n"
    yield f'      <failure type="{kind}" message={_attribute(message)}>{text}</failure>\n'
    yield "    </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\ufffd", text))


def _text(text: str) -> str:
    return _escape(_FORBIDDEN.sub("\ufffd", text))
