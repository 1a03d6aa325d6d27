"""A webhook as in production: it asks Adobe's own host for keys, through a proxy."""

from __future__ import annotations

from typing import ClassVar

import requests

from flowsim.installation import authority, settings

from .correct import CorrectConsumer, KeyUnavailableError, Request

KEY_HOST = "https://static.adobeioevents.com"


class Proxied(CorrectConsumer):
    """Trusts the authority of this installation, and no other."""

    proxy: ClassVar[str]

    def open(self, url: str) -> bytes:
        trusted = authority.load(settings.authority_folder()).certificate
        with requests.Session() as session:
            session.trust_env = False
            session.proxies, session.verify = {"https": self.proxy}, str(trusted)
            try:
                answer = session.get(url, timeout=self.patience)
                answer.raise_for_status()
            except requests.RequestException as error:
                raise KeyUnavailableError(url) from error
            return answer.content


class Deceived(Proxied):
    """Appends any key path to the address of the key host."""

    def verify(self, request: Request, number: str) -> bool:
        signature = request.headers.get(f"x-adobe-digital-signature-{number}", "")
        path = request.headers.get(f"x-adobe-public-key{number}-path", "")
        return self.fits(self.key(path), signature, request.body)
