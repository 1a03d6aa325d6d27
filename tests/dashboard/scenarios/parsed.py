"""A page as its elements: what tests of pages look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = {"meta", "link", "input", "br", "hr", "img", "wbr"}


@dataclass
class Element:
    """An element: its attributes, the elements in it, and all text in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements inside of it with a tag and attributes; ``class_`` is one class."""
        found = [each for child in self.children for each in child.all(tag, **attributes)]
        return [self, *found] if self._is(tag, attributes) else found

    def one(self, tag: str, **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found

    def _is(self, tag: str, wanted: dict[str, str]) -> bool:
        own = self.attributes
        return self.tag == tag and all(
            value in own.get("class", "").split() if name == "class_" else own.get(name) == value
            for name, value in wanted.items()
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> in <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for each in self.open:
            each.text += data


def parsed(text: str) -> Element:
    """Return a page; fails if an element is not closed, or if an id is there twice."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert [each.tag for each in reader.open] == [""]
    ids = [each.attributes["id"] for each in _all(reader.root) if "id" in each.attributes]
    assert len(ids) == len({*ids})
    return reader.root


def _all(element: Element) -> list[Element]:
    return [element, *(each for child in element.children for each in _all(child))]
