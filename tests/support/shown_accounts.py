"""Cards about accounts as somebody would see them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.accounts import views
from bot.accounts.views import Mine
from bot.chat.cards import Card
from bot.chat.forms import Form

LONDON = ZoneInfo("Europe/London")
UNTIL = datetime(2026, 11, 24, 9, 24, tzinfo=UTC)
ON_SLACK = Mine(1, "slack", "Northwater", is_reachable=True, is_here=True, gets_messages=True)
ON_TEAMS = Mine(2, "teams", "northwater.example", is_reachable=True, is_here=False, gets_messages=False)
SHUT = Mine(2, "teams", "northwater.example", is_reachable=False, is_here=False, gets_messages=False)
BOTH = ("slack", "teams")

ACCOUNTS: dict[str, Card | Form] = {
    "account-one": views.accounts([ON_SLACK], BOTH),
    "account-both": views.accounts([ON_SLACK, ON_TEAMS], BOTH),
    "account-one-shut": views.accounts([ON_SLACK, SHUT], BOTH),
    "account-code-join": views.code_to_join("K7QM2XPD", UNTIL, LONDON, ["slack"]),
    "account-code-pair": views.code_to_pair("K7QM2XPD", UNTIL, LONDON, "Northwater"),
    "account-is-it-you": views.is_it_you("Benjamin", "teams", 7),
    "account-joined": views.joined([ON_SLACK, ON_TEAMS], 2, 1),
    "account-told-joined": views.told_joined("teams", ["slack"]),
    "account-told-apart": views.told_apart(),
    "account-hint": views.hint(["slack"]),
    "account-wrong-code": views.no_such_code(4),
    "account-wrong-codes": views.no_such_code(0),
    "account-preferred": views.preferred("teams", 2),
    "account-leave": views.really_leave("teams", 2),
    "account-left": views.left("teams", ["slack"]),
    "account-paired": views.paired(["teams"], "Northwater", 12),
    "account-told-paired": views.told_paired("teams", "northwater.example", "Northwater"),
}
