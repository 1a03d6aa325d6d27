"""A correct webhook in Django."""

from __future__ import annotations

import contextlib
import os
import threading

import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from .common.webhook import Webhook


def routes(webhook: Webhook) -> list[object]:
    """Return the routes of a webhook, which handles one POST at a time if THREADS is 1."""
    one = os.environ.get("THREADS", "many") == "1"
    turn = threading.Lock() if one else contextlib.nullcontext()

    @csrf_exempt
    def hook(request: HttpRequest) -> HttpResponse:
        if request.method == "GET":
            return HttpResponse(request.GET["challenge"], content_type="text/plain")
        headers = {name.lower(): value for name, value in request.headers.items()}
        with turn:
            status, text = webhook.handle(headers, request.body)
        return HttpResponse(text, status=status, content_type="text/plain")

    def processed(_: HttpRequest, event_id: str) -> HttpResponse:
        return HttpResponse(webhook.store.times_processed(event_id), content_type="text/plain")

    def run(_: HttpRequest, run_id: str) -> HttpResponse:
        found = webhook.store.run(run_id)
        return JsonResponse(found) if found else HttpResponse(status=404)

    return [
        path("hook", hook),
        path("processed/<path:event_id>", processed),
        path("runs/<path:run_id>", run),
    ]


class Urls:
    """The object that Django asks for its routes."""

    urlpatterns: tuple[object, ...] = ()


def serve(webhook: type[Webhook] = Webhook) -> None:
    """Listen at PORT until the process ends."""
    urls = Urls()
    urls.urlpatterns = tuple(routes(webhook()))
    settings.configure(
        ROOT_URLCONF=urls,
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        DATA_UPLOAD_MAX_MEMORY_SIZE=4_000_000,
    )
    port = int(os.environ["PORT"])
    uvicorn.run(get_asgi_application(), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve()
