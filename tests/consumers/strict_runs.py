"""Mistakes about payloads: each relies on one thing that a flow run need not have."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from .correct import CorrectConsumer, RefusedError, Request
from .mistakes import MISTAKES, mistake
from .runs import run_of

__all__ = ["MISTAKES"]

Json = dict[str, Any]


class Strict(CorrectConsumer, ABC):
    """A webhook that crashes at each run that is not as it expects; an alert is no run."""

    def summarise(self, run: Json) -> tuple[Any, ...]:
        if "severity" not in run:
            self.insist(run)
        return super().summarise(run)

    @abstractmethod
    def insist(self, run: Json) -> None:
        """Crash at a run that is not as expected."""


@mistake
class ReadsEventOnly(CorrectConsumer):
    """The run is under ``event``, as in the documented success."""

    def take(self, request: Request, element: Json) -> None:
        self.summarise(element["event"])
        super().take(request, element)


@mistake
class KnowsCodes(CorrectConsumer):
    """Events of other codes are refused."""

    known = ("sources_flow_run_success", "sources_flow_run_failed")

    def admit(self, request: Request) -> None:
        if request.headers["x-adobe-event-code"] not in self.known:
            raise RefusedError(400, "unknown event code")
        super().admit(request)


@mistake
class WantsMilliseconds(Strict):
    def insist(self, run: Json) -> None:
        for part in (run["metrics"], *run.get("activities", [])):
            for each in part.get("durationSummary", {}).values():
                assert not isinstance(each, int) or each > 10**12


@mistake
class WantsNumbersForTimes(Strict):
    def insist(self, run: Json) -> None:
        assert run["updatedAt"] > 0


@mistake
class WantsNumbersForCounts(Strict):
    def insist(self, run: Json) -> None:
        assert run["metrics"].get("sizeSummary", {}).get("inputBytes", 0) >= -1


@mistake
class AddsFailedRecords(Strict):
    """The other counts may be text."""

    def insist(self, run: Json) -> None:
        records = run["metrics"].get("recordSummary", {})
        _ = records.get("failedRecordCount", 0) + 1


@mistake
class WantsSizesBesideRecords(Strict):
    """Both summaries may be missing, but not one of them alone."""

    def insist(self, run: Json) -> None:
        if run["metrics"].get("recordSummary"):
            _ = run["metrics"]["sizeSummary"]["inputBytes"]


@mistake
class WantsPositiveCounts(Strict):
    def insist(self, run: Json) -> None:
        for name in ("sizeSummary", "fileSummary", "recordSummary"):
            for count in run["metrics"].get(name, {}).values():
                assert not isinstance(count, int) or count >= 0


@mistake
class DividesByRecords(Strict):
    def insist(self, run: Json) -> None:
        records = run["metrics"].get("recordSummary", {})
        if "inputRecordCount" in records and isinstance(records["inputRecordCount"], int):
            _ = 100 / records["inputRecordCount"]


@mistake
class WantsCounts(Strict):
    def insist(self, run: Json) -> None:
        if run["metrics"]["statusSummary"]["status"] == "success":
            _ = run["metrics"]["recordSummary"]["inputRecordCount"]


@mistake
class WantsEnd(Strict):
    def insist(self, run: Json) -> None:
        _ = run["metrics"]["durationSummary"]["completedAtUTC"]


@mistake
class WantsUpdateTimes(Strict):
    def insist(self, run: Json) -> None:
        assert all(each.get("updatedAtUTC", 10**13) > 10**12 for each in run.get("activities", []))


@mistake
class CallsFileInfo(Strict):
    def insist(self, run: Json) -> None:
        for each in run.get("activities") or []:
            extensions = each.get("fileSummary", {}).get("extensions", {})
            info = extensions.get("manifest", {}).get("fileInfo", "https://")
            assert info.startswith("https://")
        assert "manifest" not in run["metrics"].get("fileSummary", {})


@mistake
class WantsReferences(Strict):
    def insist(self, run: Json) -> None:
        for each in run.get("activities") or []:
            for target in each.get("targetInfo", []):
                assert target["reference"]["type"] in ("batch", "Batch")
                _ = target["reference"]["ids"][0]


@mistake
class WantsTwoActivities(Strict):
    def insist(self, run: Json) -> None:
        if run["metrics"]["statusSummary"]["status"] == "success":
            _copy, _promotion = run["activities"]


@mistake
class WantsSuccessWithoutErrors(Strict):
    def insist(self, run: Json) -> None:
        status = run["metrics"]["statusSummary"]
        assert not (status["status"] == "success" and status.get("errors"))


@mistake
class WantsLossExplained(Strict):
    def insist(self, run: Json) -> None:
        records = run["metrics"].get("recordSummary", {})
        lost = records.get("inputRecordCount") != records.get("outputRecordCount")
        explained = "outputRecordCount" not in records or "failedRecordCount" in records
        assert not lost or explained


@mistake
class KnowsTwoStatuses(Strict):
    def insist(self, run: Json) -> None:
        assert run["metrics"]["statusSummary"]["status"] in ("success", "failed")


@mistake
class KnowsPublishedStatuses(Strict):
    """There are no more than the documents show of notifications."""

    known = ("success", "failed", "inProgress", "partialSuccess")

    def insist(self, run: Json) -> None:
        assert run["metrics"]["statusSummary"]["status"] in self.known


@mistake
class KnowsFormOfCodes(Strict):
    def insist(self, run: Json) -> None:
        for each in run["metrics"]["statusSummary"].get("errors", []):
            assert re.fullmatch(r"[A-Z]+-\d{4}-\d{3}|\d+", each["code"])


@mistake
class KeepsShortTexts(Strict):
    def insist(self, run: Json) -> None:
        for each in run["metrics"]["statusSummary"].get("errors", []):
            assert len(each["message"]) < 4_000


@mistake
class WantsFileCountsToAgree(Strict):
    def insist(self, run: Json) -> None:
        whole = run["metrics"].get("fileSummary", {}).get("inputFileCount")
        for each in run.get("activities") or []:
            assert each.get("fileSummary", {}).get("inputFileCount", whole) == whole


@mistake
class ForbidsUnknownFields(Strict):
    def insist(self, run: Json) -> None:
        assert "inventedIn2031" not in run


@mistake
class ForbidsUnknownFieldsOfErrors(Strict):
    """The schema of an error knows all of its members."""

    def insist(self, run: Json) -> None:
        for each in run["metrics"]["statusSummary"].get("errors", []):
            assert {*each} == {"code", "message"}


@mistake
class ForbidsUnknownFieldsOfMessages(CorrectConsumer):
    """The schema of the message around a failed run knows all of its members."""

    known = ("msgType", "version", "timestamp", "imsOrgId", "schema", "provider", "value")

    def take(self, request: Request, element: Json) -> None:
        for message in element.get("messages", []):
            assert {*message} <= {*self.known, "_eventNotificationMeta"}
        super().take(request, element)


@mistake
class ReadsErrorsInOrder(Strict):
    """The code of an error comes first."""

    def insist(self, run: Json) -> None:
        for each in run["metrics"]["statusSummary"].get("errors", []):
            assert next(iter(each)) == "code"


@mistake
class WantsProviderReference(Strict):
    def insist(self, run: Json) -> None:
        if run["metrics"]["statusSummary"]["status"] == "success":
            _ = run["providerRefId"]


@mistake
class ReadsCodeInHeader(CorrectConsumer):
    """The event code of a run is in its header; a failure with messages has none."""

    def take(self, request: Request, element: Json) -> None:
        if "messages" not in element:
            _ = run_of(element)["header"]["_adobeio"]["eventCode"]
        super().take(request, element)


@mistake
class KeepsFlowIdsAsUuids(Strict):
    def insist(self, run: Json) -> None:
        _ = UUID(run["flowId"])


@mistake
class KnowsStatusesOfFlatRuns(CorrectConsumer):
    """A run without an envelope whose status is unknown is too much, and each alone is not."""

    def take(self, request: Request, element: Json) -> None:
        status = run_of(element).get("metrics", {}).get("statusSummary", {}).get("status")
        assert "flowId" not in element or status != "quarantined"
        super().take(request, element)


@mistake
class WantsRealIds(Strict):
    def insist(self, run: Json) -> None:
        assert re.fullmatch(r"[0-9A-F]{24}@AdobeOrg", run["imsOrgId"])
