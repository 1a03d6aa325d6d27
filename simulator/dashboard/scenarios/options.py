"""The options of a run: what the form on the page of a scenario says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from ...core.printable import brief
from ...core.shell_words import quoted
from ...errors import ScenarioError, SettingError
from ...events_service import request_body
from ...events_service.control.bodies import TriggerBody
from ...files.yaml_documents import parse_text, scalar
from .sources import ScenarioText

MOST_CHANGES, MOST_FAULTS = 200, 20
"""How many changes and faults the form takes, at most."""

LONGEST_FAULT, LONGEST_QUERY = 1_000, 16_000
"""How many characters a fault and all options may have: the options stand in an address."""

_HIGHEST_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ScenarioOptions:
    """What was typed and chosen; an empty member leaves the scenario as it is.

    ``changes`` has one ``KEY=VALUE`` a line. ``faults`` are chosen ones as YAML, such as
    ``duplicate`` or ``delay: 20m``. ``registrations`` are the ids of those that may get the events,
    None for all. ``form`` is the registration whose form of the bodies is shown.
    """

    seed: str = ""
    at: str = ""
    changes: str = ""
    faults: tuple[str, ...] = ()
    registrations: tuple[str, ...] | None = None
    form: str = ""

    @classmethod
    def of(cls, given: MultiDict[str, str], known: Sequence[str]) -> ScenarioOptions:
        """Return the options in a query or a form; ``known`` are the ids of all registrations.

        ``fault`` are faults that were chosen before, ``new`` is one more with its ``argument``.
        """
        faults = [each.strip() for each in given.getlist("fault") if each.strip()]
        if new := given.get("new", "").strip():
            argument = given.get("argument", "").strip()
            faults.append(f"{new}: {argument}" if argument else new)
        chosen = tuple(dict.fromkeys(given.getlist("registration")))
        is_stated = "choice" in given or bool(chosen)
        return cls(
            given.get("seed", "").strip(),
            given.get("at", "").strip(),
            given.get("set", "").replace("\r", "").strip("\n"),
            tuple(dict.fromkeys(faults)),
            chosen if is_stated and {*chosen} != {*known} else None,
            form if (form := given.get("form", "")) in known else "",
        )

    @property
    def query(self) -> str:
        """The options as the query of an address, without the question mark."""
        single = (("seed", self.seed), ("at", self.at), ("set", self.changes), ("form", self.form))
        pairs = [(name, value) for name, value in single if value]
        pairs += [("fault", each) for each in self.faults]
        if self.registrations is not None:
            pairs += [("choice", "1"), *(("registration", each) for each in self.registrations)]
        return urlencode(pairs, errors="replace")

    @property
    def settings(self) -> list[str]:
        """The changes, one each."""
        return [each.strip() for each in self.changes.split("\n") if each.strip()]

    def body(self, source: ScenarioText, *, with_changes: bool = True) -> TriggerBody:
        """Return what ``trigger`` is asked for.

        Raises ``SettingError`` for a wrong seed, too many or too long options, or no registration;
        ``ScenarioError`` for a fault that is no YAML; ``ApiError`` for what no service takes.
        """
        if not with_changes:
            return request_body.read(TriggerBody, source.asked)
        if self.registrations == ():
            raise SettingError("no registration is chosen; choose at least one")
        changes = [*self.settings, *self.fault_setting(source)]
        if len(changes) > MOST_CHANGES:
            raise SettingError(f"{len(changes):,} changes; expected at most {MOST_CHANGES}")
        self._expect_short()
        stated: dict[str, Any] = {"seed": self._seed(), "at": self.at or None, "set": changes}
        registrations = None if self.registrations is None else [*self.registrations]
        asked = source.asked | stated | {"registrations": registrations}
        return request_body.read(TriggerBody, asked)

    def fault_setting(self, source: ScenarioText) -> Iterator[str]:
        """Yield the change that adds the chosen faults to those of the whole scenario."""
        if not self.faults:
            return
        if len(self.faults) > MOST_FAULTS:
            raise SettingError(f"{len(self.faults):,} faults; expected at most {MOST_FAULTS}")
        if long := [each for each in self.faults if len(each) > LONGEST_FAULT]:
            found = f"fault is {brief(long[0][:40])!r}…"
            raise SettingError(f"{found}; expected at most {LONGEST_FAULT:,} characters")
        chosen = [scalar(each, f"fault {brief(each)}") for each in self.faults]
        yield f"faults={json.dumps([*_faults_in(source), *chosen], default=str)}"

    def command(self, source: ScenarioText, name: str) -> str:
        """Return the ``flowsim trigger`` command for the same events, as far as it can be typed."""
        words = ["flowsim trigger", quoted(name)]
        words += [f"--seed {quoted(self.seed)}"] if self.seed else []
        words += [f"--at {quoted(self.at)}"] if self.at else []
        try:
            faults = [*self.fault_setting(source)]
        except (ScenarioError, SettingError):
            faults = []
        words += [f"--set {quoted(each)}" for each in (*self.settings, *faults)]
        return " ".join(words)

    def _expect_short(self) -> None:
        if len(self.at) > 1000:
            raise SettingError(f"at is {brief(self.at[:40])!r}…; expected 2026-01-15T09:30:00Z")
        size = len(self.query)
        if size > LONGEST_QUERY:
            found = f"the options have {size:,} characters"
            raise SettingError(
                f"{found}; expected at most {LONGEST_QUERY:,}: edit the file instead"
            )

    def _seed(self) -> int | str | None:
        if self.seed in ("", "random"):
            return self.seed or None
        is_number = self.seed.isascii() and self.seed.isdecimal() and len(self.seed) < 20
        if is_number and int(self.seed) <= _HIGHEST_SEED:
            return int(self.seed)
        expected = f"a whole number from 0 to {_HIGHEST_SEED}, or random"
        raise SettingError(f"seed is {brief(self.seed[:40])!r}; expected {expected}")


def _faults_in(source: ScenarioText) -> list[Any]:
    """Return the faults that a scenario has for all of its events."""
    value = parse_text(source.text, source.name).value
    found = value.get("faults") if isinstance(value, dict) else None
    return found if isinstance(found, list) else []
