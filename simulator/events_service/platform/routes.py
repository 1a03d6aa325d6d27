"""The targets of links in notifications: run, flow, and the files of a batch.

These parts of Flow Service and Data Access of platform.adobe.io are served
(flow-run-payloads.md 2, 3.5). The form of their errors is not published.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from ...errors import ApiError
from ...families.flow_run import diagnostics, run_query
from ...families.flow_run.diagnostics import DiagnosticFile
from ...families.flow_run.entities import at, connections
from ..api import base_url, guarded, plain
from ..service import Service

Json = dict[str, Any]

FLOWS = "/data/foundation/flowservice"
BATCHES = "/data/foundation/export/batches"

PAGE = 100
"""Entries of one page of files, by default and at most (3.5)."""


def blueprint(service: Service) -> Blueprint:
    """Return the routes; all answers follow from notifications of this service."""
    routes = guarded("platform", service)
    _flow_service(routes, service)
    _data_access(routes, service)
    return routes


def _flow_service(routes: Blueprint, service: Service) -> None:
    runs = service.flow_runs

    @routes.get(f"{FLOWS}/runs/<run_id>")
    def one_run(run_id: str) -> Response:
        return plain({"items": [_found(runs.find(run_id), f"flow run {run_id}")]})

    @routes.get(f"{FLOWS}/runs")
    def some_runs() -> Response:
        query = run_query.parse(request.args.to_dict(flat=False))
        fitting = run_query.select(query, list(runs.newest_first(query.flow_id)))
        if query.count:
            return plain({"count": len(fitting)})
        return plain(_page_of_runs(query, fitting))

    @routes.get(f"{FLOWS}/flows/<flow_id>")
    def one_flow(flow_id: str) -> Response:
        run = _found(runs.latest_of_flow(flow_id), f"flow {flow_id}")
        return plain({"items": [_flow(run)]})


def _data_access(routes: Blueprint, service: Service) -> None:
    runs = service.flow_runs

    @routes.get(f"{BATCHES}/<batch_id>/meta")
    def meta(batch_id: str) -> Response:
        run = _found(runs.of_batch(batch_id), f"batch {batch_id}")
        place = request.args.get("path", "input_files")
        files = _found(diagnostics.files_of(run, place), f"{place} of batch {batch_id}")
        if place in ("input_files", "row_errors"):
            return _listing(files, f"{BATCHES}/{batch_id}/meta")
        return _download(files, place)

    @routes.get(f"{BATCHES}/<batch_id>/failed")
    def failed(batch_id: str) -> Response:
        run = _found(runs.of_batch(batch_id), f"batch {batch_id}")
        if not diagnostics.is_failed(run):
            raise ApiError(404, "Not Found", f"batch {batch_id} has not failed")
        file = diagnostics.failed_rows(run)
        place = request.args.get("path")
        if place is None:
            return _listing([file] if file.lines else [], f"{BATCHES}/{batch_id}/failed")
        return _download([file] if file.path == place else [], place)


def _found(thing: Any, name: str) -> Any:
    if thing is None:
        raise ApiError(404, "1101-404", f"no notification of this service mentions {name}")
    return thing


def _page_of_runs(query: run_query.RunQuery, fitting: list[Json]) -> Json:
    end = query.offset + query.limit
    links = {}
    if end < len(fitting):
        page = {"limit": [str(query.limit)], "continuationToken": [str(end)]}
        asked = urlencode(request.args.to_dict(flat=False) | page, doseq=True)
        links = {"next": {"href": f"{FLOWS}/runs?{asked}"}}
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


def _listing(files: list[DiagnosticFile], place: str) -> Response:
    """Return a page of files: name, length as text, and link of each."""
    start, limit = _bounded("start", 0, 10**9), _bounded("limit", PAGE, PAGE)
    shown = files[start : start + limit]
    data = [
        {
            "name": each.path.partition("/")[2],
            "length": str(len(each.content)),
            "_links": {"self": {"href": f"{base_url()}{place}?path={quote(each.path, safe='')}"}},
        }
        for each in shown
    ]
    return plain({"data": data, "_page": {"count": len(files), "limit": limit}})


def _bounded(name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and int(text) <= most):
        raise ApiError(400, "Bad Request", f"{name} is {text[:40]!r}; expected at most {most}")
    return int(text)


def _download(files: list[DiagnosticFile], place: str) -> Response:
    if not files:
        raise ApiError(404, "Not Found", f"the batch has no {place}")
    return Response(files[0].content, content_type="application/octet-stream")
