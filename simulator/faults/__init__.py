"""A shelf: one file is one fault; its name, with dashes, is the word in a scenario.

A file's docstring says in its first line what the fault does. ``PROVES`` says what a sound
consumer shows under it, ``EXPECT`` what becomes of the event there: ``delivered``, ``rejected``,
or ``withheld`` if nobody gets to see it. One function, named after its station, is handed the
station's value and the fault, and returns the changed value. ``ARGUMENT`` reads the fault's one
argument, if it takes any. Faults about flow runs (``ABOUT_RUNS``, and all at the station run)
need a flow run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ..core.fault import STATIONS, Fault
from ..errors import SettingError
from ._argument import Argument


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault of the shelf: what it is, before an event suffers it."""

    name: str
    summary: str
    details: str
    proves: str
    expect: str
    station: str
    argument: Argument | None
    is_about_runs: bool
    act: Callable[[Any, Fault], Any]

    @property
    def argument_schema(self) -> Mapping[str, Any]:
        """The JSON Schema of the argument, as a scenario states it."""
        return {"type": "null"} if self.argument is None else self.argument.schema

    def parse(self, argument: object = None) -> Any:
        """Return an argument as it is used, the default for none.

        Raises ``ValueError`` that says what was expected.
        """
        if self.argument is not None:
            return self.argument.parse(argument)
        if argument is not None:
            raise ValueError("no argument")
        return None

    def fault(self, argument: object = None, seed: bytes = b"") -> Fault:
        """Return the fault as an event suffers it; ``argument`` is written as in a scenario."""
        return Fault(self.name, self.station, self.parse(argument), self.act, seed)


@cache
def names() -> tuple[str, ...]:
    """Return the names of all faults, in alphabetical order."""
    files = (found.name for found in iter_modules(__path__))
    return tuple(sorted(file.replace("_", "-") for file in files if not file.startswith("_")))


@cache
def find(name: str) -> Kind:
    """Return the fault of that name. Raises ``SettingError`` that lists the nearest names."""
    if name not in names():
        near = ", ".join(get_close_matches(name, names(), 3)) or "a name of `flowsim faults`"
        raise SettingError(f"no fault {name!r}; expected {near}")
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    station = next(each for each in STATIONS if hasattr(module, f"on_{each}"))
    summary, _, details = (module.__doc__ or "").partition("\n")
    return Kind(
        name,
        summary,
        " ".join(details.split()),
        module.PROVES,
        module.EXPECT,
        station,
        getattr(module, "ARGUMENT", None),
        station == "run" or getattr(module, "ABOUT_RUNS", False),
        getattr(module, f"on_{station}"),
    )


def foreign_pem(path: str) -> bytes | None:
    """Return the foreign public key, at the paths that faults of key paths lead to."""
    from ._forgery import FOLDER, public_pem

    return public_pem() if path.startswith(FOLDER) else None


class _Shelf(Mapping[str, Kind]):
    """All faults by name; a file is imported when its fault is asked for."""

    def __getitem__(self, name: str) -> Kind:
        if name not in names():
            raise KeyError(name)
        return find(name)

    def __iter__(self) -> Iterator[str]:
        return iter(names())

    def __len__(self) -> int:
        return len(names())


SHELF: Mapping[str, Kind] = _Shelf()
