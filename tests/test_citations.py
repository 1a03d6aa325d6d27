"""What the code cites about Adobe stands in docs/adobe, under the number that it names.

docs/adobe/README.md has the rules for citations.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from flowsim.checks import catalogue
from flowsim.checks.unchecked import unchecked

from .cases import for_each

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
FACTS = ROOT / "docs" / "adobe"
SUFFIXES = {".py", ".yaml", ".yml", ".toml", ".json", ".sql", ".html", ".cjs", ".mjs", ".js", ".md"}
NUMBERED_LISTS = {
    "mistake": ("io-events-protocol.md", "10"),
    "trap": ("flow-run-payloads.md", "7.4"),
}
"""What an item is called → the file and the section of its list."""

NUMBERS = r"\d+(?:\.\d+)*(?:(?: \([a-z ]+\))?(?:, and|,| and| to) \d+(?:\.\d+)*)*"
CITATION = re.compile(
    rf"(?:(?P<before>Section|Mistake|Trap)s? (?P<listed>{NUMBERS}) of )?(?:docs/adobe/)?"
    rf"\b(?P<file>{'|'.join(path.name for path in FACTS.glob('*[a-z].md'))})"
    rf"(?: §?(?P<sections>{NUMBERS}))?(?:, (?P<after>mistake|trap)s? (?P<items>{NUMBERS}))?"
)
BARE = re.compile(
    r"\((\d{1,2}\.\d{1,2}(?:(?:, and|,| and| to) \d{1,2}\.\d{1,2})*)\)"
    r"|^(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?:(?:, and|,| and) \d{1,2}\.\d{1,2}(?:\.\d{1,2})?)*)[:;,]"
)
MAYBE_BARE = re.compile(
    r"\(\d{1,2}\.\d{1,2}(?:,| and| to|\))|\"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?:,| and|[:;])"
)
"""What code has that has a bare number: to find its docstrings and comments takes longer."""
DOCUMENT = re.compile(r"(?<![\w/.-])[\w./-]*\w\.md\b")


def _numbers(text: str | None) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)*", text or "")


def _sections(path: Path) -> dict[str, set[str]]:
    """Return the numbers of the headings of a file → the numbers of the list items below each."""
    found: dict[str, set[str]] = {}
    current = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"#{2,3} (\d+(?:\.\d+)*)\.? ", line):
            current = heading[1]
            assert current not in found, f"{path.name} has two sections {current}"
            found[current] = set()
        elif item := re.match(r"(\d+)\. ", line):
            for section in {current, current.partition(".")[0]}:
                found[section].add(item[1])
    return found


SECTIONS = {path.name: _sections(path) for path in FACTS.glob("*[a-z].md")}


def _exists(file: str, number: str) -> bool:
    """Tell whether a section exists, or an item of its list: 7.1.9 is item 9 of section 7.1."""
    above, _, item = number.rpartition(".")
    return number in SECTIONS[file] or item in SECTIONS[file].get(above, set())


@cache
def _joined(text: str) -> str:
    """Return text as one line, without the marks of comments; a broken name is one again."""
    line = re.sub(r"\s*\n\s*(?:#+ )?", " ", text)
    return re.sub(r"(?<=[a-z]-) (?=[a-z-]+\.md)", "", line)


def _mistakes_of(citation: re.Match[str], section_wanted: bool) -> Iterator[str]:
    file, sections = citation["file"], _numbers(citation["sections"])
    sections += _numbers(citation["listed"]) if citation["before"] == "Section" else []
    if section_wanted and not sections:
        yield "names no section"
    for section in sections:
        if not _exists(file, section):
            yield f"there is no section {section}"
    for kind, numbers in ((citation["before"], "listed"), (citation["after"], "items")):
        if kind and kind != "Section":
            name, section = NUMBERED_LISTS[kind.lower()]
            if file != name or sections[:1] != [section]:
                yield f"a {kind.lower()} is an item of {name} {section}"
            for item in {*_numbers(citation[numbers])} - SECTIONS[name][section]:
                yield f"there is no {kind.lower()} {item}"


def _wrong(text: str, section_wanted: bool = True) -> list[str]:
    """Return what is wrong with the citations of a text."""
    return [
        f"{citation[0]!r}: {mistake}"
        for citation in CITATION.finditer(_joined(text))
        for mistake in _mistakes_of(citation, section_wanted)
    ]


def _blocks(code: str) -> Iterator[str]:
    """Yield the docstrings of a module, its own first, and its comments."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    comments = [token for token in tokens if token.type == tokenize.COMMENT]
    for _, lines in groupby(enumerate(comments), lambda each: each[1].start[0] - each[0]):
        yield "\n".join(token.string for _, token in lines)


