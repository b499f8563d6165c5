"""docs/states.md says what the bot does. `FOLKMOOT_GOLDEN=write` with this test writes it anew."""

import os
from pathlib import Path

from tests.work.states_page import page

PAGE = Path(__file__).parents[2] / "docs" / "states.md"


def test_the_page_of_states_is_the_table_that_the_bot_decides_by() -> None:
    if os.environ.get("FOLKMOOT_GOLDEN") == "write":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
