"""What a bot posts: whether Teams takes it, what of it no well-behaved bot does, and the message it becomes."""

import html
import json
import re
from collections.abc import Iterator, Sequence

from tests.support.teams_double.calls import SaysNo
from tests.support.teams_double.cards import card_manners, card_trouble, live_inputs
from tests.support.teams_double.markdown import read_markdown
from tests.support.teams_double.parts import ADAPTIVE, elements_of
from tests.support.teams_double.world import Conversation, Fields, Message, Realm, World

SIZE_MOST = 40 * 1024  # bytes, counted as UTF-16
OTHER_CARDS = frozenset({
    "application/vnd.microsoft.card.hero", "application/vnd.microsoft.card.thumbnail",
    "application/vnd.microsoft.card.signin", "application/vnd.microsoft.teams.card.list",
})  # fmt: skip
FORMATS = frozenset({"plain", "markdown", "xml"})
EVERYBODY = frozenset({"everyone", "channel", "team", "all"})
_AT = re.compile(r"<at>.*?</at>", re.DOTALL)


def composed(world: World, realm: Realm, conversation: Conversation, activity: Fields) -> Message:
    """The message that an activity describes, without an id. Raises: SaysNo."""
    fits(activity)
    if activity.get("type") != "message":
        raise SaysNo(400, "BadSyntax", f"Unknown activity type {activity.get('type')!r}")
    text, cards = _text(activity), list(_cards(activity))
    if not text and not activity.get("attachments"):
        raise SaysNo(400, "BadSyntax", "Activity resulted into multiple skype activities or has no content")
    mentions = [each for each in activity.get("entities", []) if each.get("type") == "mention"]
    _check_mentions(text, mentions)
    world.complain(*_manners(activity, text, cards))
    named = [*mentions, *(each for card in cards for each in _card_mentions(card))]
    world.complain(*_mention_manners(realm, conversation, text, named))
    return Message(
        "",
        author=world.bot_id,
        text=text,
        cards=cards,
        summary=str(activity.get("summary") or ""),
        text_format=str(activity.get("textFormat") or "markdown"),
        entities=mentions,
    )


def replaced(world: World, message: Message, new: Message) -> None:
    """An update: what stood there is gone, also what only somebody saw."""
    if message.typed is not None:
        world.complain(*filter(None, (_left_open(card, message.typed) for card in new.cards)))
    message.text, message.cards, message.summary = new.text, new.cards, new.summary
    message.text_format, message.entities = new.text_format, new.entities
    message.only_for, message.typed, message.is_edited = {}, None, True


def answered(world: World, card: Fields, typed: dict[str, str]) -> None:
    """Looks at a card with which a press was answered."""
    world.complain(*card_manners(card), *filter(None, [_left_open(card, typed)]))


def fits(body: Fields) -> None:
    """Refuses what is too big. Raises: SaysNo."""
    size = len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le", "surrogatepass"))
    if size > SIZE_MOST:
        raise SaysNo(413, "MessageSizeTooBig", f"Message size too large: {size} bytes.")


def _left_open(card: Fields, typed: dict[str, str]) -> str:
    left = live_inputs(card, typed)
    return f"a card that was sent still asks: {', '.join(left)}" if left else ""


def _text(activity: Fields) -> str:
    if activity.get("textFormat", "markdown") not in FORMATS:
        raise SaysNo(400, "BadSyntax", f"unknown textFormat {activity['textFormat']!r}")
    return str(activity.get("text", ""))


def _cards(activity: Fields) -> Iterator[Fields]:
    for each in activity.get("attachments", []):
        kind = each.get("contentType")
        if kind == ADAPTIVE:
            problems = card_trouble(each.get("content"))
            if problems:
                raise SaysNo(400, "BadSyntax", f"Invalid card: {'; '.join(problems)}")
            yield each["content"]
        elif kind not in OTHER_CARDS and not str(kind).startswith("image/"):
            raise SaysNo(400, "BadSyntax", f"Unknown attachment type {kind!r}")


def _check_mentions(text: str, mentions: Sequence[Fields]) -> None:
    for each in mentions:
        if not each.get("mentioned", {}).get("id"):
            raise SaysNo(400, "BadSyntax", "A mention says nobody's id")
        if not each.get("text") or str(each["text"]) not in text:
            raise SaysNo(400, "BadSyntax", "Mention entity does not match text")


def _card_mentions(card: Fields) -> list[Fields]:
    entities = (card.get("msteams") or {}).get("entities") or []
    shown = json.dumps(list(elements_of(card)), ensure_ascii=False)
    for each in entities:
        wanted = json.dumps(str(each.get("text", "")), ensure_ascii=False)[1:-1]
        if not wanted or wanted not in shown:
            raise SaysNo(400, "BadSyntax", "Mention entity of a card does not match its text")
        if not each.get("mentioned", {}).get("id"):
            raise SaysNo(400, "BadSyntax", "A mention says nobody's id")
    return entities


def _manners(activity: Fields, text: str, cards: Sequence[Fields]) -> Iterator[str]:
    if cards and not text.strip() and not str(activity.get("summary") or "").strip():
        yield "a message has a card and neither summary nor text: nothing to notify with"
    if len(cards) > 1:
        yield "a message has several cards, of which some clients show one"
    for card in cards:
        yield from card_manners(card)
    if activity.get("from", {}).get("id", "").startswith("29:"):
        yield "a message is said to be from a person"


def _mention_manners(realm: Realm, where: Conversation, text: str, mentions: Sequence[Fields]) -> Iterator[str]:
    named = {str(each.get("text")) for each in mentions}
    for found in _AT.findall(text):
        if found not in named:
            yield f"{html.unescape(found)} is shown as it stands: no entity says who that is"
    known = realm.members_of(where)
    for each in mentions:
        mentioned = each["mentioned"]
        words = "".join(piece.words for piece in read_markdown(str(each["text"])))
        by_id = {*realm.users, *(user.aad_object_id for user in realm.users.values() if user.aad_object_id)}
        if (
            words.lower() in EVERYBODY
            or mentioned.get("type") in {"channel", "team", "tag"}
            or mentioned["id"] in realm.conversations
            or mentioned["id"] in realm.teams
        ):
            yield f"a message calls everybody: {words}"
        elif mentioned["id"] not in by_id:
            yield f"a message mentions somebody unknown: {words}"
        elif mentioned["id"] in realm.users and mentioned["id"] not in known:
            yield f"a message mentions somebody who is not there: {words}"
