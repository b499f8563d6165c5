"""Cards about people who take part by e-mail, as somebody would see them."""

from adapters.email import views as around
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.people import mail_views as views

MAILS: dict[str, Card | Form] = {
    "mail-added": views.added("Sam Okello", "sam@metering.example", "Metering Ltd", is_new=False),
    "mail-added-supplier": views.added("Sam Okello", "sam@metering.example", "Metering Ltd", is_new=True),
    "mail-back": views.back("Sam Okello", "sam@metering.example"),
    "mail-hello": views.hello("Sam", "Northwater Utility", "Ivo"),
    "mail-taken": around.taken(),
    "mail-over": around.over(),
    "mail-empty": around.empty(),
    "mail-too-long": around.too_long(12_345, 12_000),
    "mail-several": around.several(["Shout", "More"]),
    "mail-several-homes": around.several_homes(["Northwater Utility", "Southwater"]),
    "mail-not-kept": around.not_kept(),
}
