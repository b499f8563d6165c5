"""The connector's operations: conversations are begun, messages posted, changed and taken away, members listed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias
from uuid import NAMESPACE_URL, uuid5

from tests.support.teams_double import payloads
from tests.support.teams_double.calls import Answer, Call, SaysNo, may_be_there, may_reach, tenant_of
from tests.support.teams_double.posting import composed, fits, replaced
from tests.support.teams_double.world import PAGE, PAGE_MOST, SEPARATOR, Conversation, Fields, Message, Realm

UNSEEN = frozenset({"typing", "invokeResponse", "trace", "event"})


def create(call: Call) -> Answer:
    """POST /v3/conversations: somebody's chat, a thread in a channel, or a group chat."""
    channel_id = call.body.get("channelData", {}).get("channel", {}).get("id", "")
    if channel_id:
        return _thread(call, channel_id)
    named = [str(each.get("id", "")) for each in call.body.get("members", [])]
    if not named or "" in named:
        raise SaysNo(400, "BadSyntax", "Incorrect conversation creation parameters")
    tenant = call.path.get("tenant") or tenant_of(call.body)
    if tenant not in call.world.realms:
        raise SaysNo(400, "BadSyntax", "Incorrect conversation creation parameters: tenantId")
    realm = call.world.realms[tenant]
    people = [_person(realm, each) for each in named]
    conversation = _group(call, realm, people) if call.body.get("isGroup") else _personal(call, realm, people)
    return _begun(call, realm, conversation, "")


def send(call: Call) -> Answer:
    """POST …/activities: a message at the end of a conversation or of a thread."""
    realm, conversation, thread = call.place()
    return _sent(call, realm, conversation, thread)


def reply(call: Call) -> Answer:
    """POST …/activities/{activity}: in a channel this is the thread of that message."""
    realm, conversation, thread = call.place()
    if call.path["activity"].startswith("f:"):  # an invoke is no message that could be answered by id
        return _sent(call, realm, conversation, thread)
    above = conversation.at(call.path["activity"])
    if above is None:
        raise SaysNo(404, "ActivityNotFoundInConversation", "The activity wasn't found in the conversation.")
    return _sent(call, realm, conversation, above.thread or thread)


def update(call: Call) -> Answer:
    """PUT …/activities/{activity}."""
    realm, conversation, _ = call.place()
    call.may_write(realm, conversation)
    message = call.own_message(conversation)
    new = composed(call.world, realm, conversation, call.body)
    replaced(call.world, message, new)
    return Answer(200, {"id": message.id})


def delete(call: Call) -> Answer:
    """DELETE …/activities/{activity}."""
    realm, conversation, _ = call.place()
    call.may_write(realm, conversation)
    conversation.messages.remove(call.own_message(conversation))
    return Answer(200)


def members(call: Call) -> Answer:
    """GET …/pagedmembers: everybody but the bot, a page at a time."""
    realm, conversation, _ = call.place()
    may_be_there(realm, conversation)
    wanted = call.query.get("pageSize", "")
    size = min(PAGE_MOST, max(call.world.page_least, int(wanted) if wanted.isdigit() else PAGE))
    mark = call.query.get("continuationToken", "")
    if mark and not mark.removeprefix("from-").isdigit():
        raise SaysNo(400, "BadSyntax", "Invalid continuation token")
    start = int(mark.removeprefix("from-") or 0)
    everybody = [each for each in realm.users.values() if each.id in realm.members_of(conversation)]
    found: Fields = {"members": [payloads.member_fields(realm, each) for each in everybody[start : start + size]]}
    if start + size < len(everybody):
        found["continuationToken"] = f"from-{start + size}"
    return Answer(200, found)


def member(call: Call) -> Answer:
    """GET …/members/{member}: by either of their ids."""
    realm, conversation, _ = call.place()
    may_be_there(realm, conversation)
    named = call.path["member"]
    for user in realm.users.values():
        if named in {user.id, user.aad_object_id} and user.id in realm.members_of(conversation):
            return Answer(200, payloads.member_fields(realm, user))
    raise SaysNo(404, "MemberNotFoundInConversation", "The member wasn't found in the conversation.")


def team(call: Call) -> Answer:
    """GET /v3/teams/{team}."""
    _, found = call.team()
    counts = {"channelCount": len(found.channel_ids), "memberCount": len(found.members)}
    return Answer(
        200, {"id": found.id, "name": found.name, "aadGroupId": found.aad_group_id, "type": "standard"} | counts
    )


