"""Every requirement of the specification has its meaning, in one line of our own."""

import re
from pathlib import Path

import pytest

from tests.requirements.meanings import groups, known_ids

SPECIFICATION = Path(__file__).parents[3] / "shared/spec/domain.md"
LINE_MAX = 110  # characters; a cell of a table that is still read at a glance


def written_there() -> list[str]:
    """The ids of the specification's requirements, scenarios and numbered invariants, in its order."""
    if not SPECIFICATION.exists():
        pytest.skip("the specification is not beside this checkout: no ../shared/spec/domain.md")
    text = SPECIFICATION.read_text(encoding="utf-8")
    invariants = text.partition("### 2.4 ")[2].partition("\n#")[0]
    return [
        *re.findall(r"^\| (S\d-\d\d) \|", text, re.MULTILINE),
        *re.findall(r"^### (AT-\d+) ", text, re.MULTILINE),
        *(f"INV-{number}" for number in re.findall(r"^(\d+)\. ", invariants, re.MULTILINE)),
    ]


def test_the_meanings_are_those_of_the_specification_in_its_order() -> None:
    ids = written_there()
    assert len(ids) > 100
    assert known_ids() == ids


def test_no_requirement_stands_in_two_groups() -> None:
    assert sorted(known_ids()) == sorted(set(known_ids()))


@pytest.mark.parametrize("group", groups())
def test_a_meaning_is_one_sentence_on_one_line(group: str) -> None:
    for meaning in groups()[group].values():
        assert len(meaning) <= LINE_MAX
        assert re.fullmatch(r"[A-Z][^|\n]+\.", meaning)


@pytest.mark.parametrize("group", groups())
def test_no_two_requirements_mean_the_same(group: str) -> None:
    meanings = list(groups()[group].values())
    assert len(set(meanings)) == len(meanings)
