"""The transformation map as somebody would see it."""

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.roadmap import views
from bot.roadmap.rules import Board
from tests.support.mapped import TODAY, crowded_board, northwater_board

ROADMAP: dict[str, Card | Form] = {
    "map": views.card(northwater_board(), can_open=True),
    "map-without-page": views.card(northwater_board(), can_open=False),
    "map-crowded": views.card(crowded_board(), can_open=True),
    "map-empty": views.card(Board(TODAY, TODAY, ()), can_open=True),
    "map-link": views.link("https://bot.example.org/open#a-token"),
}
