"""Somebody in a tenant: what they do reaches the bot as Teams would bring it, and what they see can be read."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.support.teams_double import payloads
from tests.support.teams_double.cards import card_manners, live_inputs
from tests.support.teams_double.courier import Courier, Heard
from tests.support.teams_double.entries import enter, entered, unready
from tests.support.teams_double.parts import inputs_of
from tests.support.teams_double.posting import answered
from tests.support.teams_double.pressing import (
    THEME,
    answered_card,
    answered_task,
    answered_toast,
    executed,
    on_old_client,
    pressed,
    values_sent,
)
from tests.support.teams_double.reading import SeenDialog, SeenMessage, dialog_seen, message_seen
from tests.support.teams_double.spelling import mentions_bot, spelled
from tests.support.teams_double.world import Conversation, Dialog, Fields, Message, Realm, User, World

TROUBLE = "Unable to reach app. Please try again."
"""What Teams says of a press or a form whose answer it could not use."""
NOT_SENT = "Teams itself asks for more"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who acts."""

    world: World
    realm: Realm
    user: User
    courier: Courier

    @property
    def id(self) -> str:
        """Their id."""
        return self.user.id

    @property
    def chat(self) -> Conversation:
        """Their personal chat with the bot."""
        return self.realm.personal(self.id, self.world.app_id)

    @property
    def dialog(self) -> SeenDialog | None:
        """The dialog on their screen."""
        found = self.realm.dialogs.get(self.id)
        return None if found is None else dialog_seen(found)

    @property
    def notices(self) -> list[str]:
        """What their client showed for a moment, oldest first: toasts, the last words of a dialog, troubles."""
        return self.realm.notices.setdefault(self.id, [])

    def sees(self, where: str = "") -> list[SeenMessage]:
        """What stands in a conversation ('' for the personal chat), oldest first; nothing where they are no members."""
        conversation = self.chat if not where else self.realm.conversations.get(where)
        if conversation is None or self.id not in self.realm.members_of(conversation):
            return []
        shown = [each for each in conversation.messages if each.seen_by in {"", self.id}]
        return [message_seen(self.realm, conversation, each, by=self.id) for each in shown]

    def reloads(self) -> None:
        """Comes back to Teams later: cards that were only an answer to a press are gone."""
        for conversation in self.realm.conversations.values():
            for message in conversation.messages:
                message.only_for.pop(self.id, None)
        self.realm.dialogs.pop(self.id, None)

    async def says(self, text: str, where: str = "", *, thread: str = "") -> Heard | None:
        """Writes a line ('' for the personal chat); None where the bot is not told of it."""
        conversation = self._place(where)
        spoken, entities = spelled(self.world, self.realm, conversation, text)
        message = Message(self.world.message_id(), self.id, spoken, text_format="plain", entities=entities)
        conversation.add(message, thread=thread)
        return await self._tell("message", conversation, message, entities)

    async def mentions(self, where: str, text: str, *, thread: str = "") -> Heard | None:
        """Writes a line to the bot by its name."""
        return await self.says(f"@{self.world.bot_name} {text}", where, thread=thread)

    async def commands(self, where: str, text: str) -> Heard | None:
        """Chooses the bot behind a slash in a channel or group and writes a line, which nobody else sees."""
        conversation = self._place(where)
        message = Message(self.world.message_id(), self.id, text, text_format="plain", seen_by=self.id)
        conversation.add(message)
        return await self._tell("message", conversation, message, [])

    async def edits(self, seen: SeenMessage, text: str) -> Heard | None:
        """Changes what they wrote."""
        conversation, message = self._own(seen)
        before = message.entities
        message.text, message.entities = spelled(self.world, self.realm, conversation, text)
        message.is_edited = True
        return await self._tell("messageUpdate", conversation, message, [*before, *message.entities])

    async def deletes(self, seen: SeenMessage) -> Heard | None:
        """Takes back what they wrote."""
        conversation, message = self._own(seen)
        conversation.messages.remove(message)
        return await self._tell("messageDelete", conversation, message, message.entities)

    async def undeletes(self, seen: SeenMessage) -> Heard | None:
        """Brings back what they took back."""
        seen.conversation.messages.append(seen.message)
        return await self._tell("messageUpdate", seen.conversation, seen.message, seen.message.entities)

    async def presses(
        self, seen: SeenMessage, label: str, values: Mapping[str, str] | None = None, *, on_old: bool = False
    ) -> Heard:
        """Presses a button by its words, as they saw it, also if the message was changed since.

        `values` are entered before; `on_old` is a client that does not know Action.Execute.
        """
        conversation, message = self._standing(seen)
        card, action = pressed(seen.cards, label)
        typed: dict[str, str] = {}
        enter(card, typed, values or {})
        if on_old:
            action = on_old_client(action)
        problems = {} if action.get("associatedInputs") == "none" else unready(card, typed)
        if problems:
            return Heard(0, NOT_SENT, errors=problems)
        match action["type"]:
            case "Action.Execute":
                return await self._executes(conversation, message, card, executed(card, action, typed), typed=typed)
            case "Action.Submit":
                return await self._sends(conversation, message, card, values_sent(card, action, typed), typed=typed)
            case kind:
                raise LookupError(f"no bot hears of {kind} {label!r}")

    async def refreshes(self, seen: SeenMessage) -> Heard | None:
        """Their client asks for the card as they should see it; None where the card does not want that."""
        conversation, message = self._standing(seen)
        (card,) = seen.cards
        refresh = card.get("refresh")
        if not refresh or (refresh.get("userIds") and self.id not in refresh["userIds"]):
            return None
        value = executed(card, refresh["action"], {}, trigger="automatic")
        return await self._executes(conversation, message, card, value, typed={})

    async def submits(
        self, seen: SeenDialog, values: Mapping[str, str], *, label: str = "", by_hand: bool = False
    ) -> Heard:
        """Fills in the dialog and sends it, by its first button or another; `by_hand` leaves out Teams' own checks."""
        dialog = seen.dialog
        if self.realm.dialogs.get(self.id) is not dialog:
            raise LookupError(f"the dialog {seen.title!r} is not on {self.user.name}'s screen")
        enter(dialog.card, dialog.typed, values)
        card, action = pressed([dialog.card], label or next(iter(seen.labels), ""))
        if action["type"] != "Action.Submit":
            raise LookupError(f"{action.get('title')!r} sends nothing, it is {action['type']}")
        asks = not by_hand and action.get("associatedInputs") != "none"
        problems = unready(card, dialog.typed) if asks else {}
        if problems:
            dialog.errors = problems
            return Heard(0, NOT_SENT, errors=problems)
        where = self.realm.conversations[dialog.conversation_id]
        told = payloads.invoke(
            self.world, self.realm, self.user, where=where, name="task/submit", thread=dialog.thread
        ) | {"value": {"data": values_sent(card, action, dialog.typed), "context": THEME}}
        heard = await self.courier.bring(told | {"replyToId": dialog.message_id})
        return self._takes(heard, dialog)

    def closes(self) -> None:
        """Closes the dialog; the bot does not hear of it."""
        del self.realm.dialogs[self.id]

    async def installs(self, where: str = "") -> list[Heard]:
        """Adds the app: for themselves, or in a team or group chat; what the bot answers to each of the two notes."""
        return [await self.courier.bring(each) for each in self.installation(where)]

    def installation(self, where: str = "") -> tuple[Fields, Fields]:
        """The two notes of an installation, which then is there."""
        conversation = self._place(where)
        self._has_app(conversation, has_it=True)
        kinds = (("installationUpdate", "add"), ("conversationUpdate", "membersAdded"))
        first, second = (self._note(conversation, kind, what) for kind, what in kinds)
        return first, second

    async def upgrades(self, where: str = "") -> Heard:
        """Takes a newer version of the app."""
        return await self.courier.bring(self._note(self._place(where), "installationUpdate", "add-upgrade"))

    async def uninstalls(self, where: str = "") -> list[Heard]:
        """Takes the app away again."""
        conversation = self._place(where)
        self._has_app(conversation, has_it=False)
        heard = [await self.courier.bring(self._note(conversation, "installationUpdate", "remove"))]
        if conversation.kind != "personal":
            heard.append(await self.courier.bring(self._note(conversation, "conversationUpdate", "membersRemoved")))
        return heard

    def blocks(self) -> None:
        """Wants nothing of the bot any more; it does not hear of it."""
        self.user.has_blocked = True

    def unblocks(self) -> None:
        """Takes messages again."""
        self.user.has_blocked = False

    def _place(self, where: str) -> Conversation:
        conversation = self.realm.conversations[where] if where else self.chat
        if self.id not in self.realm.members_of(conversation):
            raise LookupError(f"{self.user.name} is not in {conversation.name or conversation.id}")
        return conversation

    def _standing(self, seen: SeenMessage) -> tuple[Conversation, Message]:
        message = seen.conversation.at(seen.id)
        if message is None:
            raise LookupError(f"{self.user.name} does not see that message any more")
        return seen.conversation, message

    def _own(self, seen: SeenMessage) -> tuple[Conversation, Message]:
        conversation, message = self._standing(seen)
        if message.author != self.id:
            raise LookupError(f"{self.user.name} did not write that message")
        return conversation, message

    async def _tell(self, kind: str, where: Conversation, message: Message, named: list[Fields]) -> Heard | None:
        """Tells the bot of a line, where it is in the conversation and meant by it."""
        team = self.realm.teams.get(where.team_id)
        is_there = where.kind == "personal" or (team.has_app if team is not None else where.has_app)
        is_for_bot = where.kind == "personal" or message.seen_by or mentions_bot(self.world, named)
        if not is_there or not is_for_bot:
            return None
        told = payloads.activity(
            self.world, self.realm, self.user, where=where, kind=kind, thread=message.thread, message_id=message.id
        )
        if message.seen_by:
            told["recipient"] |= {"isTargeted": True}
        if kind == "messageDelete":
            told["channelData"]["eventType"] = "softDeleteMessage"
            return await self.courier.bring(told)
        shown = {"contentType": "text/html", "content": f"<p>{html.escape(message.text.strip(), quote=False)}</p>"}
        told |= {"text": message.text, "textFormat": "plain", "attachments": [shown]}
        told["entities"] = [*message.entities, *told["entities"]]
        if kind == "messageUpdate":
            told["channelData"]["eventType"] = "editMessage" if message.is_edited else "undeleteMessage"
        return await self.courier.bring(told)

    async def _executes(
        self, where: Conversation, message: Message, card: Fields, value: Fields, *, typed: dict[str, str]
    ) -> Heard:
        told = payloads.invoke(
            self.world, self.realm, self.user, where=where, name="adaptiveCard/action", thread=message.thread
        )
        heard = await self.courier.bring(told | {"value": value, "replyToId": message.id})
        new, toast = answered_card(heard), answered_toast(heard)
        if new is not None:
            answered(self.world, new, entered(card, typed))
            message.only_for[self.id] = new
            return heard
        self.notices.append(toast or TROUBLE)
        return replace(heard, toast=toast or TROUBLE)

    async def _sends(
        self, where: Conversation, message: Message, card: Fields, value: Fields, *, typed: dict[str, str]
    ) -> Heard:
        """An Action.Submit: it opens a dialog, or is a message that carries what was entered."""
        teams = value.get("msteams") or {}
        if teams.get("type") == "task/fetch":
            told = payloads.invoke(
                self.world, self.realm, self.user, where=where, name="task/fetch", thread=message.thread
            ) | {"value": {"data": value, "context": THEME}, "replyToId": message.id}
            origin = Dialog("", {}, where.id, message.id, message.thread)
            return self._takes(await self.courier.bring(told), origin)
        told = payloads.activity(
            self.world, self.realm, self.user, where=where, kind="message", thread=message.thread
        ) | {"value": value, "replyToId": message.id}
        told["channelData"] |= {"source": {"name": "message"}, "legacy": {"replyToId": message.id}}
        if teams.get("type") in {"messageBack", "imBack"}:
            told |= {"text": str(teams.get("text") or teams.get("value") or ""), "textFormat": "plain"}
        # The bot may replace the card before it answers: what was sent is noted first.
        message.typed = entered(card, typed) if inputs_of(card) else None
        heard = await self.courier.bring(told)
        if not heard.is_ok:
            message.typed = None
        return heard

    def _takes(self, heard: Heard, before: Dialog) -> Heard:
        """What the answer to task/fetch or task/submit changes on the screen."""
        task = answered_task(heard)
        if task.trouble:
            before.errors = {"": TROUBLE}
            self.notices.append(TROUBLE)
            if heard.is_ok:
                self.world.complain(f"a dialog that Teams can't show: {task.trouble}")
            return replace(heard, toast=TROUBLE, errors=dict(before.errors))
        if task.card is None:
            self.realm.dialogs.pop(self.id, None)
            if task.message:
                self.notices.append(task.message)
            return replace(heard, toast=task.message)
        if not task.title:
            self.world.complain("a dialog has no title")
        no_fallback_needed = "a card has no fallbackText"
        self.world.complain(*(each for each in card_manners(task.card) if each != no_fallback_needed))
        is_same = task.title == before.title and inputs_of(task.card).keys() == inputs_of(before.card).keys()
        lost = live_inputs(task.card, entered(before.card, before.typed)) if is_same else []
        if lost:
            self.world.complain(f"a dialog came back without what was typed: {', '.join(lost)}")
        new = Dialog(task.title, task.card, before.conversation_id, before.message_id, before.thread)
        self.realm.dialogs[self.id] = new
        return heard

    def _has_app(self, conversation: Conversation, *, has_it: bool) -> None:
        if conversation.kind == "personal":
            self.user.has_app = has_it
        elif conversation.team_id:
            self.realm.teams[conversation.team_id].has_app = has_it
        else:
            conversation.has_app = has_it

    def _note(self, where: Conversation, kind: str, what: str) -> Fields:
        """One of the two notes of an installation."""
        told = payloads.event(self.world, self.realm, self.user, where=where, kind=kind)
        team = self.realm.teams.get(where.team_id)
        if team is not None:
            event_type = {"membersAdded": "teamMemberAdded", "membersRemoved": "teamMemberRemoved"}.get(what, "")
            told["conversation"] = payloads.conversation_fields(self.realm, self.realm.conversations[team.id])
            told["channelData"] = payloads.team_data(self.realm, team, event_type)
            if not event_type:
                del told["channelData"]["eventType"]
                told["channelData"]["settings"] = {"selectedChannel": {"id": where.id}}
        if kind == "installationUpdate":
            return told | {"action": what}
        joined = [payloads.bot_account(self.world)]
        if where.kind == "personal":
            joined.append(payloads.account(self.user))
        return told | {what: joined}
