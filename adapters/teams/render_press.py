"""What a button carries, and back: pure. Whatever comes back is checked, since anybody can send it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from adapters.teams.render_text import size_of
from adapters.teams.wiring import Fields

OURS = "folkmoot"  # the key of what is ours, beside what Teams puts there
VERB = "press"  # of every Action.Execute
TARGETED: Mapping[str, bool] = MappingProxyType({"targeted": True})
VERB_MAX = 300  # characters
IDS_MAX = 20
NAME_MAX = 100  # characters of an id's name
VALUE_MAX = 4000  # characters; a line that somebody typed has up to 1,500
CARRIED_MAX = 9000  # UTF-16 units of what all buttons of a card carry: half of what a card may have


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a press or a form brings back; `is_reply` where the button stood on an immediate answer.

    `is_targeted` where nobody but the one who pressed sees what it stood on.
    """

    verb: str
    ids: Mapping[str, str] = field(default_factory=dict)
    is_reply: bool = False
    is_targeted: bool = False


def press_data(verb: str, ids: Mapping[str, str], *, is_reply: bool, is_targeted: bool = False) -> Fields:
    """What a button for `verb` carries. Raises: ValueError when it could not come back, being too long or too much."""
    verb, ids = checked(verb, dict(ids))
    return {OURS: {"verb": verb, "ids": ids, "reply": is_reply, **(TARGETED if is_targeted else {})}}


def pressed(data: object) -> Pressed:
    """The inverse of `press_data`, also for what a form carries.

    Raises: ValueError on everything that no card of ours carries.
    """
    match data:
        case {"folkmoot": {"verb": verb, "ids": ids, "reply": bool(is_reply), **rest}}:
            return Pressed(*checked(verb, ids), is_reply, is_targeted=rest.get("targeted") is True)
        case {"folkmoot": {"verb": verb, "ids": ids, "form": True, **rest}}:
            return Pressed(*checked(verb, ids), is_targeted=rest.get("targeted") is True)
        case _:
            raise ValueError("this is not what a button or form of ours carries")


def checked(verb: object, ids: object) -> tuple[str, dict[str, str]]:
    """The two, where they are what they should be; a message never has what they hold. Raises: ValueError."""
    if not isinstance(verb, str) or len(verb) > VERB_MAX:
        raise ValueError(f"a verb is a text of up to {VERB_MAX} characters")
    if not isinstance(ids, dict) or len(ids) > IDS_MAX:
        raise ValueError(f"a button or form carries up to {IDS_MAX} ids")
    for name, value in ids.items():
        if not isinstance(name, str) or len(name) > NAME_MAX or not isinstance(value, str) or len(value) > VALUE_MAX:
            raise ValueError(
                f"an id is a text of up to {VALUE_MAX} characters with a name of up to {NAME_MAX}; "
                "keep the words in a row and let the button or form carry its number"
            )
    return verb, dict(ids)


def not_too_much(carried: list[object]) -> None:
    """Raises: ValueError when the buttons of one card carry more than a card has room for."""
    if (size := sum(map(size_of, carried))) > CARRIED_MAX:
        raise ValueError(
            f"the buttons of a card carry {size} characters, there is room for {CARRIED_MAX}; "
            "keep the words in a row and let the buttons carry its number"
        )
