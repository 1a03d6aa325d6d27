"""HTTP requests in files: request line, headers, an empty line, and the exact body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from ..core import headers, wire
from ..core.delivery import Attempt
from ..core.header_lines import HeaderLines
from ..core.wire import raw_request
from .capture import Flaw

_LINE = rb"([A-Z]+) ([^ \r\n]+) HTTP/\d(?:\.\d)? *"
_REQUEST_LINE = re.compile(_LINE)
_BEGIN = re.compile(_LINE + rb"\r?\n")
_NEXT = re.compile(rb"\r?\n(?=" + _LINE + rb"\r?\n)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?")
_CHUNKED = re.compile(rb"\ntransfer-encoding:[ \t]*chunked[ \t]*\r?\n", re.IGNORECASE)

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request in a file; ``target`` is the path in its first line.

    ``flaw`` is ``None`` if the body is as long as the head says.
    """

    method: str
    target: str
    headers: HeaderLines
    body: bytes
    flaw: Flaw | None = None


def parse(raw: bytes) -> Iterator[StoredRequest]:
    """Yield the requests in a file.

    Lines of the head may end in CR LF or in LF. A body has the length that the head says; without
    one it goes on to the end of the file. If the stated length is wrong, the body ends where the
    next request begins, or with the file. Raises ``ValueError`` with the line number where no
    request can be read.
    """
    file = BytesIO(raw)
    while (line := file.readline()) != b"":
        if line.strip(b"\r\n"):
            yield _request(line, file)


def store(head: bytes, body: bytes, *, is_cut: bool = False) -> bytes:
    """Return a request in the form that ``parse`` reads; ``head`` ends with its empty line.

    A chunked body becomes one chunk, since its division is lost. If it ``is_cut``, it has no last
    chunk.
    """
    if not _CHUNKED.search(head):
        return head + body
    chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    return head + chunk + (b"" if is_cut else b"0\r\n\r\n")


def sent_request(attempt: Attempt, *, whole: bool = False) -> bytes:
    """Return the bytes that a transport writes for an attempt, faults included.

    If ``whole`` is set, faults that cut the body off or state another length are left out. A
    captured request is not changed by that: the rest of its body is not known.
    """
    delivery, how = attempt.delivery, wire.of_attempt(attempt)
    if whole and delivery.headers is None and how is not None and not how.is_whole:
        how = None
    return raw_request(delivery.url, headers.of_attempt(attempt), delivery.signed.payload.body, how)


def _request(line: bytes, file: BytesIO) -> StoredRequest:
    found = _REQUEST_LINE.fullmatch(line.strip(b"\r\n"))
    if found is None:
        raise _mistake(file, _shown(line), "a request line such as POST /hook HTTP/1.1")
    headers = _headers(file)
    return StoredRequest(_text(found[1]), _text(found[2]), headers, *_body(headers, file))


def _headers(file: BytesIO) -> HeaderLines:
    lines = []
    while line := file.readline().strip(b"\r\n"):
        name, colon, value = line.partition(b":")
        if not colon or line[:1] in (b" ", b"\t") or b"\r" in line:
            raise _mistake(file, _shown(line), "a header such as content-type: application/json")
        lines.append((_text(name.rstrip(b" \t")), _text(value.strip(b" \t"))))
    return HeaderLines(lines)


def _body(headers: HeaderLines, file: BytesIO) -> tuple[bytes, Flaw | None]:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _chunked(file)
    stated = headers.get("content-length")
    if stated is None:
        return file.read(), None
    if not re.fullmatch(r"[0-9]{1,15}", stated):
        raise _mistake(file, f"content-length: {stated[:_LONGEST_SHOWN]!a}", "a number of bytes")
    return _stated(file, int(stated))


def _stated(file: BytesIO, length: int) -> tuple[bytes, Flaw | None]:
    """Return a body with a stated length; if that is wrong, with the length that it has."""
    raw, begin = file.getvalue(), file.tell()
    end = begin + length
    if not _may_end(raw, end):
        end = _end(raw, begin, end)
    file.seek(end)
    error = length - (end - begin)
    return raw[begin:end], Flaw(error) if error else None


def _may_end(raw: bytes, place: int) -> bool:
    """Tell whether a request can end here: end of file, a line end or a request follows."""
    is_end = place == len(raw) or raw[place : place + 1] in (b"\r", b"\n")
    return is_end or _BEGIN.match(raw, place) is not None


def _end(raw: bytes, begin: int, stated: int) -> int:
    """Return where a body ends if its stated length is wrong."""
    following = _NEXT.search(raw, begin)
    if following is not None:
        return following.start()
    if stated > len(raw):
        return len(raw)
    return begin + len(raw[begin:].rstrip(b"\r\n"))


def _chunked(file: BytesIO) -> tuple[bytes, Flaw | None]:
    """Return a body of chunks; the last chunk may be missing."""
    parts: list[bytes] = []
    while not _is_over(file):
        line = file.readline()
        found = _CHUNK.fullmatch(line.strip(b"\r\n"))
        if found is None:
            raise _mistake(file, _shown(line), "the length of a chunk")
        length = int(found[1], 16)
        if not length:
            _skip_trailers(file)
            return b"".join(parts), None
        parts.append(file.read(length))
        file.readline()
    return b"".join(parts), Flaw(is_open=True)


def _is_over(file: BytesIO) -> bool:
    """Tell whether no further chunk follows, but the end of file or another request."""
    raw, place = file.getvalue(), file.tell()
    if raw.find(b"\n", place) < 0:  # no whole line is left
        file.seek(len(raw))
        return True
    return raw[place : place + 1] in (b"\r", b"\n") or _BEGIN.match(raw, place) is not None


def _skip_trailers(file: BytesIO) -> None:
    """Skip the headers that may follow the last chunk."""
    while line := file.readline().strip(b"\r\n"):
        if _REQUEST_LINE.fullmatch(line):
            raise _mistake(file, _shown(line), "an empty line after the last chunk")


def _mistake(file: BytesIO, found: str, expected: str) -> ValueError:
    line = file.getvalue().count(b"\n", 0, max(0, file.tell() - 1)) + 1
    return ValueError(f"line {line}: {found}; expected {expected}")


def _shown(line: bytes) -> str:
    return repr(line.strip(b"\r\n")[:_LONGEST_SHOWN]).removeprefix("b")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
