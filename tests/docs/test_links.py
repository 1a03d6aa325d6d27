"""Links of the documents lead somewhere: to a file of this project, to one of its headings, out.

Addresses of other hosts are not opened: only their form is checked.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from ..cases import for_each
from ..checkout import CHECKOUT
from .pages import PAGES, Page, page

HERE = CHECKOUT.resolve()


def fault_of(origin: Page, link: str) -> str:
    """Say what is wrong with a link; nothing if it leads somewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        is_address = parts.scheme == "https" and "." in (parts.hostname or "")
        return "" if is_address else "is no https address of a public host"
    file = (HERE / origin.name).parent / unquote(parts.path) if parts.path else HERE / origin.name
    if not file.exists():
        return "leads to no file"
    if not file.resolve().is_relative_to(HERE):
        return "leads out of the project"
    if not parts.fragment:
        return ""
    anchors = page(file.resolve().relative_to(HERE).as_posix()).anchors
    return "" if parts.fragment in anchors else "leads to no heading"


@for_each("origin", PAGES)
def test_the_links_of_a_page_are_not_broken(origin: Page) -> None:
    assert [f"{link} {fault}" for link in origin.links if (fault := fault_of(origin, link))] == []


def test_every_guide_is_reached_from_the_readme() -> None:
    reached, waiting = set[str](), ["README.md"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += neighbours(page(name)) - reached
    assert {each.name for each in PAGES} - reached == set()


def neighbours(origin: Page) -> set[str]:
    """Return the names of the pages that a page leads to."""
    folder = (HERE / origin.name).parent
    within = {urlsplit(link).path for link in origin.links if "://" not in link}
    paths = [(folder / path).resolve() for path in within]
    return {path.relative_to(HERE).as_posix() for path in paths if path.suffix == ".md"}


def test_a_broken_link_is_found() -> None:
    origin = Page("docs/one.md", "# One")
    wrong = ["two.md", "../../other", "../README.md#no-such", "http://127.0.0.1", "https://host"]
    assert [fault_of(origin, link) != "" for link in wrong] == [True] * 5
    assert fault_of(origin, "../README.md#flowsim") == ""
    assert fault_of(origin, "https://example.com/page") == ""


def test_anchors_are_those_of_github() -> None:
    text = "# A `flowsim up` page: 24 h, done!\n## Über_uns\n## Same\n## Same\n### [Same](x.md)\n"
    text += "## A 2\n## A 2\n<a id='own'></a>\n"
    assert Page("a.md", text).anchors == [
        "a-flowsim-up-page-24-h-done",
        "über_uns",
        "same",
        "same-1",
        "same-2",
        "a-2",
        "a-2-1",
        "own",
    ]


def test_links_are_found_in_tables_in_references_and_in_html() -> None:
    text = '[a](1)\n\n| b |\n|---|\n| ![c](2) |\n\n[d]\n\n<img src="4">\n\n[d]: 3\n'
    assert Page("a.md", text).links == ["1", "2", "3", "4"]
