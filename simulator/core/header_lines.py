"""Headers as lines: in their order and spelling, also with several lines of one name."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, Mapping


class _Lines(ItemsView[str, str]):
    """All header lines; a usual mapping would have only one line for each name."""

    def __init__(self, headers: HeaderLines) -> None:
        super().__init__(headers)
        self._lines = headers.lines

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._lines)


class HeaderLines(Mapping[str, str]):
    """Headers; a name is looked up in any case, and its first line counts.

    Bytes that are no UTF-8 are kept as lone surrogates, as ``surrogateescape`` makes them.
    """

    __slots__ = ("lines",)

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self.lines = tuple(lines)

    def __getitem__(self, name: str) -> str:
        lower = name.lower()
        for each, value in self.lines:
            if each.lower() == lower:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def items(self) -> ItemsView[str, str]:
        """Return all lines."""
        return _Lines(self)

    def without(self, names: Iterable[str]) -> HeaderLines:
        """Return all lines but those with these names, which are in lower case."""
        unwanted = frozenset(names)
        return HeaderLines(line for line in self.lines if line[0].lower() not in unwanted)

    def with_values(self, values: Mapping[str, str]) -> HeaderLines:
        """Return lines with these values, each in its first line or, if there is none, at the end.

        Names of ``values`` are in lower case; another line of the same name is left out.
        """
        left = dict(values)
        lines = []
        for name, value in self.lines:
            lower = name.lower()
            if lower in left:
                lines.append((name, left.pop(lower)))
            elif lower not in values:
                lines.append((name, value))
        return HeaderLines([*lines, *left.items()])


def whole_number(text: str) -> int | None:
    """Return the number that a header or parameter has: at most nine digits; None otherwise."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
