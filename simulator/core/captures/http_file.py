"""Requests as files hold them: request line, headers, an empty line, and the exact body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from ..header_lines import HeaderLines

_REQUEST_LINE = re.compile(rb"([A-Z]+) (\S+) HTTP/\d(?:\.\d)?")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:(.*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?")

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """One request; ``target`` is what its first line asks for."""

    method: str
    target: str
    headers: HeaderLines
    body: bytes


def parse(raw: bytes) -> Iterator[StoredRequest]:
    """Yield the requests that stand in a file, one after the other.

    Lines of the head may end as they do on the wire or as editors end them. A body is as long
    as its head says; one that is of no stated length goes on to the end of the file. Raises
    ``ValueError`` with the line for what is no request, or one that is cut off.
    """
    file = BytesIO(raw)
    while (line := file.readline()) != b"":
        if line.strip(b"\r\n"):
            yield _request(line, file)


def store(head: bytes, body: bytes) -> bytes:
    """Return a request as ``parse`` reads it; ``head`` ends with its empty line.

    A chunked body becomes one chunk: how it was cut is not known any more.
    """
    file = BytesIO(head)
    file.readline()
    if not _is_chunked(_headers(file)):
        return head + body
    chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    return head + chunk + b"0\r\n\r\n"


def _request(line: bytes, file: BytesIO) -> StoredRequest:
    found = _REQUEST_LINE.fullmatch(line.strip(b"\r\n"))
    if found is None:
        raise _mistake(file, _shown(line), "a request line such as POST /hook HTTP/1.1")
    headers = _headers(file)
    return StoredRequest(_text(found[1]), _text(found[2]), headers, _body(headers, file))


def _headers(file: BytesIO) -> HeaderLines:
    lines = []
    while line := file.readline().strip(b"\r\n"):
        found = _HEADER.fullmatch(line)
        if found is None:
            raise _mistake(file, _shown(line), "a header such as content-type: application/json")
        lines.append((_text(found[1]), _text(found[2].strip(b" \t"))))
    return HeaderLines(lines)


def _body(headers: HeaderLines, file: BytesIO) -> bytes:
    if _is_chunked(headers):
        return b"".join(_chunks(file))
    stated = headers.get("content-length")
    if stated is None:
        return file.read()
    if not re.fullmatch(r"[0-9]{1,15}", stated):
        raise _mistake(file, f"content-length: {stated[:_LONGEST_SHOWN]!a}", "a number of bytes")
    return _read(file, int(stated))


def _is_chunked(headers: HeaderLines) -> bool:
    return headers.get("transfer-encoding", "").lower() == "chunked"


def _chunks(file: BytesIO) -> Iterator[bytes]:
    while True:
        line = file.readline().strip(b"\r\n")
        found = _CHUNK.fullmatch(line)
        if found is None:
            raise _mistake(file, _shown(line), "the length of a chunk")
        length = int(found[1], 16)
        yield _read(file, length)
        file.readline()
        if not length:
            return


def _read(file: BytesIO, length: int) -> bytes:
    content = file.read(length)
    if len(content) < length:
        found = f"{len(content)} bytes"
        raise _mistake(file, found, f"{length} bytes, as the head says")
    return content


def _mistake(file: BytesIO, found: str, expected: str) -> ValueError:
    line = file.getvalue().count(b"\n", 0, max(0, file.tell() - 1)) + 1
    return ValueError(f"line {line}: {found}; expected {expected}")


def _shown(line: bytes) -> str:
    return repr(line.strip(b"\r\n")[:_LONGEST_SHOWN]).removeprefix("b")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
