"""A baseline: failures that are known, in a file of a repository; only others fail a run.

The file is JSON with a line for each known failure, sorted by check. It has no times and no ids:
the same failures make the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core.printable import brief, printable
from ..errors import ScenarioError, SettingError
from ..files import text_files
from .catalogue import names
from .causes import causes_of, first_of
from .findings import CheckResult, Findings

FORMAT = "flowsim baseline 1"

_REMEDY = "write it with --write-baseline"
_WANTED = "a baseline"


@dataclass(frozen=True, slots=True)
class Known:
    """A known failure of a check; ``cause`` is another check that fails for the same cause.

    ``lost`` says that an event was acknowledged and lost, which is another failure than a refusal.
    """

    claim: str
    lost: bool = False
    cause: str = ""


Baseline = Mapping[str, Known]
"""Name of a check → its known failure."""


def read(path: Path) -> Baseline:
    """Return the content of a file. Raises ``SettingError`` if it is missing or no baseline."""
    called = printable(str(path))
    if not text_files.is_at(path, Path.exists):
        raise SettingError(f"there is no baseline {called}; {_REMEDY}")
    try:
        _, text = text_files.text_of(path, _WANTED)
        return known_of(json.loads(text))
    except (ScenarioError, ValueError, RecursionError) as error:
        reason = brief(str(error)).removeprefix(f"{called}: ")
        raise SettingError(
            f"{called} is not a baseline: {reason}; name another file, or delete this one and "
            f"{_REMEDY}"
        ) from None


def known_of(content: Any) -> Baseline:
    """Return the known failures of JSON; raises ``ValueError`` with the reason if it has none."""
    found = content.get("format") if isinstance(content, dict) else None
    if found != FORMAT:
        raise ValueError(f"its format is not {FORMAT!r}")
    known = content.get("known")
    if not isinstance(known, list):
        raise ValueError("known is not a list")
    return dict(map(_entry, known))


def _entry(said: Any) -> tuple[str, Known]:
    kinds = {"check": str, "claim": str, "lost": bool, "cause": str}
    if not isinstance(said, dict) or not {"check", "claim"} <= {*said} <= {*kinds}:
        raise ValueError(f"a known failure has {', '.join(kinds)}, but not {brief(repr(said))}")
    for name, value in said.items():
        if not isinstance(value, kinds[name]):
            raise ValueError(f"{name} is {brief(repr(value))}")
    return said["check"], Known(said["claim"], said.get("lost", False), said.get("cause", ""))


def compared(findings: Findings, baseline: Baseline, own: Collection[str] = ()) -> Findings:
    """Return findings with the known failures of a baseline, and what has become of the others.

    They may be gone, or not compared: their checks were not judged, or not sent. ``own`` are the
    names of all checks of the user. A check that is neither one of them nor shipped is no check
    any more. A webhook that does not answer is no known failure.
    """
    is_answered = findings.is_answered
    results = [
        replace(each, known=is_answered and _is_known(each, baseline)) for each in findings.results
    ]
    states = {each.check.name: each.verdict.state for each in results}
    dropped = _dropped(findings, baseline, own)
    return replace(
        findings,
        results=results,
        gone=sorted(name for name in baseline if states.get(name) == "passed"),
        dropped=dropped,
        not_compared=sorted(
            name
            for name in baseline
            if states.get(name, "not judged") == "not judged" and name not in dropped
        ),
    )


def _dropped(findings: Findings, baseline: Baseline, own: Collection[str]) -> list[str]:
    """Return the names in a baseline that no check has any more."""
    sent = (each.check.name for each in findings.results)
    return sorted({*baseline} - {*sent, *own, *names()})


def _is_known(result: CheckResult, baseline: Baseline) -> bool:
    known = baseline.get(result.check.name)
    return (
        known is not None and result.verdict.state == "failed" and known.lost is bool(result.lost)
    )


def obstacle(findings: Findings) -> str:
    """Return why a run can make no baseline; empty if it can."""
    if not findings.is_answered:
        return "the webhook does not answer events"
    return "" if findings.finished and not findings.problem else "not all checks were judged"


def updated(findings: Findings, baseline: Baseline, own: Collection[str] = ()) -> Baseline:
    """Return the failures of a run, with the known ones of checks that were not judged in it.

    Those are left out that are no checks any more; ``own`` are the names of all checks of the user.
    """
    over = {each.check.name for each in findings.results if each.verdict.state != "not judged"}
    over |= {*_dropped(findings, baseline, own)}
    kept = {name: known for name, known in baseline.items() if name not in over}
    return {**kept, **_failures(findings.results)}


def _failures(results: Sequence[CheckResult]) -> dict[str, Known]:
    failed = [each for each in results if each.verdict.state == "failed"]
    firsts = first_of(causes_of(failed))
    return {
        name: Known(each.check.claim, bool(each.lost), first if first != name else "")
        for each in failed
        for name, first in [(each.check.name, firsts[each.check.name])]
    }


def text_of(baseline: Baseline) -> str:
    """Return the content of a file, with a line for each known failure."""
    lines = [json.dumps(_said(name, baseline[name])) for name in sorted(baseline)]
    listed = "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"
    return f'{{"format": {json.dumps(FORMAT)}, "known": {listed}}}\n'


def _said(name: str, known: Known) -> dict[str, str | bool]:
    said: dict[str, str | bool] = {"check": name}
    said |= {"lost": True} if known.lost else {}
    said |= {"cause": known.cause} if known.cause else {}
    return said | {"claim": known.claim}
