"""Texts as words of a shell command, read by shells of this machine."""

from __future__ import annotations

import shutil
import subprocess

from hypothesis import example, given, settings
from hypothesis import strategies as st

from flowsim.core.shell_words import printf, quoted

from ..cases import for_each
from ..hostile.text import LINE, OPTION

SHELLS = [
    each
    for each in ("sh", "dash", "bash", "zsh", "ksh", "busybox sh")
    if shutil.which(each.split()[0])
]

texts = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from([*"\\'\"%$`0\x1b\x9b\n"])
)


def read(shell: str, command: str) -> bytes:
    return subprocess.run(
        [*shell.split(), "-c", command], stdout=subprocess.PIPE, check=True
    ).stdout


@for_each("shell", SHELLS)
@for_each("text", [LINE, "a\nb\n\n", r"\c\0033 %s %%", "\u202e7\x1b7", "é'\x9b", ""])
def test_every_shell_writes_a_text_byte_for_byte(shell: str, text: str) -> None:
    assert read(shell, printf(text)) == text.encode()
    assert printf(text).isprintable()


@for_each("shell", SHELLS)
@for_each("text", [OPTION, "\x1b", r"\c\0033 %s", "it's \u202e", "a\nb\n\n", "\n", ""])
def test_every_shell_reads_a_quoted_word_as_the_same_text(shell: str, text: str) -> None:
    assert read(shell, f"printf '%s' {quoted(text)}") == text.encode("utf-8", "surrogateescape")


def test_bytes_that_are_not_utf_8_are_kept() -> None:
    raw = b"a\xff\x80'b"
    assert read("sh", printf(raw.decode("utf-8", "surrogateescape"))) == raw


@settings(max_examples=30)
@given(texts)
@example("x\n")
def test_a_shell_reads_any_text(text: str) -> None:
    assert read("sh", printf(text)) == text.encode()
    word = text.replace("\0", "")
    assert read("sh", f"printf '%s' {quoted(word)}") == word.encode()
    assert quoted(word).rstrip("'\n").isprintable()


def test_a_printable_word_is_quoted_as_shlex_does() -> None:
    assert [quoted(each) for each in ("plain", "a b", "")] == ["plain", "'a b'", "''"]
