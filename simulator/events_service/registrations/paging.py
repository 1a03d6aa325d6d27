"""Pages of a long list (io-events-protocol.md 6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..request_body import refusal

DEFAULT_SIZE, LARGEST_SIZE = 10, 100


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """One page: ``number`` counts from 0, ``total`` are the elements of all pages."""

    number: int
    size: int
    total: int

    @classmethod
    def read(cls, number: str | None, size: str | None, total: int) -> RegistrationPage:
        """Return the page that a query asks for; raises ``ApiError`` 400 if there is none.

        There is always a page 0, if only an empty one.
        """
        mistakes: list[str] = []
        own_size = _whole(size, DEFAULT_SIZE)
        if own_size is None or not 1 <= own_size <= LARGEST_SIZE:
            mistakes.append(f"size: {size!r}; expected a number from 1 to {LARGEST_SIZE}")
            own_size = None
        own_number = _whole(number, 0)
        last = max(0, -(-total // (own_size or 1)) - 1)
        if own_number is None or own_number > last:
            mistakes.append(f"page: {number!r}; expected a number from 0 to {last}")
        if mistakes or own_number is None or own_size is None:
            raise refusal(mistakes)
        return cls(own_number, own_size, total)

    @property
    def offset(self) -> int:
        """How many elements are on the pages before."""
        return self.number * self.size

    @property
    def pages(self) -> int:
        return -(-self.total // self.size)

    def describe(self) -> dict[str, int]:
        """Return the page as a collection prints it."""
        return {
            "size": self.size,
            "number": self.number,
            "numberOfElements": max(0, min(self.size, self.total - self.offset)),
            "totalElements": self.total,
            "totalPages": self.pages,
        }

    def links(self, address: str) -> dict[str, dict[str, str]]:
        """Return the links of the page, to pages that exist."""
        return {
            rel: {"href": f"{address}?page={number}&size={self.size}"}
            for rel, number in self._neighbours()
        }

    def _neighbours(self) -> Iterator[tuple[str, int]]:
        yield "first", 0
        if self.number:
            yield "prev", self.number - 1
        yield "self", self.number
        if self.number + 1 < self.pages:
            yield "next", self.number + 1
        yield "last", max(0, self.pages - 1)


def _whole(text: str | None, default: int) -> int | None:
    """Return a number from 0 of at most nine digits; nothing for other text."""
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