def channels(call: Call) -> Answer:
    """GET /v3/teams/{team}/conversations; the first channel comes without its name."""
    realm, found = call.team()
    names = [(each, realm.conversations[each].name) for each in found.channel_ids]
    return Answer(200, {"conversations": [{"id": i} | ({"name": n} if i != found.id else {}) for i, n in names]})


def _person(realm: Realm, named: str) -> str:
    """Their id; an object id of the directory does too."""
    for user in realm.users.values():
        if named in {user.id, user.aad_object_id}:
            return user.id
    raise SaysNo(403, "ForbiddenOperationException", "The bot is not installed in user's personal scope.")


def _personal(call: Call, realm: Realm, people: list[str]) -> Conversation:
    if len(people) > 1:
        raise SaysNo(400, "BadSyntax", "Incorrect conversation creation parameters: several members and no group")
    if realm.is_app_disabled:
        raise SaysNo(403, "BotDisabledByAdmin", "The tenant admin disabled this bot.")
    may_reach(realm, people[0])
    return realm.personal(people[0], call.world.app_id)


def _group(call: Call, realm: Realm, people: list[str]) -> Conversation:
    if not call.world.may_make_group_chats:
        raise SaysNo(400, "BadSyntax", "Incorrect conversation creation parameters: no new group chats")
    for each in people:
        may_reach(realm, each)
    found_id = f"19:{uuid5(NAMESPACE_URL, f'{realm.id}/{call.world.number()}').hex}@thread.v2"
    conversation = Conversation(found_id, "groupChat", str(call.body.get("topicName") or ""), set(people))
    realm.conversations[found_id] = conversation
    return conversation


def _thread(call: Call, channel_id: str) -> Answer:
    named = replace(call, path={**call.path, "conversation": channel_id})
    realm, conversation, _ = named.place()
    if not call.body.get("isGroup") or not isinstance(call.body.get("activity"), dict):
        raise SaysNo(400, "BadSyntax", "Incorrect conversation creation parameters: a thread begins with a message")
    return _begun(call, realm, conversation, "")


def _begun(call: Call, realm: Realm, conversation: Conversation, thread: str) -> Answer:
    fits(call.body)
    first = call.body.get("activity")
    found: Fields = {"id": conversation.id, "serviceUrl": realm.service_url}
    if isinstance(first, dict):
        message = _posted(replace(call, body=first), realm, conversation, thread)
        found["activityId"] = message.id
        if message.thread:
            found["id"] = f"{conversation.id}{SEPARATOR}{message.thread}"
    return Answer(201, found)


def _sent(call: Call, realm: Realm, conversation: Conversation, thread: str) -> Answer:
    if call.body.get("type") in UNSEEN:
        call.may_write(realm, conversation)
        return Answer(202, {"id": call.world.message_id()})
    return Answer(201, {"id": _posted(call, realm, conversation, thread).id})


def _posted(call: Call, realm: Realm, conversation: Conversation, thread: str) -> Message:
    call.may_write(realm, conversation)
    message = composed(call.world, realm, conversation, call.body)
    message.id = call.world.message_id()
    message.seen_by = _target(call, realm, conversation)
    conversation.add(message, thread=thread)
    return message


def _target(call: Call, realm: Realm, conversation: Conversation) -> str:
    """The one who alone sees a message, '' where everybody does. Raises: SaysNo."""
    if not call.is_targeted:
        return ""
    if not call.world.has_targeted:
        raise SaysNo(400, "BadSyntax", "Targeted messages are not supported here.")
    named = str(call.body.get("recipient", {}).get("id", ""))
    if conversation.kind == "personal" or named not in realm.members_of(conversation):
        raise SaysNo(400, "BadSyntax", "A targeted message is for one member of a channel or group.")
    return named


Operation: TypeAlias = Callable[[Call], Answer]
ROUTES: Mapping[tuple[str, str], tuple[str, Operation]] = {
    ("POST", "/v3/conversations"): ("create", create),
    ("POST", "/v3/conversations/{conversation}/activities"): ("send", send),
    ("POST", "/v3/conversations/{conversation}/activities/{activity}"): ("send", reply),
    ("PUT", "/v3/conversations/{conversation}/activities/{activity}"): ("update", update),
    ("DELETE", "/v3/conversations/{conversation}/activities/{activity}"): ("delete", delete),
    ("GET", "/v3/conversations/{conversation}/pagedmembers"): ("members", members),
    ("GET", "/v3/conversations/{conversation}/members/{member}"): ("member", member),
    ("GET", "/v3/teams/{team}"): ("team", team),
    ("GET", "/v3/teams/{team}/conversations"): ("channels", channels),
}
