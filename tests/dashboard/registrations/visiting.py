"""A visitor of the pages of a service that runs, without a script: what it reads and sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

from flowsim.dashboard import service_dashboard
from flowsim.events_service.service import Service

from ..service_with_pages import ServiceWithPages

Attributes = dict[str, str | None]
_VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "line", "circle"}


class Html(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self._texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._texts).split())

    def all(self, tag: str, **wanted: str) -> list[Attributes]:
        """Return the elements of a tag with these attributes."""
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and wanted.items() <= attributes.items()
        ]

    def one(self, tag: str, **wanted: str) -> Attributes:
        (found,) = self.all(tag, **wanted)
        return found


@dataclass
class Visitor:
    """Reads and sends as a browser does; ``origin`` is what its requests name."""

    up: ServiceWithPages
    session: requests.Session = field(default_factory=requests.Session)

    def enter(self) -> Visitor:
        """Make the first visit, which leaves the token as a cookie."""
        self.get("/registrations?token=" + service_dashboard.access(self.service).token)
        return self

    @property
    def service(self) -> Service:
        return self.up.local.service

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(urljoin(self.up.url, path), headers=headers, timeout=30)

    def html(self, path: str, status: int = 200) -> Html:
        answer = self.get(path)
        assert answer.status_code == status, answer.text
        return Html(answer.text)

    def twin(self, path: str) -> Any:
        answer = self.get(path, accept="application/json")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, content: Any = None, **headers: str) -> requests.Response:
        """Send a form from a page of this service; a redirect is not followed."""
        return self.session.post(
            urljoin(self.up.url, path),
            data=content or {},
            headers={"origin": self.up.url, **headers},
            allow_redirects=False,
            timeout=30,
        )
