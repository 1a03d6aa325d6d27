"""JUnit XML: a suite of cases, each passed, skipped, failed or an error.

Foreign text is made printable, which leaves nothing that XML 1.0 cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ..core.printable import printable


@dataclass(slots=True)
class JUnitCase:
    """A test case; it took ``elapsed`` seconds.

    ``skipped`` is the reason, ``failure`` kind, message and text, ``error`` kind and message;
    a case with none of them passed. ``output`` are lines of printable text.
    """

    group: str
    name: str
    elapsed: float | None = None
    output: list[str] = field(default_factory=list)
    skipped: str = ""
    failure: tuple[str, str, str] | None = None
    error: tuple[str, str] | None = None


def document(
    name: str, properties: Mapping[str, str], cases: Iterable[JUnitCase], elapsed: float
) -> str:
    """Return the whole file with one suite, which took ``elapsed`` seconds."""
    suites = Element("testsuites", name=name)
    suite = SubElement(suites, "testsuite", name=name)
    listed = SubElement(suite, "properties")
    for key, value in properties.items():
        SubElement(listed, "property", name=key, value=printable(value))
    for case in cases:
        _add_case(suite, case)
    for element in (suites, suite):
        element.attrib.update(_totals(suite, elapsed))
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _add_case(suite: Element, case: JUnitCase) -> None:
    time = "0" if case.elapsed is None else _seconds(case.elapsed)
    element = SubElement(suite, "testcase", classname=case.group, name=case.name, time=time)
    if case.skipped:
        SubElement(element, "skipped", message=printable(case.skipped))
    if case.failure is not None:
        kind, message, text = case.failure
        SubElement(element, "failure", type=kind, message=printable(message)).text = text
    if case.error is not None:
        kind, message = case.error
        SubElement(element, "error", type=kind, message=printable(message))
    if case.output:
        SubElement(element, "system-out").text = "\n".join(case.output)


def _totals(suite: Element, elapsed: float) -> dict[str, str]:
    kinds = {"tests": "", "failures": "/failure", "errors": "/error", "skipped": "/skipped"}
    totals = {name: str(len(suite.findall(f"testcase{kind}"))) for name, kind in kinds.items()}
    return {**totals, "time": _seconds(elapsed)}


def _seconds(elapsed: float) -> str:
    return f"{elapsed:.3f}"
