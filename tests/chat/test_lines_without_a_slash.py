"""Which lines without a slash are commands, and which are what somebody answers; for every verb there is."""

from datetime import date

import pytest

from bot.chat import commands, grammar
from bot.routes import ROUTES

TUESDAY = date(2026, 11, 24)
USAGES = tuple(command.usage for command in ROUTES.commands)


def _read(line: str) -> object:
    return grammar.read(line, USAGES, today=TUESDAY, is_working_day=lambda on: on.weekday() < 5)


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ("settings", "settings"),
        ("settings messages 3", "settings messages"),
        ("Settings messages default", "settings messages"),
        ("settings days mon-wed,fri", "settings days"),
        ("settings days mon, thu @Cem @Dee", "settings days"),
        ("settings quiet 18:00 to 08:00", "settings quiet"),
        ("settings quiet off", "settings quiet"),
        ("settings reminders off", "settings reminders"),
        ("settings holidays GB-SCT", "settings holidays"),
        ("today off", "today off"),
        ("today on", "today on"),
        ("today at 07:45", "today at"),
        ("today at 8", "today at"),
        ("weekly confirm", "weekly confirm"),
        ("weekly plan @Zoe", "weekly plan"),
        ("weekly pause", "weekly pause"),
        ("weekly resume", "weekly resume"),
        ("weekly end", "weekly end"),
        ("weekly skip", "weekly skip"),
        ("weekly setup day:fri at:10:00", "weekly setup"),
        ("weekly setup off", "weekly setup"),
        ("team deputy @Ben", "team deputy"),
        ("team deputy none", "team deputy"),
        ("team holidays GB-ENG", "team holidays"),
        ("train", "train"),
        ("train start", "train start"),
        ('train done "Using Folkmoot"', "train done"),
        ("account", "account"),
        ("account leave", "account leave"),
        ("account prefer teams", "account prefer"),
        ("huddle withdraw", "huddle withdraw"),
        ("huddle start", "huddle start"),
        ("huddle pause until 1 Jan", "huddle pause"),
        ("huddle resume", "huddle resume"),
        ('huddle end "Field Dispatch"', "huddle end"),
        ("huddle skip tomorrow", "huddle skip"),
        ("huddle stats weeks:4", "huddle stats"),
        ("huddle export", "huddle export"),
        ("huddle optional @Cem", "huddle optional"),
        ("huddle streaks off", "huddle streaks"),
        ("accept A-1", "action accept"),
        ("reject A-1 8 calls to go", "action reject"),
        ("take A-1", "action take"),
        ("action show A-1", "action show"),
        ("action due A-1 fri", "action due"),
    ],
)
def test_what_can_only_be_meant_for_the_bot_needs_no_slash(line: str, verb: str) -> None:
    found = _read(line)
    assert isinstance(found, commands.Command), found
    assert found.verb == verb


@pytest.mark.parametrize(
    "line",
    [
        "weekly report for Raj",
        "weekly plan for the depot",
        "weekly setup of the vans",
        "weekly skip emptied at Mill Lane",
        "today I finish the rota",
        "today off to Mill Lane",
        "today on site with Raj",
        "today at Mill Lane",
        "today at 07:45 the van leaves",
        "accept the delivery",
        "accept A4 paper from the shop",
        "take the van to the garage",
        "reject the second offer",
        "settings of the pump",
        "settings days counted on the meter",
        "settings messages on the display read",
        "settings quiet pump tried",
        "settings reminders written",
        "train the new fitter",
        "train start delayed",
        "train done with Raj",
        "account for Mill Lane",
        "account leave at the bank settled",
        "account prefer the old form",
        "team deputy met at the depot",
        "team holidays planned",
        "huddle start went well",
        "huddle pause in the rota",
        "huddle export of the old rota checked",
        "huddle skip hire ordered",
    ],
)
def test_an_ordinary_sentence_stays_an_answer(line: str) -> None:
    assert _read(line) is None
