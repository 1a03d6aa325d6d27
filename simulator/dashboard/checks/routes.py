"""The routes of the page of checks, and of the report of the last run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request

from ...checks.check import LEVELS
from ...checks.groups import groups
from ...core import duration
from ...errors import ApiError, FlowsimError
from ...events_service.service import Service
from ...runtime.defaults import KEYS_PORT, TIME_LIMIT
from ...web import hosts
from .. import pages
from ..pages import Link
from . import report as reports
from . import run_form
from .background import BackgroundChecks, CheckProgress
from .check_list import CheckFilter, CheckRow, listed
from .report import DOWNLOADS, ReportSummary
from .run_form import FORMATS, CheckForm
from .shared_keys import ServiceKeyHost

LINK = Link("Checks", "/checks")
_REPORT = "/checks/report"


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """A registration whose webhook may be checked."""

    registration_id: str
    name: str
    webhook_url: str


@dataclass(frozen=True, slots=True)
class ChecksContent:
    """The page: how far the last run is, how it ended, and what may be chosen.

    ``report`` is that of the last run that has ended with findings.
    """

    progress: CheckProgress
    report: ReportSummary | None
    checks: Sequence[CheckRow]
    filter: CheckFilter
    form: CheckForm
    registrations: Sequence[TargetChoice]
    problem: str = ""


def add_checks(routes: Blueprint, service: Service) -> None:
    """Add the pages to a blueprint; a run that is under way ends with the service."""
    runs, keys = BackgroundChecks(), ServiceKeyHost(service)
    service.ending.callback(runs.close)
    routes.before_app_request(keys.answer)
    _add_run(routes, service, runs, keys)
    _add_report(routes, runs)


def _add_run(
    routes: Blueprint, service: Service, runs: BackgroundChecks, keys: ServiceKeyHost
) -> None:
    @routes.get("/checks")
    def checks() -> Response:
        if request.args.get("version") == runs.progress().stamp:
            return pages.nothing_new()
        return _page(service, runs, CheckForm.ticking(request.args), CheckFilter.of(request.args))

    @routes.post("/checks/run")
    def run() -> Response:
        form, wanted = CheckForm.of(request.form), CheckFilter.of(request.form)
        try:
            runs.start(run_form.read(service, form, wanted, keys.at(_authority())))
        except FlowsimError as error:
            return _page(service, runs, form, wanted, error)
        return redirect(LINK.address, 303)  # type: ignore[return-value]

    @routes.post("/checks/cancel")
    def cancel() -> Response:
        runs.cancel()
        return redirect(LINK.address, 303)  # type: ignore[return-value]


def _add_report(routes: Blueprint, runs: BackgroundChecks) -> None:
    @routes.get(_REPORT)
    def report() -> Response:
        found = runs.report()
        if found is None:
            raise ApiError(404, "Not Found", "no run of checks has ended yet")
        if pages.wants_json():
            return pages.json_answer(reports.twin(found))
        shown = {
            "summary": reports.summary_of(found),
            "sections": reports.sections_of(found.findings),
            "downloads": DOWNLOADS,
            "reasons": reports.reasons,
            "about": groups(),
        }
        return pages.answer("checks_report.html", {}, shown=shown)

    @routes.get(f"{_REPORT}/<name>")
    def download(name: str) -> Response:
        found = runs.report()
        if found is None or name not in DOWNLOADS:
            raise ApiError(404, "Not Found", f"no report {name[:40]!r}; expected json, junit, html")
        _, kind, ending = DOWNLOADS[name]
        answer = Response(reports.download(found.findings, name), content_type=kind)
        answer.headers["content-disposition"] = f'attachment; filename="flowsim-check.{ending}"'
        return answer


def _page(
    service: Service,
    runs: BackgroundChecks,
    form: CheckForm,
    wanted: CheckFilter,
    error: FlowsimError | None = None,
) -> Response:
    report = runs.report()
    content = ChecksContent(
        runs.progress(),
        reports.summary_of(report) if report else None,
        listed(wanted),
        wanted,
        form,
        _targets(service),
        str(error) if error else "",
    )
    status = error.status_code if isinstance(error, ApiError) else 422 if error else 200
    return pages.answer(
        "checks.html", content, status=status, parts=("run",), shown=_choices(service, content)
    )


def _choices(service: Service, content: ChecksContent) -> dict[str, object]:
    found = content.progress
    names = {each.name for each in content.checks}
    return {
        "also_ticked": [each for each in content.form.ticked if each not in names],
        "groups": groups(),
        "levels": LEVELS,
        "formats": FORMATS,
        "codes": sorted(service.families.event_codes()),
        "own_client_id": service.installation.client_id,
        "usual_limit": duration.spell(TIME_LIMIT),
        "keys_port": KEYS_PORT,
        "authority": _authority(),
        "has_report": content.report is not None and not found.is_running and not found.problem,
    }


def _targets(service: Service) -> list[TargetChoice]:
    return [
        TargetChoice(each.registration_id, each.name, each.webhook_url)
        for each in service.registrations.all()
        if each.webhook_url is not None
    ]


def _authority() -> str:
    """Return where webhooks reach the service: they know it by its address, not by a name."""
    name, mark, port = hosts.authority().partition(":")
    return f"127.0.0.1{mark}{port}" if name == "localhost" else f"{name}{mark}{port}"
