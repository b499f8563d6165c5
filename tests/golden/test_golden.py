"""What people see, card by card, as text that a reviewer reads.

`FOLKMOOT_GOLDEN=write make test PYTEST_ARGS="tests/golden --no-cov"` writes the files beside this one anew; read what
`git diff` shows before you keep it.
"""

import os
from pathlib import Path

import pytest

from tests.support.drawing import drawn
from tests.support.shown import SHOWN

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_a_card_is_shown_as_it_was_reviewed(name: str) -> None:
    path = HERE / f"{name}.txt"
    now = drawn(SHOWN[name])
    if os.environ.get("FOLKMOOT_GOLDEN") == "write":
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


def test_no_reviewed_card_is_left_over() -> None:
    found = {path.stem for path in HERE.glob("*.txt") if not path.stem.startswith("home-")}  # tests/home has those
    assert found == SHOWN.keys()
