"""Texts quoted for a shell, and requests as curl commands; all of it can be printed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

_CURL = "curl -q -sS --noproxy '*' --http1.1 --globoff --path-as-is"
_FROM_CURL = ("accept", "expect", "user-agent", "content-type")
"""What curl adds to a request with a body, unless an option says otherwise."""

NEXT_LINE = " \\\n  "
"""Between the options of a command with one option a line."""


def quoted(text: str) -> str:
    """Return a text as one word of a POSIX shell.

    What cannot be printed goes through ``printf``, which shells build in; only line ends at the
    end of the text stay as they are, for ``$(…)`` would lose them.
    """
    if text.isprintable():
        return shlex.quote(text)
    begin = text.rstrip("\n")
    end = text[len(begin) :]
    return f'"$({printf(begin)})"' + (shlex.quote(end) if end else "")


def printf(text: str) -> str:
    """Return a command that writes a text, byte for byte."""
    if text.isprintable():
        return f"printf '%s' {shlex.quote(text)}"
    return f"printf '%b' {shlex.quote(''.join(map(_escaped, text)))}"


def _escaped(character: str) -> str:
    """Return a character as ``%b`` reads it: its bytes in octal, if it cannot be printed."""
    if character == "\\":
        return r"\\"
    if character.isprintable():
        return character
    return "".join(f"\\0{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def curl_command(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    method: str = "POST",
    *,
    option: str = "",
    between: str = " ",
) -> str:
    """Return a shell command that sends the same request; a GET has no body.

    ``between`` stands between its options: ``NEXT_LINE`` begins a line with each.
    ``option`` is a further option of curl, quoted for a shell. The body is piped from ``printf``,
    which is part of the shell, since an argument of a program is limited to 128 KiB. Headers and
    changes that curl makes by itself are switched off, as are the user's settings and proxies.
    """
    options = _options(headers, has_body=method != "GET") + ([option] if option else [])
    request = between.join((*options, quoted(url)))
    if method == "GET":
        return f"{_CURL}{between}{request}"
    text = printf(body.decode("utf-8", "surrogateescape"))
    return f"{text} |{between}{_CURL} -X POST --data-binary @-{between}{request}"


def curl_of_download(
    url: str, headers: Mapping[str, str], body_url: str, *, between: str = " "
) -> str:
    """Return a shell command that first downloads a body, and then sends it in a POST.

    If the download fails, nothing is sent. The body is kept in a temporary file meanwhile.
    """
    request = between.join((*_options(headers, has_body=True), quoted(url)))
    download = f'{_CURL} -f -o "$body" {quoted(body_url)}'
    post = f'{_CURL} -X POST --data-binary @"$body"{between}{request}'
    both = f"{download} &&{between}{post}"
    return f'(body=$(mktemp) &&{between}{both}; status=$?; rm -f "$body"; exit $status)'


def _options(headers: Mapping[str, str], *, has_body: bool) -> list[str]:
    """Return the options of curl that send these headers, and no others of its own."""
    lines = (f"{name}: {value}" if value else f"{name};" for name, value in headers.items())
    options = [f"-H {quoted(line)}" for line in lines]
    given = {name.lower() for name in headers} | (set() if has_body else {"content-type"})
    return options + [f"-H '{name}:'" for name in _FROM_CURL if name not in given]
