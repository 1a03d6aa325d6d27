"""The slider of the page: its fields, the run that they make, and the places of its bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from ...core.printable import brief, count
from ...errors import ScenarioError
from ...families.registry import Families
from .options import number_of
from .partial_ingestion import FAMILY, RULES, PartialIngestion, partial_ingestion

MOST_RECORDS = 10**9

USUAL = {"records": "1000", "failed": "49", "threshold": "5", "rule": "strict"}
"""Form field → its text at first: the last run that still succeeds."""

_FIELDS = {
    "records.input": "records",
    "records.failed": "failed",
    "partial_ingestion_percent": "threshold",
    "threshold": "rule",
}
"""What a scenario says → the form field."""


@dataclass(frozen=True, slots=True)
class Slider:
    """The slider as it is drawn.

    ``texts`` are the fields of its form, ``mistakes`` sentences by field. With a mistake, ``run``
    is the last good one. The bar ends at ``end`` failed records; ``marker`` and ``filled`` are
    places on it, in thousandths: where success ends, and the failed records.
    """

    texts: Mapping[str, str]
    mistakes: Mapping[str, str]
    run: PartialIngestion
    end: int
    marker: int
    filled: int
    kept: str

    @property
    def at_end(self) -> float:
        """The failed records at the end of the bar, in percent of all."""
        return self.end / self.run.records * 100 if self.run.records else 0.0


def slider(query: Mapping[str, str], families: Families) -> Slider | None:
    """Return the slider that a query chooses; None if the family of flow runs is not there."""
    if FAMILY not in families:
        return None
    texts = _texts(query)
    mistakes: dict[str, str] = {}
    try:
        run = _run(texts, families)
    except ScenarioError as error:
        mistakes, run = _by_field(error), _last_good(query, families)
    except _MistakeError as error:
        mistakes, run = {error.field: str(error)}, _last_good(query, families)
    end = _end_of(run)
    kept = {"records": run.records, "failed": run.failed, "threshold": run.threshold}
    return Slider(
        texts,
        mistakes,
        run,
        end,
        min(1000, round((run.boundary + 0.5) / end * 1000)),
        round(run.failed / end * 1000),
        urlencode({**kept, "rule": run.rule}),
    )


def _texts(query: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of the fields.

    Failed records have two, a slider and a number beside it: the number counts if it is another
    than that of the last run.
    """
    texts = {key: query.get(key, "").strip() or usual for key, usual in USUAL.items()}
    exact, kept = query.get("exact", "").strip(), _kept(query).get("failed", "")
    return texts | ({"failed": exact} if exact not in ("", kept) else {})


def _kept(query: Mapping[str, str]) -> dict[str, str]:
    return dict(parse_qsl(query.get("kept-run", "")[:1_000]))


class _MistakeError(ValueError):
    """A text that stands for no value, or a value that does not fit; ``field`` is its place."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


def _mistake(field: str, text: str, expected: str) -> _MistakeError:
    return _MistakeError(field, f"{brief(text)!r}; expected {expected}")


def _run(texts: Mapping[str, str], families: Families) -> PartialIngestion:
    records, failed = (_count(texts, each) for each in ("records", "failed"))
    if failed > records:
        raise _MistakeError("failed", _too_many(records, failed))
    threshold = number_of(texts["threshold"])
    if isinstance(threshold, str):
        raise _mistake("threshold", threshold, "a number above 0, as in 5")
    if texts["rule"] not in RULES:
        raise _mistake("rule", texts["rule"], " or ".join(RULES))
    return partial_ingestion(records, failed, threshold, texts["rule"], families)


def _too_many(records: int, failed: int) -> str:
    verb = "is" if failed == 1 else "are"
    read = f"the {count(records, 'record')} read"
    return f"{count(failed, 'failed record')} {verb} more than {read}; choose at most {records:,}"


def _count(texts: Mapping[str, str], name: str) -> int:
    number = number_of(texts[name])
    if not isinstance(number, int) or not 0 <= number <= MOST_RECORDS:
        raise _mistake(name, texts[name], f"a whole number from 0 to {MOST_RECORDS:,}")
    return number


def _last_good(query: Mapping[str, str], families: Families) -> PartialIngestion:
    try:
        return _run({**USUAL, **_kept(query)}, families)
    except (ScenarioError, _MistakeError):
        return _run(USUAL, families)


def _by_field(error: ScenarioError) -> dict[str, str]:
    """Return a sentence by the field that it is about."""
    found = {}
    for each in error.problems:
        name = each.path.removeprefix(f"events[0].{FAMILY}.")
        found[_FIELDS.get(name, "failed")] = each.sentence
    return found


def _end_of(run: PartialIngestion) -> int:
    """Return where the bar ends: some way behind the boundary, so that it can be seen."""
    wanted = max(4 * (run.boundary + 1), 20, run.failed)
    return max(1, min(run.records, wanted))
