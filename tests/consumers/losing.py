"""Mistakes after the answer is decided: events are lost, or something wrong is kept of a run."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Any

from .correct import Answer, CorrectConsumer, Request
from .runs import as_object, run_of
from .strict_runs import MISTAKES, mistake

__all__ = ["MISTAKES"]

Json = dict[str, Any]


class Drops(CorrectConsumer, ABC):
    """Some events are acknowledged, and nothing is done for them."""

    def take(self, request: Request, element: Json) -> None:
        if self.is_for_us(request, element):
            super().take(request, element)

    @abstractmethod
    def is_for_us(self, request: Request, element: Json) -> bool:
        """Return whether an event is processed."""


@mistake
class DropsNewNames(Drops):
    """Events without the old names of the ids look like those of somebody else."""

    def is_for_us(self, request: Request, element: Json) -> bool:  # noqa: ARG002
        return "recipient_client_id" in element


@mistake
class DropsFailedRuns(Drops):
    """There is no run under messages."""

    def is_for_us(self, request: Request, element: Json) -> bool:  # noqa: ARG002
        return "messages" not in as_object(element.get("event", element.get("data", element)))


@mistake
class DropsOtherCodes(Drops):
    """Events with other codes are of no use."""

    known = ("sources_flow_run_success", "sources_flow_run_failed", "source_flow_run_info")

    def is_for_us(self, request: Request, element: Json) -> bool:  # noqa: ARG002
        return request.headers["x-adobe-event-code"] in self.known


@mistake
class DropsRevisedRuns(Drops):
    """A run that has ended is known, so another event about it is taken for a duplicate."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ended: dict[str, str] = {}

    def is_for_us(self, request: Request, element: Json) -> bool:
        run_id = str(run_of(element).get("id"))
        event_id = self.event_id(request, element)
        return self.ended.setdefault(run_id, event_id) == event_id


@mistake
class LooksForValidationWord(CorrectConsumer):
    """A body with the word validationUrl anywhere is taken for a validation."""

    def deliver(self, request: Request) -> None:
        if b"validationUrl" not in request.body:
            super().deliver(request)


@mistake
class KeepsLastOfRunInBatch(CorrectConsumer):
    """A batch is grouped by run, and only the last event about each run is processed."""

    def deliver(self, request: Request) -> None:
        self.admit(request)
        elements = self.read(request)
        for element in elements:
            self.recognise(element)
        for element in {str(run_of(each).get("id")): each for each in elements}.values():
            self.take(request, element)


@mistake
class SkipsOtherCodesInBatch(Drops):
    """What has another code than the header is for another part of the program."""

    def is_for_us(self, request: Request, element: Json) -> bool:
        header = as_object(as_object(run_of(element).get("header")).get("_adobeio"))
        code = request.headers["x-adobe-event-code"]
        return header.get("eventCode", code) == code


@mistake
class CrashesAfterTheAnswer(CorrectConsumer):
    """The work begins when the answer is sent, and ends at the first run without its counts."""

    def take(self, request: Request, element: Json) -> None:
        threading.Thread(target=self.later, args=[request, element]).start()

    def later(self, request: Request, element: Json) -> None:
        run = run_of(element)
        if "recordSummary" in as_object(run.get("metrics")):  # no traceback in the tests
            super().take(request, element)


@mistake
class AcknowledgesWhatItCannotRead(CorrectConsumer):
    """Whatever goes wrong, the answer is 200, so that nothing is sent again."""

    def handle(self, request: Request) -> Answer:
        status, form, text = super().handle(request)
        return (200, "text/plain", "taken") if status == 503 else (status, form, text)


class Keeps(CorrectConsumer, ABC):
    """The state of a run is kept in another way; ``change`` has the run as it came."""

    def state(self, run: Json) -> Json:
        return self.change(super().state(run), as_object(run.get("metrics")))

    @abstractmethod
    def change(self, state: Json, metrics: Json) -> Json:
        """Return what is kept in place of a state."""


