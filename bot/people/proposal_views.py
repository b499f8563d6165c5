"""The button with which a thing is proposed for a council's agenda, the same on every card."""

from bot.chat.cards import Button

PROPOSE = "agenda.propose"


def propose(code: str) -> Button:
    """The form of a new item, filled with what the thing says."""
    return Button("Put on the agenda", PROPOSE, {"from": code}, opens_form=True, spoken=f"Put {code} on the agenda")
