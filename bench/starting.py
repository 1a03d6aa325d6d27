"""How long it takes until something happens, over the imports that nobody can avoid."""

from __future__ import annotations

from collections.abc import Iterator

from .measure import FLOWSIM, PYTHON, Extent, Row, in_turns, seconds_of

LIBRARIES = "flask, aiohttp, faker, cryptography.hazmat.primitives.asymmetric.rsa"


def help_(extent: Extent) -> Iterator[Row]:
    """Yield the time of ``flowsim --help`` over that of importing click."""
    yield _beside(extent, ("--help",), "click", "at most 1.5")


def demo(extent: Extent) -> Iterator[Row]:
    """Yield the time of the demo's replay over that of importing what it needs."""
    yield _beside(extent, ("replay", "partial"), LIBRARIES, "at most 2")


def _beside(extent: Extent, arguments: tuple[str, ...], libraries: str, aim: str) -> Row:
    taken = in_turns(
        extent.rounds or 15,
        lambda: seconds_of(FLOWSIM, *arguments),
        lambda: seconds_of(PYTHON, "-c", f"import {libraries}"),
    )
    what = " ".join(("flowsim", *arguments))
    names = ", ".join(name.partition(".")[0] for name in libraries.split(", "))
    compared = f"{taken.median(1) * 1000:.0f} ms (import {names})"
    return Row(what, f"{taken.median(0) * 1000:.0f} ms", compared, f"{taken.ratio(0, 1):.2f}", aim)
