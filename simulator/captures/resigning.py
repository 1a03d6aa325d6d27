"""A captured request made ready for another consumer: his client id, and our signatures."""

from __future__ import annotations

import json

from ..core.header_lines import HeaderLines
from ..core.payload import RECIPIENT_NAMES
from ..core.signature import SignedPayload, header_names
from .json_members import members


def readdress(body: bytes, client_id: str) -> bytes:
    """Return a body whose events name this recipient; every other byte stays as it is.

    A body that names no recipient is not changed. Raises ``ValueError`` for one that is no
    JSON in UTF-8.
    """
    text = body.decode("utf-8")
    parts, place = [], 0
    for member in members(text):
        if member.name in RECIPIENT_NAMES:
            parts += [text[place : member.begin], json.dumps(client_id)]
            place = member.end
    return "".join([*parts, text[place:]]).encode("utf-8")


def resign(headers: HeaderLines, signed: SignedPayload) -> HeaderLines:
    """Return headers with the signatures and key paths of a payload in the place of theirs."""
    values: dict[str, str] = {}
    for number, signature, path in zip((1, 2), signed.signatures, signed.key_paths, strict=True):
        path_name, signature_name = header_names(number)
        values |= {signature_name: signature, path_name: path}
    return headers.with_values(values)
