"""A shelf: one file is one check of a webhook; its name, with dashes, is the check's.

A file's docstring says in its first line what the check claims, as a sentence. ``GROUP`` and
``LEVEL`` say where it belongs and how much weight it has, ``WHY`` what depends on it, ``PAGE``
where that is written, ``ADVICE`` what to do if it fails.

``EVENTS`` are events of a scenario, with their faults and what a sound webhook does with each
(``expect``); ``REGISTRATION`` and ``AGE`` (seconds) go with them. An event that says nothing of
itself tells about a run that went well. Three words are replaced: ``{same}`` by an id, one for
the whole check, ``{foreign}`` by the address of a host that no webhook has any business with,
in whatever it is asked for keys in, ``{foreign-http}`` by its address for plain HTTP.
``HAS_NEW_KEYS`` lets keys sign them that are like no other. ``PROBES`` are requests that
deliver no event. ``judge`` is handed all that was seen and returns
the verdict; without one, each event has to end as its ``expect`` says. ``NEEDS_EFFECTS`` says
that it takes what the webhook did to judge, not only what it answered; with
``accepted_and_processed`` as ``judge`` it counts where it is known. ``IS_TRIED_LATER`` lets
a webhook that puts the event off be tried again after some seconds: it may wait before it asks
for a key again. ``AT_ONCE`` is how many attempts are under way at once, at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ..core.judging.check import GROUPS, Check
from ..errors import SettingError
from ._judging import accepted_and_processed, as_expected

FIRST = "answers"
"""The check without which no other can be judged."""

SOUND = "sound-event"
"""The check that tells why most others cannot be judged, where that is so."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of all checks: the first one first, then by group and name."""
    files = (found.name for found in iter_modules(__path__))
    found = [file.replace("_", "-") for file in files if not file.startswith("_")]
    groups = list(GROUPS)
    return tuple(
        sorted(found, key=lambda name: (name != FIRST, groups.index(find(name).group), name))
    )


@cache
def find(name: str) -> Check:
    """Return the check of that name, which must be one."""
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    claim = (module.__doc__ or "").partition("\n")[0]
    return Check(
        name,
        module.GROUP,
        module.LEVEL,
        claim,
        module.WHY,
        module.PAGE,
        module.ADVICE,
        getattr(module, "judge", as_expected),
        getattr(module, "EVENTS", ()),
        getattr(module, "REGISTRATION", {}),
        getattr(module, "AGE", 0.0),
        getattr(module, "PROBES", ()),
        getattr(module, "HAS_NEW_KEYS", False),
        getattr(module, "NEEDS_EFFECTS", False),
        getattr(module, "judge", None) is accepted_and_processed,
        getattr(module, "IS_TRIED_LATER", False),
        getattr(module, "AT_ONCE", None),
    )


def select(only: Sequence[str] = (), skip: Sequence[str] = ()) -> list[Check]:
    """Return the checks that are named, by their names or groups, but for those to skip.

    Without names all are meant. The first check is always among them. Raises ``SettingError``
    for a name that is neither.
    """
    wanted, unwanted = _named(only) or {*names()}, _named(skip)
    chosen = [name for name in names() if name == FIRST or name in wanted - unwanted]
    if chosen == [FIRST] and FIRST not in wanted - unwanted:
        raise SettingError("no check is left; `flowsim check --list` shows all")
    return [find(name) for name in chosen]


def _named(words: Sequence[str]) -> set[str]:
    """Return the names of checks that names and groups stand for."""
    return {name for word in words for name in _meant(word)}


def _meant(word: str) -> list[str]:
    found = [name for name in names() if word in (name, find(name).group)]
    if not found:
        near = get_close_matches(word, [*GROUPS, *names()], 3)
        expected = ", ".join(near) or "a name of `flowsim check --list`"
        raise SettingError(f"no check or group {word!r}; expected {expected}")
    return found
