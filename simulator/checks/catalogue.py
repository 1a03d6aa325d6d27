"""The catalogue of checks: YAML files, each of one group, each read when it is needed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

from ..core import duration
from ..errors import ScenarioError, SettingError
from ..installation.kept import kept
from .check import ChallengeProbe, Check, Need, Probe, ValidationProbe
from .groups import CheckFile, files, groups
from .judges import DEFAULT, JUDGES, parts_of

FIRST = "answers"
"""The check without which no other can be judged."""

SOUND = "sound-event"
"""The check that says why most others cannot be judged, where that is so."""

LAST = "sound-at-end"
"""The check that is sent after all others: whether the webhook still accepts an event."""

BURST = "burst"
"""The check of many events at once, each of which is to be accepted."""

_NAME = re.compile(r"^([a-z][a-z0-9-]*):", re.MULTILINE)


@cache
def names() -> tuple[str, ...]:
    """Return the names of all shipped checks: ``FIRST``, then the others by group and name."""
    return _ordered(_groups())


def find(name: str) -> Check:
    """Return the shipped check of that name, which must be one."""
    return _in_file(_files()[name])[name]


def select(
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    own: Sequence[Check] = (),
    *,
    thorough: bool = False,
) -> list[Check]:
    """Return the checks of ``only``, names of checks or groups, without those of ``skip``.

    Without ``only`` all checks are meant, with the user's ``own``. The first check is always
    among them. Checks for thorough runs are only among them if the run is ``thorough``, or if
    they are named. Raises ``SettingError`` for an unknown name.
    """
    users = {check.name: check for check in own}
    known = {**_groups(), **{name: check.group for name, check in users.items()}}
    wanted, unwanted = _meant(only, known) or {*known}, _meant(skip, known)
    chosen = [name for name in _ordered(known) if name == FIRST or name in wanted - unwanted]
    if chosen == [FIRST] and FIRST not in wanted - unwanted:
        raise SettingError("no check is left; `flowsim check --list` shows all")
    found = (users[name] if name in users else find(name) for name in chosen)
    return [
        each.thorough() if thorough else each
        for each in found
        if thorough or not each.is_thorough or each.name in only
    ]


def check_of(
    name: str, group: str, said: Mapping[str, Any], *, file: str = "", family: str = ""
) -> Check:
    """Return a check from its entry in a file, which has no mistakes.

    ``file`` is the user's file, ``family`` the family that brings the check.
    """
    judge, argument = parts_of(said.get("judge") or DEFAULT)
    kind, source = JUDGES[judge], said.get("source", ())
    return Check(
        name,
        group,
        **{key: said[key] for key in ("level", "claim", "why", "page", "advice")},
        judge=kind.bound(argument),
        needs=kind.needs | _needs_of(said),
        judges_once=kind.once,
        source=(source,) if isinstance(source, str) else tuple(source),
        events=said.get("events", ()),
        registration=said.get("registration", {}),
        age=duration.parse(said.get("age", 0)),
        probes=tuple(map(_probe_of, said.get("probes", ()))),
        has_new_keys=said.get("new_keys", False),
        is_tried_later=said.get("tried_later", False),
        at_once=said.get("at_once"),
        file=file,
        family=family,
        must_for=said.get("must_for"),
        follows=tuple(said.get("follows", ())),
        harm=said.get("harm") or ("lost" if said["level"] == "must" else "untidy"),
        may_be_ignored=said.get("may_be_ignored", False),
        thorough_events=said.get("thorough_events", ()),
        is_thorough=said.get("thorough", False),
        again=said.get("again", ""),
        sweep=said.get("sweep", 0),
    )


def _needs_of(said: Mapping[str, Any]) -> frozenset[Need]:
    """Return what a check cannot be judged without, whatever its judge."""
    return frozenset({"restart"} if said.get("again") == "restart" else ())


def _probe_of(said: str | Mapping[str, Any]) -> Probe:
    """Return a probe that is stated as ``challenge`` or ``{challenge: {prefix: a}}``."""
    name, fields = parts_of(said)
    kind = ChallengeProbe if name == "challenge" else ValidationProbe
    return kind(**(fields or {}))


@cache
def _files() -> dict[str, CheckFile]:
    """Return name → file of all shipped checks; no YAML is parsed for that.

    If two files have a check of the same name, the first file counts.
    """
    return {name: each for each in files()[::-1] for name in _NAME.findall(_text(each))}


def _groups() -> dict[str, str]:
    return {name: each.group for name, each in _files().items()}


def _ordered(known: Mapping[str, str]) -> tuple[str, ...]:
    order = list(groups())
    return tuple(sorted(known, key=lambda name: (name != FIRST, order.index(known[name]), name)))


def _meant(words: Sequence[str], known: Mapping[str, str]) -> set[str]:
    """Return the names of the checks that are meant by names and groups."""
    return {name for word in words for name in _named(word, known)}


def _named(word: str, known: Mapping[str, str]) -> Collection[str]:
    found = [name for name, group in known.items() if word in (name, group)]
    if not found:
        near = get_close_matches(word, [*groups(), *_ordered(known)], 3)
        check = ", ".join(near) or "a check of `flowsim check --list`"
        several = f", or one of the groups {', '.join(groups())}"
        raise SettingError(f"no check or group {word!r}; expected {check}{several}")
    return found


@cache
def _in_file(file: CheckFile) -> dict[str, Check]:
    return {
        name: check_of(name, file.group, said, family=file.family)
        for name, said in content_of(file).items()
    }


@cache
def _text(file: CheckFile) -> str:
    return file.path.read_text("utf-8")


def content_of(file: CheckFile) -> dict[str, Any]:
    """Return the content of a file: name of the check → its entry.

    Reading all of ours as YAML takes a third of a second, more than all else of ``check --list``:
    so what was read is kept. Raises ``ScenarioError`` for mistakes in a file of a package.
    """
    if file.of_package:
        return _content_of_package(file)
    content: dict[str, Any] = kept("checks", file.name, _text(file), partial(_read, file.path.name))
    return content


def _content_of_package(file: CheckFile) -> dict[str, Any]:
    from ..files.yaml_documents import parse_text
    from .check_mistakes import in_file

    document = parse_text(_text(file), str(file.path))
    if problems := [*document.problems, *in_file(document, file.group)]:
        raise ScenarioError(problems)
    content: dict[str, Any] = document.value
    return content


def _read(file: str, text: str) -> Any:
    from ..files.yaml_documents import parse_text

    return parse_text(text, file).value
