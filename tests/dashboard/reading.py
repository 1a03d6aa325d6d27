"""What tests of pages share: a browser that knows the token, and HTML that is parsed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from flowsim.dashboard import service_dashboard
from flowsim.events_service.local_service import LocalService

_VOID = {*("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")}

_BLOCKS = {*("dd", "div", "dt", "h2", "h3", "li", "option", "p", "td", "th", "tr")}
"""Elements whose text is a word of its own."""


@dataclass
class Element:
    """An element of a page, with all text below it."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text with one space between words."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        """The text with all its white space."""
        return "".join(self.pieces)

    def all(self, name: str, /, **wanted: str) -> list[Element]:
        """Return all elements below with this name, and these attributes (``class_`` is one)."""
        attributes = {key.strip("_"): value for key, value in wanted.items()}
        found = []
        for child in self.children:
            if child.name == name and _has(child, attributes):
                found.append(child)
            found += child.all(name, **wanted)
        return found

    def one(self, name: str, /, **wanted: str) -> Element:
        (found,) = self.all(name, **wanted)
        return found


def _has(element: Element, attributes: dict[str, str]) -> bool:
    own = element.attributes
    return all(
        value in own.get(key, "").split() if key == "class" else own.get(key) == value
        for key, value in attributes.items()
    )


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack = [Element("page", {})]
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._add(tag, attrs)
        if tag not in _VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(element)
        self.ids += [value for name, value in element.attributes.items() if name == "id"]
        return element

    def handle_endtag(self, tag: str) -> None:
        opened = self.stack.pop()
        assert opened.name == tag, f"</{tag}> closes <{opened.name}>"
        if tag in _BLOCKS:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for element in self.stack:
            element.pieces.append(data)


def parsed(text: str) -> Element:
    """Return a page or a part of one; fails if an element is open, or two have the same id."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    assert len(parser.stack) == 1, f"<{parser.stack[-1].name}> is not closed"
    twice = [each for each, number in Counter(parser.ids).items() if number > 1]
    assert not twice, f"two elements have the id {twice[0]}"
    return parser.stack[0]


class PageReader(httpx.Client):
    """A browser at a running service; with ``knows_token`` it was opened with the token."""

    def __init__(self, local: LocalService, *, knows_token: bool = True) -> None:
        super().__init__(base_url=local.url, trust_env=False, verify=False, timeout=30)
        self.own = {"origin": local.url}
        self._query = urlsplit(service_dashboard.access(local.service).address(local.url)).query
        self._knows_token = knows_token

    def __enter__(self) -> Self:
        super().__enter__()
        if self._knows_token:
            assert self.get(f"/clock?{self._query}").headers["location"] == "/clock"
        return self

    def page(self, path: str, status: int = 200) -> Element:
        answer = self.get(path, headers={"accept": "text/html"})
        assert answer.status_code == status, answer.text
        return parsed(answer.text)

    def twin(self, path: str) -> Any:
        answer = self.get(path, headers={"accept": "application/json"})
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text)

    def submit(self, path: str, **form: Any) -> httpx.Response:
        """Send a form as the page does, and return the answer; no redirect is followed."""
        return self.post(path, data=form, headers=self.own)
