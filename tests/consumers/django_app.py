"""A webhook in Django on uvicorn, on a real port."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from .answering import answer
from .app import Running
from .correct import LARGEST, CorrectConsumer, Request
from .fastapi_app import serving


@csrf_exempt
def hook(request: HttpRequest) -> HttpResponse:
    """Answer at /hook."""
    webhook = _webhook_of(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = request.META["QUERY_STRING"]
    early = webhook.arriving(headers)
    given = Request(str(request.method), query, headers, b"" if early else request.body)
    status, content_type, text = early or answer(webhook, given)
    return HttpResponse(text, status=status, content_type=content_type)


def processed(request: HttpRequest, event_id: str) -> HttpResponse:
    """Answer at /processed/<event id> how often the event was processed."""
    number = _webhook_of(request).processed(event_id)
    return HttpResponse(str(number), content_type="text/plain")


def run(request: HttpRequest, run_id: str) -> JsonResponse:
    """Answer at /runs/<run id> what is known of the run."""
    state = _webhook_of(request).state_of(run_id)
    return JsonResponse(state, safe=False, status=404 if state is None else 200)


def _webhook_of(request: Any) -> CorrectConsumer:
    found: CorrectConsumer = request.scope["webhook"]
    return found


class Urls:
    """The object that Django asks for its routes."""

    urlpatterns: ClassVar = [
        path("hook", hook),
        path("processed/<str:event_id>", processed),
        path("runs/<str:run_id>", run),
    ]


def create(webhook: CorrectConsumer) -> Any:
    """Return an application; the settings of Django are the same for all of this process."""
    if not settings.configured:
        settings.configure(
            ROOT_URLCONF=Urls(),
            ALLOWED_HOSTS=["127.0.0.1"],
            DATA_UPLOAD_MAX_MEMORY_SIZE=LARGEST,
            LOGGING_CONFIG=None,
        )
        logging.getLogger("django.request").setLevel(logging.CRITICAL)  # it tells of each refusal
    django = get_asgi_application()

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await django({**scope, "webhook": webhook}, receive, send)

    return app


@contextlib.contextmanager
def running(webhook: CorrectConsumer) -> Iterator[Running]:
    """Serve a webhook until the block ends."""
    with serving(create(webhook)) as origin:
        yield Running(webhook, origin)
