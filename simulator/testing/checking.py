"""Checks the webhook of a test, and tells each verdict as a subtest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pytest

from ..checks.effects import Processed
from ..checks.findings import CheckResult, Findings
from ..checks.observation import sent
from ..checks.options import CheckOptions, WebhookAccess
from ..checks.run import run
from ..core.printable import printable, printable_lines
from ..delivery.applications import OneThread
from .wording import in_python


class Subtests(Protocol):
    """The fixture of that name."""

    def test(self, msg: str) -> AbstractContextManager[Any]: ...


def check(options: CheckOptions, line: WebhookAccess, here: OneThread) -> Findings:
    """Check a webhook in another thread, while this one does what is asked of it ``here``."""
    found: Future[Findings] = Future()

    def work() -> None:
        try:
            found.set_result(run(options, line))
        except BaseException as error:
            found.set_exception(error)
        finally:
            here.end()

    threading.Thread(target=work, name="flowsim check", daemon=True).start()
    here.serve()
    return found.result()


def asked_here(processed: Processed | str | None, here: OneThread) -> Processed | str | None:
    """Return what tells the effects; a function is called in the thread of the test."""
    if processed is None or isinstance(processed, str):
        return processed
    ask: Callable[[str], int] = processed
    return lambda event_id: here.ask(lambda: ask(event_id))


def tell(findings: Findings, subtests: Subtests | None) -> None:
    """Let each check be a subtest: passed, failed, skipped if it was not judged.

    What a webhook only should do is an expected failure, unless ``strict``. Without subtests
    (before pytest 9) all failures are one. If nobody could tell what was processed, the test
    fails by that, too.
    """
    __tracebackhide__ = True
    failures = [_in_python(findings.problem)] if findings.problem else []
    if subtests is None:
        failures += [text for each in findings.results for text in _failures(findings, each)]
    else:
        for result in findings.results:
            with subtests.test(result.check.name):
                _tell_one(findings, result)
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)


def _tell_one(findings: Findings, result: CheckResult) -> None:
    if result.verdict.state == "not judged":
        pytest.skip(f"not judged: {_in_python(result.verdict.note)}")
    if result.verdict.state == "failed" and not result.counts(findings.strict):
        received = in_python(printable(result.verdict.received))
        pytest.xfail(f"{result.check.level}: {result.check.claim}; {received}")
    for text in _failures(findings, result):
        pytest.fail(text, pytrace=False)


def _failures(findings: Findings, result: CheckResult) -> Iterator[str]:
    """Yield what is wrong, if the check has failed and that counts."""
    if result.counts(findings.strict):
        check, verdict = result.check, result.verdict
        again = f"flowsim.check(…, only=[{check.name!r}], seed={findings.seed})"
        details = {
            "sent": sent(verdict.exchange) if verdict.exchange else "",
            "expected": verdict.expected,
            "received": verdict.received,
            "raised": verdict.exchange.outcome.traceback if verdict.exchange else "",
            "why": f"{check.why} {check.page}",
            "do": check.advice,
            "again": again,
        }
        lines = [f"{name:8} {text}" for name, text in details.items() if text]
        yield "\n".join([f"{check.name}: {check.claim}", *map(_in_python, lines)])


def _in_python(text: str) -> str:
    """Return printable text that names arguments where it named options of the command line."""
    return in_python(printable_lines(text))
