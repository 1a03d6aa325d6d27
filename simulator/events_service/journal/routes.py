"""Journals: where consumers pull events (io-events-protocol.md 5)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from ...errors import ApiError
from .. import api
from ..service import Service
from . import query as journal_query
from .actions import Journal
from .model import Address, links
from .query import JournalQuery

_JOURNAL = "/organizations/<org>/integrations/<credential_id>/<registration_id>"
_PREFIXES = ("/events", "", "/events-fast")
_READ = [f"{prefix}{_JOURNAL}" for prefix in _PREFIXES]
_VALIDATE = [f"/events-validate{_JOURNAL}", *(f"{path}/validate" for path in _READ)]

_RETRY_AFTER_S = "10"
_CORS = {
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": "X-Requested-With, Origin, Content-Type, Accept, "
    "Accept-Language, Authorization, x-api-key, x-ims-org-id, x-request-id",
    "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS, PATCH",
    "access-control-allow-origin": "*",
    "access-control-max-age": "60",
}
"""As captured (5.4)."""


def blueprint(service: Service) -> Blueprint:
    """Return the routes of all journals, at all addresses that Adobe's documents use (5.1)."""
    routes = api.guarded("journal", service)

    def read(**ids: str) -> Response:
        return _answer(service, Address(**ids), journal_query.read(request.args.get))

    def validate(**ids: str) -> Response:
        """Answer as ``read`` does, but only for a position (5.7)."""
        query = journal_query.read(request.args.get, since_required=True)
        return _answer(service, Address(**ids), query)

    def count(**ids: str) -> Response:
        """Answer how many events there are to read; Adobe's form of this is not documented."""
        query = journal_query.read(request.args.get)
        try:
            return jsonify({"count": Journal(service, Address(**ids)).count(query)})
        except ApiError as error:
            return _gone(error)

    for paths, view in ((_READ, read), (_VALIDATE, validate), ([f"/count{_JOURNAL}"], count)):
        for path in paths:
            routes.add_url_rule(path, view_func=view)

    @routes.after_request
    def allow_browsers(response: Response) -> Response:
        response.headers.update(_CORS)
        return response

    return routes


def _answer(service: Service, address: Address, query: JournalQuery) -> Response:
    try:
        reading = Journal(service, address).read(query)
    except ApiError as error:
        return _gone(error)
    if reading.page is None:
        answer = Response(status=204, headers={"retry-after": _RETRY_AFTER_S})
    else:
        answer = Response(
            reading.page.body,
            headers={"cache-control": "max-age=604800"},
            content_type="application/vnd.adobecloud.events+json;charset=UTF-8",
        )
    for link in links(address, reading.until, query.limit, _asked()):
        answer.headers.add("link", link)
    return answer


def _asked() -> str:
    """Return the prefix of the requested path, or ``/events`` for paths that only validate.

    After a position was validated, the next link reads on, and does not validate again.
    """
    prefix = request.path.partition("/organizations/")[0]
    return prefix if prefix in _PREFIXES else _PREFIXES[0]


def _gone(error: ApiError) -> Response:
    """Answer in plain text that events have expired, as Adobe does; raise any other error."""
    if error.status_code != 410:
        raise error
    return Response(f"{error}\n", 410, content_type="text/plain;charset=UTF-8")
