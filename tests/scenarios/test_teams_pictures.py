"""A customer number's picture on Teams: inside of the message, in the personal chat and after a mention."""

from base64 import b64decode

import pytest

from adapters.teams import adapter
from bot.routes import ROUTES
from storage.engine import Database
from tests.support.teams_double import SeenMessage
from tests.support.teams_double.parts import elements_of
from tests.support.teams_hall import FIELD, TEAM, Hall, a_hall


async def _with_a_number(hall: Hall) -> None:
    """A measure that was recorded on two days."""
    await hall.ada.installs(TEAM)
    for line in ('add "First-time fix" code:FTF unit:percent', "record FTF 71 period:2026-11-02", "record FTF 78"):
        await hall.says(hall.ada, f"/measure {line}")


def _images(seen: SeenMessage) -> list[str]:
    return [str(each["url"]) for card in seen.cards for each in elements_of(card) if each["type"] == "Image"]


@pytest.mark.parametrize("where", ["", FIELD])
async def test_a_number_is_shown_with_its_picture(sqlite: Database, where: str) -> None:
    async with a_hall(sqlite, routes=ROUTES) as hall:
        await _with_a_number(hall)
        await hall.says(hall.ada, "/measure show FTF", where)
        seen = hall.ada.sees()[-1]
        (url,) = _images(seen)
        assert b64decode(url.removeprefix("data:image/png;base64,")).startswith(b"\x89PNG")
        assert "78%" in seen.words


async def test_where_it_can_t_be_drawn_its_words_stand_there(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setattr(adapter, "drawn_small", fails)
    async with a_hall(sqlite, routes=ROUTES) as hall:
        await _with_a_number(hall)
        await hall.says(hall.ada, "/measure show FTF")
        seen = hall.ada.sees()[-1]
        assert _images(seen) == []
        assert "lowest 71%" in seen.words
