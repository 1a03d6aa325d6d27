"""The field tables tell the bodies of a family from each other."""

from __future__ import annotations

from flowsim.families.fields.conformity import compare

from .reading import contents, family, tell


def test_a_time_of_the_other_kind_does_not_conform() -> None:
    """Records of runs have milliseconds, alerts have text: each is wrong in the other body."""
    started, alert, *_ = contents(tell("segment_job", {"lasts": "3h"}))
    table = family("segment_job").fields()
    for code, content, other in (
        ("segment_evaluation_job_info", started, alert),
        ("segment_evaluation_job_error", alert, started),
    ):
        wrong = {**content, "createdAt": other["createdAt"]}
        (found,) = compare(table, code, wrong).differences
        assert (found.kind, found.path) == ("retyped", "createdAt")
