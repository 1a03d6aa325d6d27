"""The routes of scenarios: the list, one of them, its notifications, and its runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request

from ...core.fault import POINTS
from ...errors import ApiError, FlowsimError, ScenarioError
from ...events_service.control import triggering
from ...events_service.registrations.model import DISABLED, Registration
from ...events_service.service import Service
from ...installation import key_sources
from ...scenario.folder import ScenarioFolder
from ...web.bodies import reserve_memory
from .. import pages
from ..deliveries.stored_deliveries import StoredDeliveries
from ..pages import Link
from ..service_option import service_option
from .fault_choices import fault_groups
from .listing import FIRST, ScenarioCatalogue
from .mistakes import mistakes_of
from .options import ScenarioOptions
from .preview_content import MOST_BODIES, PreviewContent, PreviewReader, family_names
from .runs import RunShown, ScenarioRuns
from .sources import ScenarioSources, ScenarioText

LINK = Link("Scenarios", "/scenarios")

_WEIGHT = 32
"""How many times as much memory a scenario takes as its text."""


@dataclass(frozen=True, slots=True)
class RegistrationChoice:
    """A registration that may get the events; ``note`` says why nothing is posted to it."""

    id: str
    name: str
    note: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ScenarioPage:
    """One scenario with the options that were chosen.

    ``lines`` are those of its file. ``command`` publishes the same from a shell. ``run`` is the
    run that is watched. ``is_lost``: that run is not known any more.
    """

    name: str
    is_own: bool
    options: ScenarioOptions
    registrations: Sequence[RegistrationChoice]
    preview: PreviewContent
    lines: Sequence[str]
    command: str
    run: RunShown | None
    is_lost: bool


def add(routes: Blueprint, service: Service, folder: Path | None) -> None:
    """Add the pages of scenarios to a blueprint; ``folder`` has those of the user."""
    sources = ScenarioSources(ScenarioFolder(folder) if folder is not None else None)
    deliveries = StoredDeliveries(service, key_sources.find_key(None))
    ScenarioRoutes(service, sources, ScenarioRuns(service, deliveries)).add_to(routes)


class ScenarioRoutes:
    """The routes, for one service."""

    def __init__(self, service: Service, sources: ScenarioSources, runs: ScenarioRuns) -> None:
        self._service = service
        self._sources = sources
        self._catalogue = ScenarioCatalogue(sources, service.families)
        self._previews = PreviewReader(service)
        self._runs = runs

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes to a blueprint."""
        routes.add_url_rule("/scenarios", "scenarios", self._list)
        routes.add_url_rule("/scenarios/<name>", "scenario", self._page)
        routes.add_url_rule("/scenarios/<name>", "run_scenario", self._start, methods=["POST"])
        all_of = "/scenarios/<name>/notifications"
        routes.add_url_rule(all_of, "notifications", self._notifications)

    def _list(self) -> Response:
        text = request.args.get("text", "").strip()[:200]
        found = self._catalogue.page(text, request.args.get("after", ""))
        first = [each for name in FIRST for each in found.shipped if each.name == name]
        shown = {"text": text, "address": _address, "first": () if text else first}
        return pages.answer("scenarios.html", found, shown=shown)

    def _page(self, name: str) -> Response:
        run = self._runs.find(request.args.get("run", ""))
        if request.args.get("part") == "run":
            if run is None or request.args.get("version") == self._runs.version():
                return pages.nothing_new()
            content = {"run": self._runs.shown(run)}
            shown = {"address": _address(name)}
            return pages.answer("scenario.html", content, parts=("run",), shown=shown)
        return self._answer(name, self._options())

    def _start(self, name: str) -> Response:
        """Publish a scenario; a mistake is shown beside what was typed."""
        source, options = self._read(name), self._options()
        if isinstance(source, PreviewContent):
            return self._answer(name, options, status=422)
        preview = self._previews.read(source, options, None)
        if not preview.can_run:
            return self._answer(name, options, status=422)
        try:
            done = triggering.trigger(self._service, options.body(source))
        except ApiError as error:
            return self._answer(name, options, status=422, problem=str(error))
        query = "&".join(filter(None, (options.query, f"run={self._runs.add(done)}")))
        return redirect(f"{_address(name)}?{query}#run", 303)  # type: ignore[return-value]

    def _notifications(self, name: str) -> Response:
        """Answer with every notification as JSON, piece by piece."""
        source, options = self._read(name), self._options()
        if isinstance(source, PreviewContent):
            raise ApiError(422, "Mistaken Scenario", f"{name}: the file cannot be read")
        pieces = self._previews.all_notifications(source, options, self._form(options))
        try:
            first = next(pieces)
        except FlowsimError as error:
            raise ApiError(422, "Mistaken Scenario", str(error)) from None
        return Response(_until_mistake(first, pieces), content_type="application/json")

    def _options(self) -> ScenarioOptions:
        given = request.form if request.method == "POST" else request.args
        known = [each.registration_id for each in self._service.registrations.all()]
        return ScenarioOptions.of(given, known)

    def _form(self, options: ScenarioOptions) -> Registration | None:
        return self._service.registrations.find(options.form) if options.form else None

    def _read(self, name: str) -> ScenarioText | PreviewContent:
        """Return the text of a scenario, or why it cannot be read."""
        try:
            source = self._sources.read(name)
        except ScenarioError as error:
            return PreviewContent(None, mistakes_of(error, name, ""))
        reserve_memory(_WEIGHT * len(source.text))
        return source

    def _answer(
        self, name: str, options: ScenarioOptions, *, status: int = 200, problem: str = ""
    ) -> Response:
        source = self._read(name)
        form = self._form(options)
        if isinstance(source, PreviewContent):
            preview, source = source, ScenarioText(name, "", is_own=True)
        else:
            preview = self._previews.read(source, options, form)
        if problem:
            preview = replace(preview, problem=problem)
        shown = {
            "address": _address(name),
            "fault_groups": fault_groups(family_names(preview, self._service.families)),
            "most_bodies": MOST_BODIES,
            "points": POINTS,
            "is_batch": form is not None and form.delivery_type == "webhook_batch",
        }
        content = self._content(source, options, preview)
        return pages.answer("scenario.html", content, status=status, shown=shown)

    def _content(
        self, source: ScenarioText, options: ScenarioOptions, preview: PreviewContent
    ) -> ScenarioPage:
        name, text, id_ = source.name, source.text, request.args.get("run", "")
        run = self._runs.find(id_)
        return ScenarioPage(
            name,
            source.is_own,
            options,
            [*self._registrations(options)],
            preview,
            text.removesuffix("\n").split("\n") if text else (),
            options.command(source, self._sources.command_name(name)) + service_option(),
            None if run is None else self._runs.shown(run),
            bool(id_) and run is None,
        )

    def _registrations(self, options: ScenarioOptions) -> Iterator[RegistrationChoice]:
        every = self._service.registrations.all()
        chosen: Collection[str] | None = options.registrations
        if chosen is None:
            is_on = {each.registration_id for each in every if _is_on(each)}
            chosen = is_on or None
        for each in every:
            is_chosen = chosen is None or each.registration_id in chosen
            yield RegistrationChoice(each.registration_id, each.name, _note(each), is_chosen)


def _is_on(registration: Registration) -> bool:
    return registration.enabled and registration.status != DISABLED


def _note(registration: Registration) -> str:
    """Return why nothing is posted to a registration; empty if the events are posted."""
    if registration.delivery_type == "journal":
        return "journal only"
    why = registration.undelivered
    return f"{why}: only its journal gets events" if why else ""


def _address(name: str) -> str:
    """Return the address of a scenario; a name may have any character but a slash."""
    return f"/scenarios/{quote(name, safe='')}"


def _until_mistake(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces; a mistake that shows only in the middle of a story ends the list."""
    try:
        yield from chain((first,), pieces)
    except FlowsimError:
        yield b"]"
