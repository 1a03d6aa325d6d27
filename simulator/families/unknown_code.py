"""What to say about an event code that no family has, in every command alike."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from ..core.printable import listed
from ..errors import FlowsimError, Nearest, Problem, ScenarioError, SettingError
from .registry import Families

YOUR_OWN = "one of your own families (--families DIR)"
"""Where else an event code may come from, for commands with this option."""

EVENT_CODE = "an event code of `flowsim events`"

_LONGEST = 1_000
"""Longer codes have no near names, in characters."""

_MOST = 3


def unknown_code(
    code: str,
    families: Families,
    what: str = "event code",
    others: Collection[str] = (),
    every: str = EVENT_CODE,
    *,
    has_option: bool = True,
) -> FlowsimError:
    """Return the error for a code that no family has.

    ``what`` names what was looked for, ``every`` what was expected, and ``others`` are further
    names that could stand there. ``has_option`` tells whether ``--families`` can be given. If
    family files have mistakes, these follow: the code may be in one of them.
    """
    if is_family := remedy_of_family(code, families):
        return SettingError(f"no {what} {code!r}; {is_family}")
    known = families.event_codes()
    if problems := families.readable()[1]:
        near = Nearest(code, [*others, *known], _MOST)
        expected = "the family files below without mistakes"
        return ScenarioError([Problem(code, 0, 0, "", f"no {what}", expected, near), *problems])
    own = YOUR_OWN if has_option and not families.files else ""
    return SettingError(f"no {what} {code!r}; {remedy(code, known, others, every, own)}")


def remedy_of_family(name: str, families: Families) -> str:
    """Return what to type instead of the name of a family; nothing if it names none."""
    readable = {each.name: each for each in families.readable()[0]}
    if name not in readable:
        return ""
    return f"it is a family: its event codes are {listed([*readable[name].codes])}"


def remedy(
    code: str,
    known: Collection[str],
    others: Collection[str] = (),
    every: str = EVENT_CODE,
    own: str = "",
) -> str:
    """Return what to type instead of a code: the nearest names, or else ``every``.

    ``own`` is where else the code may come from; it is left out if only ``others`` are near.
    """
    found = get_close_matches(code[:_LONGEST], [*others, *known], _MOST)
    if not found:
        return f"expected {every}{own and f', or {own}'}"
    is_code = any(each in known for each in found)
    return f"did you mean {listed(found)}{f', or {own}' if own and is_code else ''}?"


def unknown_family(name: str, families: Families, *, has_option: bool = True) -> SettingError:
    """Return the error for a name that is no family with event codes.

    ``has_option`` is that of ``unknown_code``.
    """
    if family := families.by_code(name):
        return SettingError(f"no family {name!r}; it is an event code of {family.name}")
    known = [each.name for each in families.readable()[0] if each.codes]
    own = YOUR_OWN if has_option and not families.files else ""
    every = f"one of {listed(known)}"
    return SettingError(f"no family with events {name!r}; {remedy(name, known, (), every, own)}")
