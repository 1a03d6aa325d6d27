"""The documents of this project, read as GitHub reads them: blocks, headings and links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..checkout import CHECKOUT

MARKDOWN = MarkdownIt("commonmark").enable("table")
ID = re.compile(r"""<a id=["']([^"']*)""")
IN_HTML = re.compile(r"""\b(?:href|src)=["']([^"']*)""")


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, its line, its language, why it is not run, and its lines."""

    page: str
    line: int
    language: str
    not_run: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Page:
    """A document; its name is its path from the root of the project."""

    name: str
    text: str

    def __str__(self) -> str:
        return self.name

    def has(self, fence: str) -> bool:
        """Tell whether the first line of a block fits a pattern; the page need not be parsed."""
        return bool(re.search(rf"^ *```{fence}", self.text, re.MULTILINE))

    @cached_property
    def tokens(self) -> list[Token]:
        return MARKDOWN.parse(self.text)

    @cached_property
    def blocks(self) -> list[Block]:
        """Return the fenced blocks, in order."""
        return [self._block(each) for each in self.tokens if each.type == "fence" and each.map]

    def _block(self, fence: Token) -> Block:
        assert fence.map
        language, _, remark = fence.info.partition(" ")
        reason = remark.partition("not run:")[2].strip()
        lines = tuple(fence.content.splitlines())
        return Block(self.name, fence.map[0] + 1, language, reason, lines)

    @cached_property
    def prose(self) -> str:
        """Return its headings, paragraphs and cells of tables, without blocks."""
        return "\n".join(each.content for each in self.tokens if each.type == "inline")

    @cached_property
    def anchors(self) -> list[str]:
        """Return the anchor that GitHub gives to each heading, in order, and then our own."""
        found, times = list[str](), Counter[str]()
        for opening, content in pairwise(self.tokens):
            if opening.type == "heading_open":
                anchor = as_anchor(visible(content))
                found.append(f"{anchor}-{times[anchor]}" if times[anchor] else anchor)
                times[anchor] += 1
        html = (each.content for each in walk(self.tokens) if each.type.startswith("html"))
        return [*found, *(anchor for each in html for anchor in ID.findall(each))]

    @cached_property
    def links(self) -> list[str]:
        """Return where its links and pictures lead, in order."""
        return [link for token in walk(self.tokens) for link in links_of(token)]


def as_anchor(heading: str) -> str:
    """Return GitHub's anchor of a heading: lower case, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def visible(token: Token) -> str:
    """Return the text that a reader sees of an inline token."""
    return "".join(
        each.content for each in token.children or () if not each.type.startswith("html")
    )


def walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from walk(token.children or [])


def links_of(token: Token) -> list[str]:
    if token.type.startswith("html"):
        return IN_HTML.findall(token.content)
    target = token.attrs.get("href") or token.attrs.get("src")
    return [] if target is None else [str(target)]


@cache
def page(name: str) -> Page:
    """Return the document with a path from the root of the project."""
    return Page(name, (CHECKOUT / name).read_text("utf-8"))


def pages() -> list[Page]:
    """Return all documents, README.md first."""
    files = sorted(CHECKOUT.glob("docs/**/*.md"))
    names = [file.relative_to(CHECKOUT).as_posix() for file in files]
    return [page(name) for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", *names)]


PAGES = pages()
