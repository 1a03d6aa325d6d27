"""Mistakes of which the run with usual values shows nothing: other counts, texts and shapes do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from .correct import CorrectConsumer, Request
from .losing import MISTAKES, Keeps
from .mistakes import mistake
from .runs import as_list, as_object, moment, number, run_of
from .strict_runs import Strict

__all__ = ["MISTAKES"]

Json = dict[str, Any]


@mistake
class KeepsBytesAsIntegers(Strict):
    """The column of a database has 32 bits."""

    def insist(self, run: Json) -> None:
        sizes = as_object(as_object(run.get("metrics")).get("sizeSummary"))
        assert (number(sizes.get("inputBytes")) or 0) < 2**31


@mistake
class WrapsLargeCounts(Keeps):
    """A variable of 32 bits holds the number of records."""

    def change(self, state: Json, metrics: Json) -> Json:  # noqa: ARG002
        records = state["records"] or 0
        return {**state, "records": records - 2**32} if records >= 2**31 else state


@mistake
class KeepsIntegersOnly(Keeps):
    """A count that is a floating-point number is none."""

    def change(self, state: Json, metrics: Json) -> Json:
        records = as_object(metrics.get("recordSummary"))
        is_float = isinstance(records.get("inputRecordCount"), float)
        return {**state, "records": None, "failed": None} if is_float else state


@mistake
class KnowsCloudEventsByTheirFirstKey(CorrectConsumer):
    """An event is a CloudEvent if its first key is specversion; else data is not looked at."""

    def take(self, request: Request, element: Json) -> None:
        if "specversion" in element and next(iter(element)) != "specversion":
            self.work(self.event_id(request, element))
        else:
            super().take(request, element)


@mistake
class CountsFirstActivity(CorrectConsumer):
    """What the first activity read is what the run read."""

    def state(self, run: Json) -> Json:
        first, *_ = as_list(run.get("activities")) or [{}]
        records = as_object(as_object(first).get("recordSummary"))
        return {**super().state(run), "records": number(records.get("inputRecordCount"))}


@mistake
class TakesPartialSuccessForFailure(Keeps):
    """What is no success is a failure."""

    def change(self, state: Json, metrics: Json) -> Json:  # noqa: ARG002
        is_known = str(state["status"]).lower() in ("success", "inprogress")
        return state if is_known else {**state, "status": "failed"}


@mistake
class TakesWhatIsMissingForRejected(Keeps):
    """What was read and not written was rejected."""

    def change(self, state: Json, metrics: Json) -> Json:
        records = as_object(metrics.get("recordSummary"))
        counts = [number(records.get(name)) for name in ("inputRecordCount", "outputRecordCount")]
        return state if None in counts else {**state, "failed": counts[0] - counts[1]}


class Merges(CorrectConsumer, ABC):
    """A later end of a run is put together with the earlier one."""

    def keep(self, run_id: str, written: float, state: Json) -> None:
        before = self.state_of(run_id)
        super().keep(run_id, written, self.merged(before, state) if before else state)

    @abstractmethod
    def merged(self, before: Json, state: Json) -> Json:
        """Return what is kept of two states."""


@mistake
class AddsUpRejectedRecords(Merges):
    def merged(self, before: Json, state: Json) -> Json:
        return {**state, "failed": (before["failed"] or 0) + (state["failed"] or 0)}


@mistake
class KeepsMostRejectedRecords(Merges):
    def merged(self, before: Json, state: Json) -> Json:
        return {**state, "failed": max(before["failed"] or 0, state["failed"] or 0)}


@mistake
class KeepsFirstEndTime(Merges):
    """What is known of a run is never overwritten, except its status and counts."""

    def merged(self, before: Json, state: Json) -> Json:
        return {**state, "ended": before["ended"] or state["ended"]}


@mistake
class OrdersByEnd(CorrectConsumer):
    """The state of a run with the later end is kept, and a run without an end has the first."""

    def learn(self, run: Json) -> None:
        times = as_object(as_object(run.get("metrics")).get("durationSummary"))
        row = self.summarise(run)
        self.keep(row[0], moment(times.get("completedAtUTC")) or 0.0, self.state(run))


@mistake
class KeepsOneRunOfEachFlow(CorrectConsumer):
    """The table of states has one row for each flow."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.rows: dict[str, str] = {}

    def learn(self, run: Json) -> None:
        super().learn(run)
        before = self.rows.get(str(run.get("flowId")))
        self.rows[str(run.get("flowId"))] = str(run.get("id"))
        if before not in (None, run.get("id")):
            self.kept.pop(str(before), None)


@mistake
class ReadsMetricsOfAlerts(CorrectConsumer):
    """What has the code of a failed run is one."""

    def take(self, request: Request, element: Json) -> None:
        if request.headers["x-adobe-event-code"] == "source_flow_run_error":
            _ = run_of(element)["metrics"]["statusSummary"]
        super().take(request, element)


@mistake
class ReadsFailuresInArraysOnly(CorrectConsumer):
    """A body that is an object holds a run that succeeded."""

    def read(self, request: Request) -> list[Json]:
        elements = super().read(request)
        assert request.body.lstrip()[:1] == b"[" or "messages" not in elements[0]
        return elements


@mistake
class FormatsErrorTexts(Strict):
    """The text of an error is the format of a line in the log."""

    def insist(self, run: Json) -> None:
        status = as_object(as_object(run.get("metrics")).get("statusSummary"))
        for each in as_list(status.get("errors")):
            _ = (str(as_object(each).get("message")) + " in run %s") % run.get("id")


@mistake
class KeepsShortErrorDetails(Strict):
    """The column of errorDetail has 2,000 characters."""

    def insist(self, run: Json) -> None:
        for each in as_list(run.get("activities")):
            status = as_object(as_object(each).get("statusSummary"))
            detail = as_object(status.get("extensions")).get("errorDetail", "")
            assert len(detail) <= 2_000


@mistake
class ReadsNoFailuresInCloudEvents(CorrectConsumer):
    """The data of a CloudEvent is the run itself."""

    def take(self, request: Request, element: Json) -> None:
        if "specversion" in element and run_of(element) is not element.get("data"):
            self.work(self.event_id(request, element))
        else:
            super().take(request, element)
