"""One call of the connector: what every operation needs to answer it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.support.teams_double.shapes import misshapen, without_nulls
from tests.support.teams_double.world import SEPARATOR, Conversation, Fields, Message, Realm, TeamRoom, World


class SaysNo(Exception):
    """A status with a code of the connector's."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Called:
    """A call that was made, for a test to look at."""

    method: str
    conversation: str
    body: Fields
    outcome: str
    """`ok`, a code, or what went wrong on purpose."""
    path: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what is said with it."""

    status: int = 200
    body: Fields | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose token was found good."""

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Fields = field(default_factory=dict)

    @property
    def is_targeted(self) -> bool:
        """Whether it is about a message that one person alone sees."""
        return self.query.get("isTargetedActivity") == "true"

    def place(self) -> tuple[Realm, Conversation, str]:
        """The conversation that is meant, and the message whose thread it is or ''. Raises: SaysNo."""
        named, _, thread = self.path["conversation"].partition(SEPARATOR)
        realm = self.realm(lambda each: named in each.conversations)
        conversation = realm.conversations[named]
        if thread and thread not in conversation.begun:
            raise SaysNo(404, "ConversationNotFound", "The conversation wasn't found.")
        return realm, conversation, thread

    def team(self) -> tuple[Realm, TeamRoom]:
        """The team that is meant, where the app is in it. Raises: SaysNo."""
        named = self.path["team"]
        realm = self.realm(lambda each: named in each.teams)
        team = realm.teams[named]
        if not team.has_app:
            raise SaysNo(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        return realm, team

    def realm(self, knows: Callable[[Realm], bool]) -> Realm:
        """The tenant of the address, else the one that the body names, else the only one that knows what is meant."""
        wanted = self.path.get("tenant") or tenant_of(self.body)
        found = [each for each in self.world.realms.values() if wanted in {"", each.id} and knows(each)]
        if not found:
            raise SaysNo(404, "ConversationNotFound", "The conversation wasn't found.")
        if len(found) > 1:
            raise SaysNo(400, "BadSyntax", f"the same id is known in {len(found)} tenants: use their serviceUrl")
        return found[0]

    def own_message(self, conversation: Conversation) -> Message:
        """The bot's message that is meant. Raises: SaysNo."""
        message = conversation.at(self.path["activity"])
        if message is None or bool(message.seen_by) != self.is_targeted:
            raise SaysNo(404, "ActivityNotFoundInConversation", "The activity wasn't found in the conversation.")
        if message.author != self.world.bot_id:
            raise SaysNo(403, "ForbiddenOperationException", "Only own messages can be changed.")
        return message

    def may_write(self, realm: Realm, conversation: Conversation) -> None:
        """Refuses where the app was not added, or is not wanted. Raises: SaysNo."""
        may_be_there(realm, conversation)
        if conversation.kind == "personal":
            (user_id,) = conversation.members
            may_reach(realm, user_id)


def tenant_of(body: Fields) -> str:
    """The tenant that a body names, in one of the places where it may stand."""
    in_data = body.get("channelData", {}).get("tenant", {}).get("id", "")
    return str(in_data or body.get("conversation", {}).get("tenantId", "") or body.get("tenantId", ""))


def body_of(raw: bytes) -> Fields:
    """The JSON of a request; what is null counts as missing. Raises: SaysNo."""
    try:
        body = without_nulls(json.loads(raw or b"{}"))
    except ValueError:
        raise SaysNo(400, "BadSyntax", "Bad format of the request's JSON") from None
    if not isinstance(body, dict):
        raise SaysNo(400, "BadSyntax", "The request's JSON is no object")
    problems = list(misshapen(body))
    if problems:
        raise SaysNo(400, "BadSyntax", f"Invalid properties: {'; '.join(problems)}")
    return body


def first_named(body: Fields) -> str:
    """Whom or what a conversation that is to be created is with: a channel or a person."""
    match body:
        case {"channelData": {"channel": {"id": str(channel_id)}}}:
            return channel_id
        case {"members": [{"id": str(user_id)}, *_]}:
            return user_id
        case _:
            return ""


def may_reach(realm: Realm, user_id: str) -> None:
    """Refuses where somebody can't be written to. Raises: SaysNo."""
    user = realm.users.get(user_id)
    if user is None or not realm.is_reached(user_id):
        raise SaysNo(403, "ForbiddenOperationException", "The bot is not installed in user's personal scope.")
    if user.has_blocked:
        raise SaysNo(403, "MessageWritesBlocked", "Thread is blocked from message writes.")


def may_be_there(realm: Realm, conversation: Conversation) -> None:
    """Refuses where the app is no member. Raises: SaysNo."""
    if realm.is_app_disabled:
        raise SaysNo(403, "BotDisabledByAdmin", "The tenant admin disabled this bot.")
    team = realm.teams.get(conversation.team_id)
    is_there = team.has_app if team is not None else conversation.has_app
    if not is_there:
        raise SaysNo(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
