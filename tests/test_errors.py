"""Exceptions that show a lack of resources or a mistake in flowsim itself."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import ExhaustedError, FlowsimError, SettingError
from flowsim.runtime.breakdowns import breakdown, exhaustion, expect_whole

from .cases import for_each

MAPPED = "x.abi3.so: failed to map segment from shared object"

LACKS = [
    (MemoryError(), "out of memory"),
    (OSError(errno.ENOMEM, "Cannot allocate memory"), "out of memory"),
    (ImportError(MAPPED), "out of memory"),
    (SystemError("<method> returned NULL without setting an exception"), "out of memory"),
    (SystemError("error return without exception set"), "out of memory"),
    (socket.gaierror(socket.EAI_MEMORY, "Memory allocation failure"), "out of memory"),
    (ssl.SSLError(1, "[X509] malloc failure (_ssl.c:1)"), "out of memory"),
    (RuntimeError("can't start new thread"), "no more threads or processes"),
    (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), "no more threads"),
    (OSError(errno.EMFILE, "Too many open files"), "no more files or connections"),
    (OSError(errno.ENFILE, "File table overflow"), "no more files or connections"),
    (ExceptionGroup("", [ValueError(), ExceptionGroup("", [MemoryError()])]), "out of memory"),
    (ExhaustedError("out of memory"), "out of memory"),
]


@for_each(("error", "message"), LACKS)
def test_a_missing_resource_is_named_with_its_limit(error: Exception, message: str) -> None:
    lack = exhaustion(error)
    assert isinstance(lack, ExhaustedError)
    assert str(lack).startswith(message)
    assert lack is error or "ulimit" in str(lack)


KNOWN = {errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOMEM, errno.EMFILE, errno.ENFILE}


@given(st.sampled_from(sorted(set(errno.errorcode) - KNOWN)))
def test_other_errors_of_the_system_are_not_exhaustion(number: int) -> None:
    assert exhaustion(OSError(number, "it went wrong", "a file")) is None


@for_each(
    "error", [ValueError("malloc failure"), KeyError("x"), RuntimeError("closed"), SettingError()]
)
def test_a_mistake_is_not_exhaustion(error: Exception) -> None:
    assert exhaustion(error) is None


class Part:
    def __init__(self, problem: BaseException | None) -> None:
        self.problem = problem


def test_an_ended_part_is_reported_in_one_sentence_with_its_place() -> None:
    try:
        {}["here"]
    except KeyError as error:
        ended = Part(error)
    expect_whole([Part(None), object()])
    with pytest.raises(FlowsimError) as message:
        expect_whole([Part(None), ended])
    assert str(message.value) == (
        f"a part of flowsim has ended (KeyError: 'here' at test_errors.py:{line_of(ended)}); "
        "start it again"
    )
    assert message.value.__cause__ is ended.problem


def line_of(part: Part) -> int:
    assert part.problem is not None
    assert part.problem.__traceback__ is not None
    return part.problem.__traceback__.tb_lineno


def test_an_error_of_flowsim_is_not_wrapped() -> None:
    error = SettingError("a port is taken")
    assert breakdown(error) is error
    assert "ulimit" in str(breakdown(RuntimeError("can't start new thread")))
