"""Text as the files of users hold it: UTF-8, with or without a byte order mark."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from .document import position

_OTHERS = (
    (BOM_UTF32_LE, "UTF-32"),
    (BOM_UTF32_BE, "UTF-32"),
    (BOM_UTF16_LE, "UTF-16"),
    (BOM_UTF16_BE, "UTF-16"),
)
"""Byte order marks of other encodings; that of UTF-32 begins with that of UTF-16."""


class NoTextError(ValueError):
    """Bytes that are no text in UTF-8: ``found`` at ``line`` and ``column``, from 1."""

    def __init__(self, line: int, column: int, found: str, expected: str) -> None:
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected
        super().__init__(f"line {line}: {found}; expected {expected}")


def without_mark(raw: bytes) -> bytes:
    """Return the bytes of a file without the byte order mark of UTF-8.

    Raises ``NoTextError`` for text in UTF-16 and UTF-32.
    """
    encoding = next((name for mark, name in _OTHERS if raw.startswith(mark)), _guessed(raw))
    if encoding:
        remedy = f"save it as UTF-8 in an editor, or with iconv -f {encoding} -t UTF-8"
        raise NoTextError(1, 1, f"text in {encoding}", f"text in UTF-8 ({remedy})")
    return raw.removeprefix(BOM_UTF8)


def decode(raw: bytes) -> str:
    """Return the text of a file. Raises ``NoTextError``."""
    content = without_mark(raw)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column = position(before, len(before))
        found = f"byte 0x{content[error.start]:02x}"
        raise NoTextError(line, column, found, "text in UTF-8") from None


def _guessed(raw: bytes) -> str:
    """Return UTF-16 for two ASCII characters of it, which need no mark to be known."""
    zeros = [not byte for byte in raw[:4]]
    return "UTF-16" if zeros in ([False, True] * 2, [True, False] * 2) else ""