def _wrong_bare(code: str) -> list[str]:
    """Return the numbers without a file that are no section of the file that they stand for."""
    if not MAYBE_BARE.search(code):
        return []
    first = CITATION.search(_joined(code))
    return [
        f"{bare[0]!r}: there is no section {number} in {file}"
        for block in map(_joined, _blocks(code))
        for named in [CITATION.search(block) or first]
        for file in [named["file"] if named else "io-events-protocol.md"]
        for bare in BARE.finditer(block)
        for number in _numbers(bare[0])
        if not _exists(file, number)
    ]


@cache
def _files() -> list[Path]:
    folders = [ROOT / name for name in ("simulator", "scenarios", "docs")]
    folders += [each for each in (ROOT / "tests").iterdir() if each.name != "node"]
    found = [path for each in folders for path in ([each] if each.is_file() else each.rglob("*"))]
    node = (ROOT / "tests" / "node").glob("*")
    files = [path for path in (*found, *node) if path.suffix in SUFFIXES and path.is_file()]
    return sorted(path for path in files if path != Path(__file__))


def _code() -> list[Path]:
    return [path for path in _files() if path.suffix != ".md"]


def _is_test(path: Path) -> bool:
    return path.suffix == ".py" and path.is_relative_to(ROOT / "tests")


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_citation_names_a_section_and_an_item_that_exist() -> None:
    wrong = {path: _wrong(_read(path), path.suffix != ".md") for path in _files()}
    assert not {str(path.relative_to(ROOT)): each for path, each in wrong.items() if each}


def test_every_number_without_a_file_is_a_section() -> None:
    modules = [path for path in _code() if path.suffix == ".py"]
    wrong = {path: _wrong_bare(_read(path)) for path in modules}
    assert not {str(path.relative_to(ROOT)): each for path, each in wrong.items() if each}


def test_no_code_names_a_document_that_is_not_in_the_repository() -> None:
    """Code speaks of files from the root, or of those of docs and docs/adobe by their names.

    Tests may have made-up names in their data, so only their docstrings and comments count.
    """
    named = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in _code()
        if ".md" in _read(path)
        for text in (_blocks(_read(path)) if _is_test(path) else [_read(path)])
        for name in DOCUMENT.findall(_joined(text))
        if not any((folder / name).exists() for folder in (ROOT, ROOT / "docs", FACTS, path.parent))
    }
    assert not named


def test_the_pattern_finds_the_citations_of_the_code() -> None:
    """Few of them would mean that the pattern misses the form that the code uses."""
    found = [each for path in _code() for each in CITATION.finditer(_joined(_read(path)))]
    assert len(found) > 150


@for_each(
    "text",
    [
        "(io-events-protocol.md 4.2, 4.3)",
        "Mistakes 26, 53 and 55 of io-events-\nprotocol.md 10. Twenty more.",
        "# Section 3.1 of\n# io-events-protocol.md.",
        "source: docs/adobe/flow-run-payloads.md §7.4, traps 1 and 19",
        "flow-run-payloads.md 3.6 (records), 4.1 (runs), 4.2 (batches)",
    ],
)
def test_a_right_citation_passes(text: str) -> None:
    assert CITATION.search(_joined(text))
    assert _wrong(text) == []


@for_each(
    "text",
    [
        "what io-events-protocol.md says",
        "io-events-protocol.md 4.2 to 4.9",
        "flow-run-payloads.md 3.6 (records), 4.9 (runs)",
        "Mistakes 39 and 101 of io-events-protocol.md 10",
        "Trap 12 of flow-run-payloads.md 7.3",
        "docs/adobe/flow-run-payloads.md §7.4, trap 20",
        "docs/adobe/io-events-protocol.md §10, trap 1",
    ],
)
def test_a_wrong_citation_is_found(text: str) -> None:
    assert len(_wrong(text)) == 1


def test_a_bare_number_belongs_to_the_file_cited_first_beside_it() -> None:
    text = (
        '"""Runs (flow-run-payloads.md 2)."""\n# Bodies (1.10), io-events-protocol.md 1.\nx = 1\n'
    )
    assert _wrong_bare(text) == []
    assert len(_wrong_bare(text + '"""A run (1.10)."""\n"""7.1.13: a run."""\n')) == 2


def test_every_mistake_about_events_has_a_check_or_a_reason_why_none_can() -> None:
    """Those of registrations, of journals and of publishing are not about webhooks that get events.

    10.1 to 10.3 are the mistakes 1 to 52.
    """
    cited = {
        int(item)
        for name in catalogue.names()
        for source in catalogue.find(name).source
        for citation in CITATION.finditer(source)
        if (citation["after"] or "") == "mistake"
        for item in _numbers(citation["items"])
    }
    reasons = {each.number for each in unchecked()}
    assert cited & reasons == set()
    assert {*range(1, 53)} <= cited | reasons
