"""The catalogue of checks: six YAML files, one for each group, each read when it is needed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, partial
from pathlib import Path
from typing import Any

from ..core import duration
from ..errors import SettingError
from ..families.base import Family
from ..families.registry import shipped
from ..installation.kept import kept
from .check import GROUPS, ChallengeProbe, Check, Probe, ValidationProbe
from .judges import DEFAULT, JUDGES, parts_of

FIRST = "answers"
"""The check without which no other can be judged."""

SOUND = "sound-event"
"""The check that says why most others cannot be judged, where that is so."""

OF_FAMILY = "payload"
"""The group of checks that a family brings."""

_NAME = re.compile(r"^([a-z][a-z0-9-]*):", re.MULTILINE)


def path_of(group: str) -> Path | None:
    """Return the file with the checks of a group.

    The group ``payload`` is about the events of one family: its file is with that family. It is
    ``None`` if there is no such family.
    """
    if group == OF_FAMILY:
        family = family_with_checks()
        return family.checks() if family else None
    return Path(__file__).with_name(f"{group}.yaml")


@cache
def family_with_checks() -> Family | None:
    """Return the family that brings checks of its own, if there is one."""
    return next((family for family in shipped().in_python() if family.checks()), None)


@cache
def names() -> tuple[str, ...]:
    """Return the names of all shipped checks: ``FIRST``, then the others by group and name."""
    return _ordered(_groups())


def find(name: str) -> Check:
    """Return the shipped check of that name, which must be one."""
    return _of_group(_groups()[name])[name]


def select(
    only: Sequence[str] = (), skip: Sequence[str] = (), own: Sequence[Check] = ()
) -> list[Check]:
    """Return the checks of ``only``, names of checks or groups, without those of ``skip``.

    Without ``only`` all checks are meant, with the user's ``own``. The first check is always
    among them. Raises ``SettingError`` for an unknown name.
    """
    users = {check.name: check for check in own}
    groups = {**_groups(), **{name: check.group for name, check in users.items()}}
    wanted, unwanted = _meant(only, groups) or {*groups}, _meant(skip, groups)
    chosen = [name for name in _ordered(groups) if name == FIRST or name in wanted - unwanted]
    if chosen == [FIRST] and FIRST not in wanted - unwanted:
        raise SettingError("no check is left; `flowsim check --list` shows all")
    return [users[name] if name in users else find(name) for name in chosen]


def check_of(name: str, group: str, said: Mapping[str, Any], file: str = "") -> Check:
    """Return a check from its entry in a file, which has no mistakes."""
    judge, argument = parts_of(said.get("judge") or DEFAULT)
    kind, source = JUDGES[judge], said.get("source", ())
    return Check(
        name,
        group,
        **{key: said[key] for key in ("level", "claim", "why", "page", "advice")},
        judge=kind.bound(argument),
        effects=kind.effects,
        source=(source,) if isinstance(source, str) else tuple(source),
        events=said.get("events", ()),
        registration=said.get("registration", {}),
        age=duration.parse(said.get("age", 0)),
        probes=tuple(map(_probe_of, said.get("probes", ()))),
        has_new_keys=said.get("new_keys", False),
        is_tried_later=said.get("tried_later", False),
        at_once=said.get("at_once"),
        file=file,
        family=_family_of(group) if not file else "",
    )


def _family_of(group: str) -> str:
    family = family_with_checks()
    return family.name if family and group == OF_FAMILY else ""


def _probe_of(said: str | Mapping[str, Any]) -> Probe:
    """Return a probe that is stated as ``challenge`` or ``{challenge: {prefix: a}}``."""
    name, fields = parts_of(said)
    kind = ChallengeProbe if name == "challenge" else ValidationProbe
    return kind(**(fields or {}))


@cache
def _groups() -> dict[str, str]:
    """Return name → group of all shipped checks; no YAML is parsed for that."""
    return {name: group for group in GROUPS for name in _NAME.findall(_text(group))}


def _ordered(groups: Mapping[str, str]) -> tuple[str, ...]:
    order = list(GROUPS)
    return tuple(sorted(groups, key=lambda name: (name != FIRST, order.index(groups[name]), name)))


def _meant(words: Sequence[str], groups: Mapping[str, str]) -> set[str]:
    """Return the names of the checks that are meant by names and groups."""
    return {name for word in words for name in _named(word, groups)}


def _named(word: str, groups: Mapping[str, str]) -> Collection[str]:
    found = [name for name, group in groups.items() if word in (name, group)]
    if not found:
        near = get_close_matches(word, [*GROUPS, *_ordered(groups)], 3)
        check = ", ".join(near) or "a check of `flowsim check --list`"
        several = f", or one of the groups {', '.join(GROUPS)}"
        raise SettingError(f"no check or group {word!r}; expected {check}{several}")
    return found


@cache
def _of_group(group: str) -> dict[str, Check]:
    return {name: check_of(name, group, said) for name, said in content_of(group).items()}


@cache
def _text(group: str) -> str:
    path = path_of(group)
    return path.read_text("utf-8") if path else ""


def content_of(group: str) -> dict[str, Any]:
    """Return the content of the file of a group: name of the check → its entry.

    Reading all six as YAML takes a third of a second, more than all else of ``check --list``:
    so what was read is kept.
    """
    content: dict[str, Any] = kept("checks", group, _text(group), partial(_read, f"{group}.yaml"))
    return content


def _read(file: str, text: str) -> Any:
    from ..files.yaml_documents import parse_text

    return parse_text(text, file).value
