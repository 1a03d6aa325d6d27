"""A run of checks in a thread of the service: one at a time, watched and cancelled by pages."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...checks import run as checks
from ...checks.check import Check
from ...checks.check_run import CheckRun
from ...checks.findings import Findings, Plan
from ...checks.options import Watcher
from ...checks.pace import Pace
from ...core import duration
from ...errors import ApiError, FlowsimError
from ...runtime.event_loop import Interruption
from ..deliveries.rows import AttemptMark
from .run_form import RequestedRun

SHOWN = 12
"""How many of the latest checks are shown, and how many answers of each."""

_log = logging.getLogger("flowsim.service")


@dataclass(frozen=True, slots=True)
class SentCheck:
    """A check that was sent: its name and claim, and the first answers.

    ``requests`` counts all. ``problem`` says why there was no answer to the last of them.
    """

    name: str
    claim: str
    requests: int
    marks: Sequence[AttemptMark]
    problem: str


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """How far the last run is; ``number`` counts runs from 1, 0 means that there was none.

    ``state`` is ``none``, ``running``, ``stopping`` or ``ended``. ``current`` is the check that is
    sent, number ``done`` + 1 of ``total``. ``pace`` says how quick the webhook is, ``sent`` are the
    latest checks, the newest first. ``problem`` says why there are no findings.
    """

    number: int = 0
    state: str = "none"
    url: str = ""
    done: int = 0
    total: int = 0
    current: str = ""
    claim: str = ""
    pace: str = ""
    sent: tuple[SentCheck, ...] = ()
    problem: str = ""

    @property
    def is_running(self) -> bool:
        """Whether the run has not ended."""
        return self.state in ("running", "stopping")

    @property
    def stamp(self) -> str:
        """A text that changes with each step."""
        steps = len(self.sent) and f"{self.sent[0].name}.{self.sent[0].requests}"
        return f"{self.number}.{self.state}.{self.done}.{self.total}.{bool(self.pace):d}.{steps}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The findings of a run, and the command that repeats it."""

    number: int
    findings: Findings
    command: str


@dataclass(slots=True)
class _Run:
    """One run: its thread, and what ends it."""

    thread: threading.Thread
    interruption: Interruption = field(default_factory=Interruption)


class BackgroundChecks:
    """Runs checks, one run at a time; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run: _Run | None = None
        self._is_over = False
        self._sent: deque[SentCheck] = deque(maxlen=SHOWN)
        self._progress = CheckProgress()
        self._report: CheckReport | None = None

    def progress(self) -> CheckProgress:
        """Return how far the last run is."""
        return self._progress

    def report(self) -> CheckReport | None:
        """Return the report of the last run that has ended, if there is one."""
        return self._report

    def start(self, requested: RequestedRun) -> None:
        """Start a run; raises ``ApiError`` 409 while another one is under way."""
        with self._lock:
            if self._progress.is_running or self._is_over:
                reason = "a run of checks is under way; wait until it ends, or cancel it"
                raise ApiError(409, "Conflict", reason)
            number = self._progress.number + 1
            self._sent.clear()
            self._progress = CheckProgress(number, "running", requested.options.url)
            work = threading.Thread(
                target=self._work, args=(requested,), name="checks", daemon=True
            )
            self._run = _Run(work)
            work.start()

    def cancel(self) -> None:
        """End the run that is under way; what was sent is still judged."""
        with self._lock:
            if self._run is not None and self._progress.is_running:
                self._change(state="stopping")
                self._run.interruption.interrupt()

    def close(self) -> None:
        """End the run that is under way, wait for its end, and start no other."""
        with self._lock:
            self._is_over = True
        self.cancel()
        if self._run is not None:
            self._run.thread.join()

    def _work(self, requested: RequestedRun) -> None:
        number, problem = self._progress.number, ""
        watcher = Watcher(self._begun, self._measured, self._running, sent=self._was_sent)
        assert self._run is not None
        try:
            findings = checks.run(
                requested.options, requested.access, watcher, self._run.interruption
            )
            findings = replace(findings, options=requested.given)
            self._report = CheckReport(number, findings, requested.command)
        except FlowsimError as error:
            problem = str(error)
        except Exception as error:
            _log.exception("a run of checks has failed")
            problem = f"flowsim failed in this run: {type(error).__name__}: {error}"
        with self._lock:
            self._change(state="ended", problem=problem, current="")

    def _change(self, **changes: object) -> None:
        self._progress = replace(self._progress, **changes)  # type: ignore[arg-type]

    def _begun(self, plan: Plan) -> None:
        with self._lock:
            self._change(total=len(plan.checks))

    def _measured(self, pace: Pace, seconds: float) -> None:
        about = duration.spell(max(1, round(seconds)))
        said = f"An event takes {duration.spell(pace.alone)}; the run takes about {about}."
        with self._lock:
            self._change(pace=said)

    def _running(self, check: Check) -> None:
        with self._lock:
            is_next = bool(self._progress.current)
            done = min(self._progress.done + is_next, max(0, self._progress.total - 1))
            self._change(done=done, current=check.name, claim=check.claim)

    def _was_sent(self, run: CheckRun) -> None:
        with self._lock:
            self._sent.appendleft(_sent(run))
            self._change(sent=tuple(self._sent))


def _sent(run: CheckRun) -> SentCheck:
    marks = [
        AttemptMark(number, each.status, each.ending)
        for number, each in enumerate(run.exchanges[:SHOWN], 1)
    ]
    last = run.exchanges[-1] if run.exchanges else None
    problem = "" if last is None or last.is_answered else last.outcome.problem or "no answer"
    return SentCheck(run.check.name, run.check.claim, len(run.exchanges), marks, problem)
