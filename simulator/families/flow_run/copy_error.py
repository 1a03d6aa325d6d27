"""An error that the copy from a source can end with (flow-run-payloads.md 4.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

CODE = "2200"
"""The root cause of a failed copy; its message is that of an exception in the detail."""

AT = "{at}"
"""Stands in a filled detail for the moment at which the copy failed."""

_MESSAGE = re.compile(r"Message=(.*?),Source=", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CopyError:
    """One error of a kind of source.

    ``detail`` is the text of ``errorDetail``, with words of the story in braces. ``source`` says
    where it is from, ``grade`` how good that is: ``documented``, ``inferred`` or ``gap``.
    """

    detail: str
    source: str
    grade: str

    @property
    def name(self) -> str:
        """What Azure Data Factory calls the error."""
        return self.detail.partition("ErrorCode=")[2].partition(",")[0]

    def filled(self, words: Mapping[str, str]) -> str:
        """Return the detail with the words of a story; the moment of the failure is left open."""
        return self.detail.format(**words, at=AT)


def root_message(detail: str) -> str:
    """Return the message of the last exception in a detail, which the root cause repeats."""
    return str(_MESSAGE.findall(detail)[-1])
