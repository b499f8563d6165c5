"""The words about people who take part by e-mail."""

from collections.abc import Sequence

from bot.chat.cards import Button, Buttons, Card, Group, Line, Note, Paragraph, Title, says
from bot.chat.spans import Bold
from bot.chat.words import cut, listing, typed
from bot.guide.views import SAY


def how() -> str:
    """What is missing in `/people mail`."""
    example = typed('people mail sam@metering.example "Sam Okello" dept:"Metering Ltd"')
    return f"Give an address and a name, as in {example}. Nothing was changed."


def not_connected() -> str:
    """There is nowhere to put a mail."""
    return (
        "I can't send mail yet: whoever runs me has to set FOLKMOOT_MAIL_DIR and FOLKMOOT_MAIL_FROM, as docs/mail.md "
        "says. Nothing was changed."
    )


def not_an_address(text: str) -> str:
    """No address."""
    return f"'{cut(text)}' is no mail address. Write one like sam@metering.example. Nothing was changed."


def not_plain(text: str) -> str:
    """An address that only some mail servers would take."""
    only = "before the @ mail servers take only letters without accents, as in jose@metering.example"
    return f"I can't write to '{cut(text)}': {only}. Nothing was changed."


def too_long(length: int, longest: int) -> str:
    """A name that no line holds."""
    return f"That name has {length} characters, and at most {longest} fit. Nothing was changed."


def taken(address: str, name: str) -> str:
    """Somebody has that address."""
    return f"{address} is the address of {name}, who takes part already. Nothing was changed."


def no_such_department(text: str, names: Sequence[str]) -> str:
    """No department is called so, and one nearly is."""
    return f"There is no department '{cut(text)}'. Did you mean {listing(names, 'or')}? Nothing was changed."


def added(name: str, address: str, department: str, *, is_new: bool) -> Card:
    """Somebody takes part by mail from now on."""
    of = f", of {department}" if department else ""
    also = f" {department} is new here; I noted it as a supplier." if is_new else ""
    ways = f"{typed('people remove')} takes them out again"
    return says(f"Added {name}{of}. What I have for them goes to {address}, and they answer by mail.{also} {ways}.")


def back(name: str, address: str) -> Card:
    """Somebody who was taken out takes part again."""
    return says(f"{name} takes part again. What I have for them goes to {address}.")


def hello(name: str, organisation: str, admin: str) -> Card:
    """The first mail to somebody: who writes, and how they answer."""
    by = f"{admin} added you" if admin else "You were added"
    how = "you take part by mail: no account, nothing to install."
    who = f"Hello {name}, I'm Folkmoot. {by} at {organisation}, and {how}"
    lines = (
        Line((Bold("A choice"), " stands as a line such as Reply with: Yes. Reply to the mail and write Yes.")),
        Line((Bold("A form"), " stands in the mail. Reply, and write your answer below each question.")),
        Line((Bold("A question of your own"), " is a line such as /today or /help.")),
    )
    return Card(
        who,
        (
            Title(f"You take part at {cut(organisation)}"),
            Paragraph((who,)),
            Group("How to answer", lines),
            Buttons((Button("What can you do?", SAY, {"text": "/help"}),)),
            Note("I send a mail when somebody needs something of you, and none when nothing changed for you."),
        ),
    )
