"""The targets of links in notifications: run, flow, and the files of a batch.

These parts of Flow Service and Data Access of platform.adobe.io are answered
(flow-run-payloads.md 2, 3.5). The form of their errors is not published.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from ...errors import ApiError
from ..entities import Entities, PlatformAnswer, PlatformPath, PlatformRequest
from . import diagnostics, run_query
from .diagnostics import DiagnosticFile
from .entities import at, connections

Json = dict[str, Any]

FLOWS = "/data/foundation/flowservice"
BATCHES = "/data/foundation/export/batches"

PAGE = 100
"""Entries of one page of files, by default and at most (3.5)."""


def paths() -> tuple[PlatformPath, ...]:
    """Return the paths; all answers follow from runs in notifications."""
    return (
        PlatformPath(f"{FLOWS}/runs/<run_id>", _one_run),
        PlatformPath(f"{FLOWS}/runs", _some_runs),
        PlatformPath(f"{FLOWS}/flows/<flow_id>", _one_flow),
        PlatformPath(f"{BATCHES}/<batch_id>/meta", _files_of_batch),
        PlatformPath(f"{BATCHES}/<batch_id>/failed", _failed_rows),
    )


def _one_run(runs: Entities, asked: PlatformRequest) -> PlatformAnswer:
    run_id = asked.values["run_id"]
    return PlatformAnswer({"items": [_found(runs.find(run_id), f"flow run {run_id}")]})


def _some_runs(runs: Entities, asked: PlatformRequest) -> PlatformAnswer:
    query = run_query.parse(asked.query)
    of_flow = () if query.flow_id is None else ("flow", query.flow_id)
    fitting = run_query.select(query, list(runs.newest_first(*of_flow)))
    if query.count:
        return PlatformAnswer({"count": len(fitting)})
    return PlatformAnswer(_page_of_runs(asked, query, fitting))


def _one_flow(runs: Entities, asked: PlatformRequest) -> PlatformAnswer:
    flow_id = asked.values["flow_id"]
    return PlatformAnswer(
        {"items": [_flow(_found(runs.latest("flow", flow_id), f"flow {flow_id}"))]}
    )


def _files_of_batch(runs: Entities, asked: PlatformRequest) -> PlatformAnswer:
    batch_id = asked.values["batch_id"]
    run = _found(runs.latest("batch", batch_id), f"batch {batch_id}")
    place = _argument(asked, "path", "input_files")
    files = _found(diagnostics.files_of(run, place), f"{place} of batch {batch_id}")
    if place in ("input_files", "row_errors"):
        return _listing(asked, files, f"{BATCHES}/{batch_id}/meta")
    return _download(files, place)


def _failed_rows(runs: Entities, asked: PlatformRequest) -> PlatformAnswer:
    batch_id = asked.values["batch_id"]
    run = _found(runs.latest("batch", batch_id), f"batch {batch_id}")
    if not diagnostics.is_failed(run):
        raise ApiError(404, "Not Found", f"batch {batch_id} has not failed")
    file = diagnostics.failed_rows(run)
    place = _argument(asked, "path", "")
    if "path" not in asked.query:
        files = [file] if file.lines else []
        return _listing(asked, files, f"{BATCHES}/{batch_id}/failed")
    return _download([file] if file.path == place else [], place)


def _argument(asked: PlatformRequest, name: str, default: str) -> str:
    """Return the first value of an argument of the query."""
    return next(iter(asked.query.get(name, ())), default)


def _found(thing: Any, name: str) -> Any:
    if thing is None:
        raise ApiError(404, "1101-404", f"no notification of this service mentions {name}")
    return thing


def _page_of_runs(asked: PlatformRequest, query: run_query.RunQuery, fitting: list[Json]) -> Json:
    end = query.offset + query.limit
    links = {}
    if end < len(fitting):
        page = {"limit": [str(query.limit)], "continuationToken": [str(end)]}
        following = urlencode({**asked.query, **page}, doseq=True)
        links = {"next": {"href": f"{FLOWS}/runs?{following}"}}
    return {"items": fitting[query.offset : end], "_links": links}


def _flow(run: Json) -> Json:
    """Return the flow of a run, as far as its notification describes it."""
    copied = ("createdBy", "updatedBy", "createdClient", "updatedClient", "sandboxId")
    return {
        "id": run["flowId"],
        **{name: run[name] for name in (*copied, "sandboxName", "imsOrgId") if name in run},
        "state": "enabled",
        "sourceConnectionIds": connections(run, "sourceInfo"),
        "targetConnectionIds": connections(run, "targetInfo"),
        "lastRunDetails": {"id": run["id"], "state": at(run, "metrics", "statusSummary", "status")},
    }


def _listing(asked: PlatformRequest, files: list[DiagnosticFile], place: str) -> PlatformAnswer:
    """Return a page of files: name, length as text, and link of each."""
    start, limit = _bounded(asked, "start", 0, 10**9), _bounded(asked, "limit", PAGE, PAGE)
    address = f"{asked.base_url}{place}"
    data = [
        {
            "name": each.path.partition("/")[2],
            "length": str(len(each.content)),
            "_links": {"self": {"href": f"{address}?path={quote(each.path, safe='')}"}},
        }
        for each in files[start : start + limit]
    ]
    return PlatformAnswer({"data": data, "_page": {"count": len(files), "limit": limit}})


def _bounded(asked: PlatformRequest, name: str, default: int, most: int) -> int:
    text = _argument(asked, name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and int(text) <= most):
        raise ApiError(400, "Bad Request", f"{name} is {text[:40]!r}; expected at most {most}")
    return int(text)


def _download(files: list[DiagnosticFile], place: str) -> PlatformAnswer:
    if not files:
        raise ApiError(404, "Not Found", f"the batch has no {place}")
    return PlatformAnswer(files[0].content)
