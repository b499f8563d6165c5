"""What a person is told when something can't be done, and how a form is refused. Source: domain.md 3.3."""

from bot.chat.cards import Button, Buttons, Card, Paragraph
from storage.errors import BotError

__all__ = ["BotError", "Declined", "declined_card"]


class Declined(BotError):
    """Raised by a handler to say no: the transaction is rolled back and the person reads the words.

    `code` is the row of domain.md 3.3 (`E-05`) or empty; `ways` are the ways on, as buttons.
    """

    def __init__(self, words: str, *, code: str = "", ways: tuple[Button, ...] = ()) -> None:
        super().__init__(words)
        self.words = words
        self.code = code
        self.ways = ways


class SeveralPeople(Declined):
    """E-10: several people match what was typed. `choices` are what each one's button says, and the mention of each."""

    def __init__(self, words: str, *, name: str, choices: tuple[tuple[str, str], ...]) -> None:
        super().__init__(words, code="E-10")
        self.name = name
        self.choices = choices


def declined_card(problem: Declined) -> Card:
    """The refusal as a card: the words, then the ways on."""
    ways = (Buttons(problem.ways),) if problem.ways else ()
    return Card(problem.words, (Paragraph((problem.words,)), *ways))