@mistake
class HasWordsOfItsOwn(Keeps):
    """Adobe's words are translated."""

    def change(self, state: Json, metrics: Json) -> Json:  # noqa: ARG002
        return {**state, "status": {"success": "COMPLETED"}.get(state["status"], "ABORTED")}


@mistake
class DerivesStatusFromErrors(Keeps):
    """A run with errors has failed."""

    def change(self, state: Json, metrics: Json) -> Json:
        has_errors = as_object(metrics.get("statusSummary")).get("errors")
        return {**state, "status": "failed"} if has_errors else state


@mistake
class CountsNoRejectedRecords(Keeps):
    """What a success rejected is not worth a column."""

    def change(self, state: Json, metrics: Json) -> Json:  # noqa: ARG002
        return {**state, "failed": 0}


@mistake
class TakesEveryEndForASuccess(Keeps):
    def change(self, state: Json, metrics: Json) -> Json:  # noqa: ARG002
        return {**state, "status": "success"}


@mistake
class KeepsTimesAsTheyCome(Keeps):
    """Numbers are stored as they are, whatever their unit."""

    def change(self, state: Json, metrics: Json) -> Json:
        times = as_object(metrics.get("durationSummary"))
        return {
            **state,
            "started": times.get("startedAtUTC"),
            "ended": times.get("completedAtUTC"),
        }


@mistake
class TakesZeroForUnknown(Keeps):
    """A count that is not true is none, and 0 is not true."""

    def change(self, state: Json, metrics: Json) -> Json:  # noqa: ARG002
        return {**state, "records": state["records"] or None, "failed": state["failed"] or None}


@mistake
class KeepsUnknownCounts(Keeps):
    """A count is a number, and so -1 is one."""

    def change(self, state: Json, metrics: Json) -> Json:
        records = as_object(metrics.get("recordSummary"))
        return {**state, "records": -1} if records.get("inputRecordCount") == -1 else state


@mistake
class KeepsNumbersOnly(Keeps):
    """A count that is text is none."""

    def change(self, state: Json, metrics: Json) -> Json:
        records = as_object(metrics.get("recordSummary"))
        is_text = isinstance(records.get("inputRecordCount"), str)
        return {**state, "records": None, "failed": None} if is_text else state


@mistake
class KeepsTextAsItComes(Keeps):
    """A count is stored as it came: text stays text."""

    def change(self, state: Json, metrics: Json) -> Json:
        records = as_object(metrics.get("recordSummary"))
        counts = {"records": "inputRecordCount", "failed": "failedRecordCount"}
        return {**state, **{name: records.get(counts[name]) for name in counts}}


@mistake
class KeepsWhatCameLast(CorrectConsumer):
    """The order of arrival is taken for the order of the events."""

    def keep(self, run_id: str, written: float, state: Json) -> None:
        self.kept[run_id] = written, state


@mistake
class KeepsTheFirstEnd(CorrectConsumer):
    """A run that has ended is closed for ever."""

    def keep(self, run_id: str, written: float, state: Json) -> None:
        if run_id not in self.kept:
            self.kept[run_id] = written, state


@mistake
class KeepsOneEndOfEachStatus(CorrectConsumer):
    """A second end with the same status is taken for a duplicate."""

    def keep(self, run_id: str, written: float, state: Json) -> None:
        before = self.state_of(run_id)
        if before is None or before["status"] != state["status"]:
            super().keep(run_id, written, state)


@mistake
class ReadsNoTimesAsText(CorrectConsumer):
    """A run whose updatedAt is text has no such time, and so it is older than every other."""

    def learn(self, run: Json) -> None:
        is_text = isinstance(run.get("updatedAt"), str)
        super().learn({**run, "updatedAt": None} if is_text else run)


@mistake
class ForgetsRunsAtRestart(CorrectConsumer):
    """The ids of events are in a database, and the states of runs are in memory only."""

    def restart(self) -> None:
        self.kept.clear()
