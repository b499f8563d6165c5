"""Somebody in a workspace: what they do reaches the app as Slack would bring it, and what they see can be read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from adapters.slack.api import Fields
from tests.support.slack_double import hooks, payloads
from tests.support.slack_double.blocks import view_trouble
from tests.support.slack_double.courier import Courier, Heard
from tests.support.slack_double.entries import enter, inputs_of, unready
from tests.support.slack_double.reading import SeenMessage, SeenView, elements_of, message_seen, view_seen
from tests.support.slack_double.spelling import spelled
from tests.support.slack_double.views import replace_view, with_block_ids
from tests.support.slack_double.world import Channel, Hook, Message, User, View, Workspace, World

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack says of a form whose answer it could not use."""
NOT_SENT = "Slack itself asks for more"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who acts."""

    world: World
    workspace: Workspace
    user: User
    courier: Courier
    subscribed: frozenset[str]

    @property
    def id(self) -> str:
        """Their id."""
        return self.user.id

    @property
    def direct(self) -> str:
        """The channel of their direct messages with the bot."""
        return self.workspace.direct(self.id).id

    async def says(self, channel_id: str, text: str, *, thread: str = "") -> Heard | None:
        """Writes a line ('' for the direct messages with the bot); None where the app is not told of it."""
        channel = self._channel(channel_id or self.direct)
        spoken = spelled(self.workspace, text)
        message = Message(self.world.ts(), self.id, spoken, thread_ts=thread)
        channel.messages.append(message)
        is_meant = f"<@{self.workspace.bot_user_id}>" in spoken and self.workspace.bot_user_id in channel.members
        told = None
        if f"message.{channel.kind}" in self.subscribed:
            told = await self._tell(channel, message, {"type": "message", "channel_type": channel.kind})
        if is_meant and not channel.direct_with and "app_mention" in self.subscribed:
            told = await self._tell(channel, message, {"type": "app_mention"})
        return told

    async def edits(self, seen: SeenMessage, text: str) -> Heard:
        """Changes a line of theirs in the direct messages."""
        message = self._own(seen)
        before = payloads.message_fields(self.workspace, message)
        message.text, message.edited_ts = spelled(self.workspace, text), self.world.ts()
        after = payloads.message_fields(self.workspace, message)
        both = {"message": after, "previous_message": before}
        return await self._rewrites("message_changed", message.edited_ts, both)

    async def deletes(self, seen: SeenMessage) -> Heard:
        """Takes a line of theirs in the direct messages away."""
        message = self._own(seen)
        self._channel(self.direct).messages.remove(message)
        before = payloads.message_fields(self.workspace, message)
        return await self._rewrites("message_deleted", self.world.ts(), {"previous_message": before})

    async def unfurls(self, seen: SeenMessage) -> Heard:
        """Slack shows what stands behind a link in a line of theirs, and says that the line was changed."""
        now = payloads.message_fields(self.workspace, self._own(seen))
        shown = now | {"attachments": [{"from_url": "https://example.org", "title": "Example"}]}
        return await self._rewrites("message_changed", self.world.ts(), {"message": shown, "previous_message": now})

    def _own(self, seen: SeenMessage) -> Message:
        (message,) = (each for each in self._channel(self.direct).messages if each.ts == seen.ts)
        if message.author != self.id:
            raise LookupError(f"{self.user.name} did not write that message")
        return message

    async def _rewrites(self, subtype: str, ts: str, what: Fields) -> Heard:
        where: Fields = {"channel": self.direct, "channel_type": "im", "hidden": True, "ts": ts, "event_ts": ts}
        told: Fields = {"type": "message", "subtype": subtype}
        return await self.courier.bring("events_api", payloads.event(self.world, self.workspace, told | where | what))

    async def mentions(self, channel_id: str, text: str, *, thread: str = "") -> Heard | None:
        """Writes a line to the bot by its name."""
        bot = self.workspace.users[self.workspace.bot_user_id]
        return await self.says(channel_id, f"@{bot.name} {text}", thread=thread)

    async def commands(self, name: str, text: str, channel_id: str = "") -> Heard:
        """Types a slash command; what comes back in the same breath is shown to them."""
        channel = self._channel(channel_id or self.direct)
        words = spelled(self.workspace, text, with_names=True)
        fields = payloads.command(self.world, self.workspace, self.user, channel=channel, name=name, text=words)
        heard = await self.courier.bring("slash_commands", fields)
        self._shows_answer(channel, name, heard)
        return heard

    async def presses(self, seen: SeenMessage | SeenView, label: str) -> Heard:
        """Presses a button by its words."""
        element = _button(seen, label)
        if isinstance(seen, SeenView):
            where = payloads.on_view(self.world, self.workspace, self.user, view=seen.view)
        else:
            channel, message = self._standing(seen)
            where = payloads.on_message(self.world, self.workspace, self.user, channel=channel, message=message)
        pressed = payloads.press(self.world, self.workspace, self.user, element=element, where=where)
        return await self.courier.bring("interactive", pressed)

    async def submits(self, seen: SeenView, values: Mapping[str, str], *, by_hand: bool = False) -> Heard:
        """Fills in the form on their screen and sends it; `by_hand` leaves out what Slack itself checks."""
        stack = self.workspace.modals.get(self.id, [])
        if seen.view not in stack:
            raise LookupError(f"the form {seen.title!r} is not on {self.user.name}'s screen")
        for block_id, value in values.items():
            enter(seen.view, block_id, value)
        problems = {} if by_hand else unready(seen.view)
        if problems:
            seen.view.errors = problems
            return Heard(0, NOT_SENT, errors=problems)
        payload = payloads.submission(self.world, self.workspace, self.user, view=seen.view)
        heard = await self.courier.bring("interactive", payload)
        self._takes(seen.view, heard)
        return replace(heard, errors=dict(seen.view.errors))

    async def closes(self) -> Heard | None:
        """Closes the form on top; the app hears of it when it asked to."""
        view = self.workspace.modals[self.id].pop()
        if not view.given.get("notify_on_close"):
            return None
        payload = payloads.closing(self.world, self.workspace, self.user, view=view)
        return await self.courier.bring("interactive", payload)

    async def opens_home(self, *, tab: str = "home") -> Heard:
        """Opens the app's Home."""
        what: Fields = {"type": "app_home_opened", "user": self.id, "channel": self.direct, "tab": tab}
        home = self.workspace.homes.get(self.id)
        if home is not None:
            what["view"] = payloads.view_fields(self.world, self.workspace, home)
        return await self.courier.bring("events_api", payloads.event(self.world, self.workspace, what))

    async def shortcut(self, callback_id: str, seen: SeenMessage | None = None) -> Heard:
        """Chooses a shortcut: on a message, or from anywhere."""
        on = None if seen is None else self._standing(seen)
        payload = payloads.shortcut(self.world, self.workspace, self.user, name=callback_id, on=on)
        return await self.courier.bring("interactive", payload)

    def sees(self, channel_id: str = "") -> list[SeenMessage]:
        """What stands in a channel and its threads for them, oldest first; nothing where they are no members."""
        channel = self.workspace.channels.get(channel_id or self.direct)
        if channel is None or self.id not in channel.members:
            return []
        mine = [each for each in channel.messages if each.only_for in {"", self.id}]
        return [message_seen(self.workspace, channel, each) for each in sorted(mine, key=lambda each: float(each.ts))]

    @property
    def modal(self) -> SeenView | None:
        """The form on top of their screen."""
        stack = self.workspace.modals.get(self.id)
        return view_seen(stack[-1]) if stack else None

    @property
    def home(self) -> SeenView | None:
        """Their Home."""
        home = self.workspace.homes.get(self.id)
        return None if home is None else view_seen(home)

    def _channel(self, channel_id: str) -> Channel:
        channel = self.workspace.channels[channel_id]
        if self.id not in channel.members:
            raise LookupError(f"{self.user.name} is not in {channel.name}")
        return channel

    def _standing(self, seen: SeenMessage) -> tuple[Channel, Message]:
        message = seen.channel.at(seen.ts)
        if message is None or message.only_for not in {"", self.id}:
            raise LookupError(f"{self.user.name} does not see that message (any more)")
        return seen.channel, message

    async def _tell(self, channel: Channel, message: Message, what: Fields) -> Heard:
        block = {"type": "rich_text_section", "elements": [{"type": "text", "text": message.text}]}
        told: Fields = {
            "user": self.id,
            "text": message.text,
            "ts": message.ts,
            "event_ts": message.ts,
            "channel": channel.id,
            "team": payloads.home_of(self.workspace, self.user),
            "client_msg_id": f"client-{self.world.number()}",
            "blocks": [{"type": "rich_text", "block_id": "typed", "elements": [block]}],
        }
        if message.thread_ts:
            told["thread_ts"] = message.thread_ts
        if self.user.is_stranger:
            told |= {"user_team": payloads.ELSEWHERE, "source_team": payloads.ELSEWHERE}
        event = payloads.event(self.world, self.workspace, told | what)
        return await self.courier.bring("events_api", event | {"is_ext_shared_channel": self.user.is_stranger})

    def _shows_answer(self, channel: Channel, name: str, heard: Heard) -> None:
        given: Fields = heard.json or {"text": heard.body}
        if not heard.is_ok:
            why = "operation_timeout" if heard.status == 0 else "dispatch_failed"
            text = f"{name} failed with the error “{why}”"
            channel.messages.append(Message(self.world.ts(), "USLACKBOT", text, only_for=self.id))
            return
        if not heard.body:
            return
        hook = Hook(self.workspace.id, channel.id, self.id, self.world.now())
        trouble = hooks.show(self.world, hook, given)
        if trouble and trouble != "no_text":
            text = f"{name} failed with the error “{trouble}”"
            channel.messages.append(Message(self.world.ts(), "USLACKBOT", text, only_for=self.id))

    def _takes(self, view: View, heard: Heard) -> None:
        """What an answer to a form changes on the screen."""
        stack = self.workspace.modals.get(self.id, [])
        answer = heard.json
        view.errors = {}
        match answer.get("response_action") if heard.is_ok else "trouble":
            case None if not heard.body or answer:
                if view in stack:
                    stack.remove(view)
            case "clear":
                stack.clear()
            case "errors" if answer.get("errors") and set(answer["errors"]) <= set(inputs_of(view)):
                view.errors = dict(answer["errors"])
            case "update" | "push" if not view_trouble(answer.get("view", {})):
                self._changes(stack, view, answer)
            case _:
                view.errors = {"": TROUBLE}

    def _changes(self, stack: list[View], view: View, answer: Fields) -> None:
        given = with_block_ids(self.world, answer["view"])
        if answer["response_action"] == "push":
            stack.append(self.world.new_view(given))
        else:
            replace_view(self.world, view, given)


def _button(seen: SeenMessage | SeenView, label: str) -> Fields:
    blocks = seen.view.given.get("blocks", []) if isinstance(seen, SeenView) else seen.message.blocks
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") == "button" and element["text"]["text"] == label:
                return element | {"block_id": block["block_id"]}
    raise LookupError(f"no button {label!r}, only {list(seen.labels)}")
