"""The page that says what is proved: a table for each group of requirements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

HEAD = """\
# Requirements and what proves them

What Folkmoot is meant to give people, and the tests that prove it. `make requirements` runs these tests and writes this
page; a test says what it proves with `@pytest.mark.req("S3-28")`. Where nothing is proved yet, there is a dash.
"""

NOT_PROVED = "–"


class Outcome(StrEnum):
    """What became of a case, best first."""

    PASS = "pass"
    SKIPPED = "skipped"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Case:
    """One run of a test and what it proves; a test with parameters has several."""

    nodeid: str
    ids: frozenset[str]
    outcome: Outcome

    @property
    def test(self) -> str:
        """The file and the name, without the parameters."""
        path, _, name = self.nodeid.partition("::")
        return f"{path}::{name.partition('[')[0]}"


Groups = Mapping[str, Mapping[str, str]]


def page(groups: Groups, cases: Sequence[Case], to_root: str) -> str:
    """The whole page; `to_root` leads from its folder to that of the node ids, as in `../`."""
    tables = (_table(title, group, cases, to_root) for title, group in groups.items())
    return "\n".join((HEAD, f"**{counts(groups, cases)}**\n", *tables))


def counts(groups: Groups, cases: Sequence[Case]) -> str:
    """How many requirements there are, how many have a test, and how many of these pass."""
    results = [_result(_outcomes(cases, each)) for group in groups.values() for each in group]
    tested = len(results) - results.count(NOT_PROVED)
    others = (f", {n} {each}" for each in (Outcome.FAIL, Outcome.SKIPPED) if (n := results.count(each)))
    return f"{len(results)} requirements: {tested} with a test, {results.count(Outcome.PASS)} pass{''.join(others)}"


def _table(title: str, group: Mapping[str, str], cases: Sequence[Case], to_root: str) -> str:
    rows = (
        f"| {each} | {meaning} | {'<br>'.join(_tests(cases, each, to_root))} | {_result(_outcomes(cases, each))} |"
        for each, meaning in group.items()
    )
    return "\n".join((f"## {title}\n", "| id | meaning | tests | result |", "| --- | --- | --- | --- |", *rows, ""))


def _tests(cases: Sequence[Case], requirement: str, to_root: str) -> Iterator[str]:
    proving = [each for each in cases if requirement in each.ids]
    for test in sorted({each.test for each in proving}):
        notes = _notes([each.outcome for each in proving if each.test == test])
        yield f"[{test}]({to_root}{test.partition('::')[0]}){notes}"


def _notes(outcomes: Sequence[Outcome]) -> str:
    if len(outcomes) == 1:
        return "" if outcomes[0] is Outcome.PASS else f" ({outcomes[0]})"
    others = [f"{n} {each}" for each in (Outcome.FAIL, Outcome.SKIPPED) if (n := outcomes.count(each))]
    return f" ({', '.join([f'{len(outcomes)} cases', *others])})"


def _outcomes(cases: Sequence[Case], requirement: str) -> list[Outcome]:
    return [each.outcome for each in cases if requirement in each.ids]


def _result(outcomes: Sequence[Outcome]) -> str:
    """What a requirement's tests say together: a failure outweighs all, and one that passes outweighs skipped ones."""
    ranked = (Outcome.FAIL, Outcome.PASS, Outcome.SKIPPED)
    return next((each for each in ranked if each in outcomes), NOT_PROVED)
