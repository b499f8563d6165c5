"""What somebody types, as Teams tells the bot of it: pure."""

import re

from tests.support.teams_double.payloads import mention_of
from tests.support.teams_double.world import Conversation, Fields, Realm, World


def spelled(world: World, realm: Realm, where: Conversation, text: str) -> tuple[str, list[Fields]]:
    """`text` with names as Teams marks them, and who they are in the order in which they stand there.

    `@Ada` is Ada where somebody there is called so: people take a name from the list that opens. In a personal chat
    nobody can be named. Signs of markup stay as they were typed.
    """
    if where.kind == "personal":
        return text, []
    there = [each for each in realm.users.values() if each.id in realm.members_of(where)]
    named = {each.name: each.id for each in there} | {world.bot_name: world.bot_id}
    names = "|".join(re.escape(each) for each in sorted(named, key=len, reverse=True))
    mark = re.compile(rf"(?<![\w@])@({names})(?!\w)( ?)")
    entities = [mention_of(named[found[1]], found[1]) for found in mark.finditer(text)]
    if not entities:
        return text, []
    return mark.sub(lambda found: _marked(world, found), text) + "\n", entities


def _marked(world: World, found: re.Match[str]) -> str:
    gap = "&nbsp;" if found[2] and found[1] == world.bot_name else found[2]
    return f"<at>{found[1]}</at>{gap}"


def mentions_bot(world: World, entities: list[Fields]) -> bool:
    """The bot is among those who are named."""
    return any(each["mentioned"]["id"] == world.bot_id for each in entities)
