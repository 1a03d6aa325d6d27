"""The routes of one delivery: the page, its parts, and its downloads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from ...core.printable import brief
from ...errors import ApiError, FlowsimError, SettingError
from .. import pages
from . import routes as lists
from .delivery_source import DeliveryDetail, DeliverySource, SentRequest
from .detail import TABS, ComparedWith, DetailQuery, Details
from .saving import request_file, saved_scenario
from .status_meanings import meaning_of

_FORMS = ("tree", "pretty", "exact")


class DetailRoutes:
    """The routes, for one source; ``shown`` is what the templates get beside the content."""

    def __init__(self, source: DeliverySource, details: Details, shown: Mapping[str, Any]) -> None:
        self._source = source
        self._details = details
        self._shown = shown

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes to a blueprint."""
        routes.add_url_rule("/deliveries/<int:number>", view_func=self._page)
        routes.add_url_rule("/deliveries/<int:number>/body", view_func=self._body)
        routes.add_url_rule("/deliveries/<int:number>/scenario", view_func=self._scenario)
        routes.add_url_rule("/deliveries/<int:number>/request", view_func=self._request)

    def _page(self, number: int) -> Response:
        delivery = self._one(number)
        if request.args.get("version") == self._details.version_of(delivery):
            return pages.nothing_new()
        return self._answer(delivery)

    def refused(
        self, number: int, error: FlowsimError, nothing: str = "Nothing was delivered"
    ) -> Response:
        """Answer with the page of a delivery, and why its form did nothing; what it said stays.

        ``nothing`` says what did not happen.
        """
        if pages.wants_json():
            raise error
        status = error.status_code if isinstance(error, ApiError) else 400
        more = {"problem": str(error), "nothing": nothing, "typed": request.form}
        return self._answer(self._one(number), status, **more)

    def _answer(self, delivery: DeliveryDetail, status: int = 200, **more: Any) -> Response:
        asked = _asked()
        content = self._details.of(delivery, asked)
        if isinstance(content.content, ComparedWith) and content.content.problem:
            status = 400 if asked.mistake else 404
        return pages.answer(
            "deliveries.html",
            content,
            status=status,
            parts=("detail", "head", "tab"),
            shown={**self._around(delivery.row.number, asked), **more},
        )

    def _around(self, number: int, asked: DetailQuery) -> Mapping[str, Any]:
        """Return what stands around a delivery: the list beside it, unless a part is asked for."""
        part = request.args.get("part", "")
        filter_ = lists.asked_filter(self._source)
        shown = {**lists.WORDS, **self._shown, "tabs": TABS, "asked": asked, "part": part}
        shown["meaning_of"] = meaning_of
        if part or pages.wants_json():
            return shown | {"filter": filter_}
        listed = lists.content_of(self._source, number)
        choices = lists.choices_shown(self._source, is_service=self._shown["is_service"])
        around = {**choices, "first_steps": ()}
        members = {each: getattr(listed, each) for each in listed.__slots__ if each != "version"}
        return shown | around | members | {"list_version": listed.version}

    def _body(self, number: int) -> Response:
        """Answer with the exact bytes of the body, as a download."""
        return _download(self._sent(number).body, f"delivery-{number}.json")

    def _scenario(self, number: int) -> Response:
        """Answer with a scenario of the same content, as a download; else say why in the page."""
        delivery, sent = self._one(number), self._sent(number)
        try:
            made = saved_scenario(sent.headers, sent.body, delivery.row.at, self._details.families)
        except SettingError as error:
            return self.refused(number, error, "Nothing was saved")
        return _download(made.text.encode(), made.name)

    def _request(self, number: int) -> Response:
        """Answer with the request of the last attempt as a file that `flowsim replay` reads."""
        sent = self._sent(number)
        try:
            content = request_file(sent.headers, sent.body, sent.url)
        except SettingError as error:
            return self.refused(number, error, "Nothing was saved")
        return _download(content, f"delivery-{number}.http")

    def _one(self, number: int) -> DeliveryDetail:
        found = self._source.one(number)
        if found is None:
            raise ApiError(404, "Not Found", f"no delivery {number}; they are kept for 7 days")
        return found

    def _sent(self, number: int) -> SentRequest:
        sent = self._one(number).sent
        if sent is None:
            raise ApiError(404, "Not Found", f"the event of delivery {number} is no longer kept")
        return sent


def _download(content: bytes, name: str) -> Response:
    found = Response(content, content_type="application/octet-stream")
    found.headers.set("content-disposition", "attachment", filename=name)
    return found


def _asked() -> DetailQuery:
    """Return what the query of the request asks; raises ``ApiError`` 400 for anything else.

    The form of a payload is read for its tab only. What is wrong with the other delivery of a
    comparison is said in its tab.
    """
    usual = DetailQuery()
    tab = _one_of("tab", TABS, usual.tab)
    if tab == "compare" and not pages.wants_json():
        return _asked_other(tab)
    other = _number_of_other()
    if tab != usual.tab:
        return DetailQuery(tab, other=other)
    form, pointer = _one_of("form", _FORMS, usual.form), request.args.get("pointer", "")
    return DetailQuery(tab, form, pointer, pages.query_number("start") or 0, other)


def _asked_other(tab: str) -> DetailQuery:
    try:
        return DetailQuery(tab, other=_number_of_other())
    except ApiError:
        text = request.args.get("number") or request.args.get("with", "")
        expected = "expected a whole number, as in the list"
        return DetailQuery(tab, mistake=f"{brief(text)!r} is no number of a delivery; {expected}.")


def _number_of_other() -> int | None:
    """Return the number that is typed, or else the one that is chosen."""
    typed = pages.query_number("number")
    return pages.query_number("with") if typed is None else typed


def _one_of(name: str, words: Any, usual: str) -> str:
    found = request.args.get(name, usual)
    if found not in words:
        expected = ", ".join(words)
        raise ApiError(400, "Bad Request", f"{name} is {found[:40]!r}; expected {expected}")
    return found
