"""Every card and form of the product, seen by a lint made from Slack's own types and limits."""

import pytest

from adapters.slack.modal import modal
from adapters.slack.render import home, message
from bot.blockers import reply_views as blockers
from bot.chat.cards import Card, says
from bot.chat.commands import AmbiguousDate, UnknownVerb
from bot.chat.errors import declined_card
from bot.chat.forms import Form
from bot.guide import views as guide
from bot.huddles import absence_views, views
from bot.routes import COMMANDS
from bot.teams import views as teams
from storage.engine import Database
from storage.people import Department, Person
from storage.teams import Team
from tests.home.test_golden_days import STORIES
from tests.support.for_every import for_every
from tests.support.huddle_rows import a_blocker
from tests.support.shown import FRIDAY, SHOWN, WEDNESDAY
from tests.support.slack_drawing import HOSTILE, every_element, every_input, shown_in_slack, slack_lint

PEOPLE = [Person(id=number, name=f"Ada {number}", zone="Europe/London") for number in range(1, 13)]
FIELD = Team(id=2, name="Field Dispatch", zone="Europe/London")


def a_team_form(people: int) -> Form:
    values = {"name": "Field Dispatch", "lead": "1", "members": "1,2", "zone": "Mars", "department": "7"}
    departments = [Department(id=7, name="Field")]
    form = teams.form(PEOPLE[:people], departments, values, team=FIELD, place="#field-dispatch")
    return form.refused(values, {"zone": teams.no_zone("Mars")})


ELSEWHERE: dict[str, Card | Form] = {
    **{f"help-{each.usage.verb}": guide.help_about(each) for each in COMMANDS},
    "help": guide.help_card(COMMANDS, "Ben"),
    "unknown-verb": declined_card(guide.problem(UnknownVerb("hudle", "huddle"), "/hudle")),
    "which-date": declined_card(
        guide.problem(AmbiguousDate("4/3", FRIDAY, WEDNESDAY), "/huddle skip 4/3 Safety training")
    ),
    "went-wrong": says(guide.went_wrong("R-1234")),
    "undone": says(guide.undone()),
    "answer-or-command": views.answer_or_command("away with the fairies", "away"),
    "nudge-over": views.nudge_settled(views.NUDGE_OVER),
    "taken-by-raiser": blockers.taken_by_raiser(a_blocker()),
    "they-are-away": absence_views.they_are_away(WEDNESDAY, FRIDAY, ["Amy", "Cem"]),
    "they-are-back": absence_views.they_are_back(["Amy", "Cem"]),
    "team-form-for-few": a_team_form(2),
    "team-form-for-many": a_team_form(12),
    "team-saved": teams.saved(FIELD, "Dana", ["Amy", "Ben"], "#field-dispatch"),
}
EVERYTHING = {**SHOWN, **ELSEWHERE}
CARDS = {name: shown for name, shown in EVERYTHING.items() if isinstance(shown, Card)}


@for_every(sorted(EVERYTHING))
def test_slack_takes_every_card_and_form_of_the_product(name):
    assert slack_lint()(shown_in_slack(EVERYTHING[name])) == []


@pytest.mark.slow  # the same blocks as above in two other places, five times as long
@for_every(sorted(CARDS))
def test_slack_takes_every_card_as_an_immediate_answer_and_on_the_home(name):
    reply = message(CARDS[name], is_reply=True)
    assert slack_lint()({"text": reply.text, "blocks": reply.blocks}) == []
    assert slack_lint()(home([CARDS[name], CARDS["summary"]])) == []


@pytest.mark.parametrize("name", sorted(STORIES))
async def test_slack_takes_every_day_as_an_answer_and_on_the_home(name: str, sqlite: Database) -> None:
    lint = slack_lint()
    card = await STORIES[name](sqlite)
    assert lint(shown_in_slack(card)) == []
    assert lint(home([card])) == []


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", range(len(every_element(""))))
def test_slack_takes_each_element_whatever_people_write(place, text):
    shown = message(Card(text.strip() or "-", (every_element(text)[place],)))
    assert slack_lint()({"text": shown.text, "blocks": shown.blocks}) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_a_card_of_everything_and_a_home_whatever_people_write(text):
    card = Card(text.strip() or "-", every_element(text))
    shown = message(card)
    assert slack_lint()({"text": shown.text, "blocks": shown.blocks}) == []
    assert slack_lint()(home([card, card])) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_a_form_whatever_people_write(text):
    assert slack_lint()(modal(every_input(text))) == []


def test_the_lint_finds_what_slack_refuses():
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    assert slack_lint()({"text": "", "blocks": blocks})
