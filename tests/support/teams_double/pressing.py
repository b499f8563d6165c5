"""A button of a card: which one it is, what is sent when it is pressed, and what the answer is: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.support.teams_double.cards import card_trouble
from tests.support.teams_double.courier import Heard
from tests.support.teams_double.entries import sent_values
from tests.support.teams_double.parts import ADAPTIVE, actions_of
from tests.support.teams_double.shapes import without_nulls
from tests.support.teams_double.world import Fields

TOAST = "application/vnd.microsoft.activity.message"
THEME: Fields = {"theme": "default"}


@dataclass(frozen=True, slots=True)
class Task:
    """What a bot answers for a dialog: a card to show, a message to show, or (neither) an end; or what is wrong."""

    title: str = ""
    card: Fields | None = None
    message: str = ""
    trouble: str = ""


def pressed(cards: Sequence[Fields], label: str) -> tuple[Fields, Fields]:
    """The card and the button with those words. Raises: LookupError naming the ones there are."""
    found = [(card, each) for card in cards for each in actions_of(card)]
    for card, action in found:
        if label in {action.get("title"), action.get("tooltip")}:
            return card, action
    raise LookupError(f"no button {label!r}, only {[each.get('title') for _, each in found]}")


def on_old_client(action: Fields) -> Fields:
    """What a client that does not know Action.Execute shows in its place. Raises: LookupError where that is nothing."""
    if action["type"] != "Action.Execute":
        return action
    fallback = action.get("fallback")
    if fallback in (None, "drop"):
        raise LookupError(f"an old client does not show {action.get('title')!r}")
    return {"title": action.get("title"), **fallback}


def values_sent(card: Fields, action: Fields, typed: Mapping[str, str]) -> Fields:
    """What was entered, added to what the button carries."""
    entered = {} if action.get("associatedInputs") == "none" else sent_values(card, typed)
    return {**action.get("data", {}), **entered}


def executed(card: Fields, action: Fields, typed: Mapping[str, str], *, trigger: str = "manual") -> Fields:
    """The value of `adaptiveCard/action`."""
    told: Fields = {"type": "Action.Execute", "verb": action.get("verb", "")}
    told |= {name: action[name] for name in ("id", "title") if name in action}
    return {"action": told | {"data": values_sent(card, action, typed)}, "trigger": trigger}


def answered_card(heard: Heard) -> Fields | None:
    """The card that takes the place of the pressed one, where Teams can show it."""
    answer = heard.json
    is_card = heard.is_ok and answer.get("statusCode") == 200 and answer.get("type") == ADAPTIVE
    card = without_nulls(answer.get("value"))
    return card if is_card and isinstance(card, dict) and not card_trouble(card) else None


def answered_toast(heard: Heard) -> str:
    """The words that are shown for a moment."""
    answer = heard.json
    is_toast = heard.is_ok and answer.get("statusCode") == 200 and answer.get("type") == TOAST
    return str(answer.get("value") or "") if is_toast else ""


def answered_task(heard: Heard) -> Task:
    """What becomes of a dialog."""
    if not heard.is_ok:
        return Task(trouble=f"status {heard.status}")
    task = heard.json.get("task")
    if task is None:
        return Task() if not heard.body or heard.json or heard.body.strip() == "{}" else Task(trouble="no JSON")
    match task:
        case {"type": "message", "value": str(words)} if words:
            return Task(message=words)
        case {"type": "continue", "value": {"card": {"contentType": str(kind), "content": content}, **more}}:
            card = without_nulls(content)
            problems = card_trouble(card, in_dialog=True) if kind == ADAPTIVE else [f"contentType {kind!r}"]
            if problems or not isinstance(card, dict):
                return Task(trouble="; ".join(problems))
            return Task(title=str(more.get("title") or ""), card=card)
        case _:
            return Task(trouble="neither a card nor a message")
