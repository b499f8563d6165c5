"""The words about accounts: where somebody is, where they read, and codes that join and pair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.accounts.rules import platform
from bot.chat.cards import Button, Buttons, Card, Group, Line, Note, Paragraph, Title, says
from bot.chat.words import clock_in, count, listing, typed

JOIN, LEAVE, PREFER, YES, NO = "account.code", "account.leave", "account.prefer", "account.yes", "account.no"


@dataclass(frozen=True, slots=True)
class Mine:
    """An account of somebody: its number, its platform, where it is installed, whether it can be written to."""

    number: int
    platform: str
    install: str
    is_reachable: bool
    is_here: bool
    gets_messages: bool


def accounts(mine: Sequence[Mine], everywhere: Sequence[str]) -> Card:
    """`/account`: where I am, where I read, and where else the bot is. `everywhere` are platforms."""
    lines = tuple(Line((_name(each),), (_standing(each),)) for each in mine)
    reads = next((platform(each.platform) for each in mine if each.gets_messages), "")
    words = f"Your messages come to {reads}." if reads else "I can't reach you anywhere now."
    missing = [each for each in dict.fromkeys(everywhere) if each not in {one.platform for one in mine}]
    elements = (
        Title("Your accounts"),
        Group("Where you are", lines),
        *((Note(_elsewhere(missing)),) if missing else ()),
        *_ways(mine, can_join=bool(missing)),
    )
    return Card(words, elements)


def _name(each: Mine) -> str:
    return f"{platform(each.platform)} ({each.install}){', here' if each.is_here else ''}"


def _standing(each: Mine) -> str:
    if not each.is_reachable:
        return "I can't write to you there now."
    return "Your messages come here." if each.gets_messages else "You can answer and ask here too."


def _elsewhere(missing: Sequence[str]) -> str:
    where = listing([platform(each) for each in missing])
    return f"I am on {where} too. If you are, type {typed('account join')} there, and the code that it shows here."


def _ways(mine: Sequence[Mine], *, can_join: bool) -> tuple[Buttons, ...]:
    reads = next((each.platform for each in mine if each.gets_messages), "")
    named = dict.fromkeys(each.platform for each in mine if each.is_reachable and each.platform != reads)
    buttons = [_prefer(each) for each in named]
    if can_join:
        buttons.append(Button("Join another account", JOIN))
    if len(mine) > 1:
        buttons.append(Button("Separate this account", LEAVE))
    return (Buttons(tuple(buttons)),) if buttons else ()


def _prefer(name: str) -> Button:
    return Button(f"Write to me on {platform(name)}", PREFER, {"platform": name})


# --- joining


def code_to_join(code: str, until: datetime, zone: ZoneInfo, there: Sequence[str]) -> Card:
    """What joins this account with another one; nobody else may read it."""
    where = listing([platform(each) for each in there], "or")
    line = f"account join {code}"  # typed elsewhere, where perhaps something else stands before a verb
    return Card(
        f"Your code is {code}. It works once, until {clock_in(until, zone)}.",
        (
            Title("Join two accounts"),
            Paragraph((f"In your account on {where}, write to me: {line}",)),
            Paragraph(("Then both are one person to me: an answer in either counts, once.",)),
            Note(
                f"It works once, until {clock_in(until, zone)}. Give it to nobody: whoever types it in their account "
                "has this one too from then on."
            ),
        ),
    )


def code_to_pair(code: str, until: datetime, zone: ZoneInfo, organisation: str) -> Card:
    """What makes another installation a part of this organisation."""
    line = f"account pair {code}"  # as above
    return Card(
        f"The code is {code}. It works once, until {clock_in(until, zone)}.",
        (
            Title("Pair a workspace or tenant"),
            Paragraph((f"In the other workspace or tenant, an administrator writes to me: {line}",)),
            Paragraph((f"It becomes part of {organisation} then, as long as nothing was set up in it yet.",)),
            Note(f"It works once, until {clock_in(until, zone)}, and on a platform where {organisation} is not yet."),
        ),
    )


def is_it_you(name: str, where: str, number: int) -> Card:
    """The code comes from somebody of another name."""
    question = f"This code comes from the account of {name} on {platform(where)}. Is that you?"
    return Card(
        question,
        (
            Title("Is that you?"),
            Paragraph((question,)),
            Note("If you join them, whoever has that account can read and answer everything that is yours."),
            Buttons(
                (
                    Button("Yes, join them", YES, {"code": str(number)}),
                    Button("No", NO, {"code": str(number)}),
                )
            ),
        ),
    )


def not_joined() -> str:
    """**No**."""
    return "Nothing was joined, and the code works no more."


def joined(mine: Sequence[Mine], new: int, twice: int) -> Card:
    """Where it was typed and a new account are one person's from now on."""
    names = listing([platform(each.platform) for each in mine if each.is_here or each.number == new])
    reads = next((platform(each.platform) for each in mine if each.gets_messages), names)
    words = f"Your {names} accounts are one now: an answer in either counts, once."
    runs = (Note(f"You were asked twice in {count(twice, 'huddle')}; that counts once now."),) if twice else ()
    ways = [_prefer(each.platform) for each in mine if not each.gets_messages and each.is_reachable]
    return Card(
        words,
        (
            Title("Joined"),
            Paragraph((words,)),
            Paragraph((f"My messages come to {reads}. {typed('account leave')} separates an account again.",)),
            *runs,
            *((Buttons(tuple(ways[:1])),) if ways else ()),
        ),
    )


def told_joined(here: str, others: Sequence[str]) -> Card:
    """The same, in the account in which the code was shown."""
    names = listing([platform(each) for each in others])
    words = f"This account and your account on {names} are one now: an answer in either counts, once."
    return Card(
        words,
        (
            Title("Joined"),
            Paragraph((words,)),
            Note(f"Was that not you? {typed('account leave')}, typed here on {platform(here)}, separates them again."),
        ),
    )


def told_apart() -> Card:
    """What stands in an account that was separated since."""
    return says("This account was joined with another one, and is separate again.")


def hint(others: Sequence[str]) -> Card:
    """Somebody seems to be on another platform too; an address proves nothing."""
    names = listing([platform(each) for each in others])
    words = f"You seem to be on {names} too. Joined, both accounts are asked once, and an answer in either counts."
    return Card(
        words,
        (
            Title("Two accounts?"),
            Paragraph((words,)),
            Paragraph((f"Type {typed('account join')} here, and the code that it shows there.",)),
            Buttons((Button("Show me the code", JOIN, primary=True),)),
        ),
    )


def one_platform() -> str:
    """There is nothing to join."""
    return (
        f"I am on one platform here, so there is no other account to join. {typed('account pair')} is how an "
        "administrator adds another one. Nothing was changed."
    )


def only_guests(*, is_guest: bool) -> str:
    """A guest can't become a member by a code."""
    mine, other = ("a guest", "a full member") if is_guest else ("a full member", "a guest")
    return f"You are {mine} here and the other account is {other}, so they can't be joined. Nothing was changed."


def same_account() -> str:
    """Typed where it was shown."""
    return "That is the code of this account. Please type it in your other account. Nothing was changed."


def same_person() -> str:
    """Joined before."""
    return "Both accounts are yours already. Nothing was changed."


def same_platform(name: str, install: str) -> str:
    """One account for each installation."""
    return (
        f"Both accounts are on {platform(name)} ({install}), and I join accounts of different platforms only. "
        "Nothing was changed."
    )


def both_parts(codes: Sequence[str]) -> str:
    """One would be sponsor and owner of one initiative."""
    return (
        f"{listing(codes)} {'has' if len(codes) == 1 else 'have'} one of your accounts as sponsor and the other one as "
        f"owner, and that must be two people. Please hand one over first: {typed(f'initiative show {codes[0]}')}. "
        "Nothing was changed."
    )


# --- codes that don't work


def no_such_code(left: int) -> Card:
    """Typed wrongly, or never given out."""
    if not left:
        return says("There is no such code. That was the fifth; please try again in an hour. Nothing was changed.")
    return says(
        f"There is no such code. Please look at it again: you have {count(left, 'more try', 'more tries')}. "
        "Nothing was changed."
    )


def locked(until: datetime, zone: ZoneInfo) -> str:
    """Too many were wrong."""
    return f"Five codes were wrong, so I take none from you until {clock_in(until, zone)}. Nothing was changed."


def used_up() -> str:
    """It works once."""
    return "That code was used already. A new one is one command away, where this one was shown. Nothing was changed."


def run_out(ago: timedelta, verb: str) -> str:
    """It works for ten minutes."""
    since = max(1, round(ago.total_seconds() / 60))
    return (
        f"That code worked until {count(since, 'minute')} ago. {typed(verb)} shows a new one, where this one was "
        "shown. Nothing was changed."
    )


# --- where messages go


def preferred(name: str, moved: int) -> Card:
    """Where messages go from now on."""
    more = f" {count(moved, 'message')} on the way {'comes' if moved == 1 else 'come'} there too." if moved else ""
    return says(f"My messages come to {platform(name)} from now on.{more} You can answer wherever you like.")


def preferred_already(name: str) -> str:
    """Nothing to do."""
    return f"My messages come to {platform(name)} already. Nothing was changed."


def where_to(names: Sequence[str]) -> str:
    """No platform, or none of theirs."""
    ways = listing([typed(f"account prefer {each}") for each in names], "or")
    return f"Please say where I should write to you: {ways}. Nothing was changed."


def not_there(name: str) -> str:
    """They have no account there, or none that can be reached."""
    return (
        f"I can't write to you on {platform(name)}: I know no account of yours there that I can reach. "
        f"{typed('account join')}, typed there, joins it with this one. Nothing was changed."
    )


# --- separating


def really_leave(name: str, number: int) -> Card:
    """There is no Undo for it, so it is asked."""
    words = f"Your {platform(name)} account becomes a person of its own again, in no team and with nothing to do."
    return Card(
        words,
        (
            Title("Separate this account?"),
            Paragraph((words,)),
            Paragraph(("What was said and done in it so far stays with your other account.",)),
            Buttons((Button("Separate it", LEAVE, {"account": str(number)}),)),
        ),
    )


def left(name: str, others: Sequence[str]) -> Card:
    """It is a person of its own."""
    rest = listing([platform(each) for each in others])
    return says(
        f"Your {platform(name)} account is separate now. What was said in it stays with your account on {rest}, which "
        "gets the messages."
    )


def only_one() -> str:
    """There is nothing to separate."""
    return "This is your only account with me, so there is nothing to separate. Nothing was changed."


# --- pairing

RECORDS: Mapping[str, tuple[str, str]] = {
    "action": ("action", "actions"),
    "blocker": ("blocker", "blockers"),
    "batch": ("batch", "batches"),
    "department": ("department", "departments"),
    "huddle": ("huddle", "huddles"),
    "initiative": ("initiative", "initiatives"),
    "measure": ("customer number", "customer numbers"),
    "milestone": ("milestone", "milestones"),
    "objective": ("objective", "objectives"),
    "strategy_frame": ("strategy frame", "strategy frames"),
    "team": ("team", "teams"),
    "training_module": ("module to learn", "modules to learn"),
    "voc_item": ("customer's word", "customers' words"),
}
"""What stands in the way of pairing, in words; of the rest it is enough that it is there."""


def has_records(found: Mapping[str, int], organisation: str) -> str:
    """Two sets of records can't be made one."""
    named = [count(found[name], *words) for name, words in RECORDS.items() if name in found]
    what = listing(named) if named else "records of its own"
    return (
        f"There {'is' if named and named[0].startswith('1 ') else 'are'} {what} here already, and two sets of records "
        f"can't be made one. If {organisation} is the one that has nothing yet, do it the other way round: "
        f"{typed('account pair')} here, and the code there. Nothing was changed."
    )


def own_code(organisation: str) -> str:
    """Typed in the organisation in which it was shown."""
    return f"That is a code of {organisation} itself. It is for a workspace or tenant that is not part of it yet."


def platform_taken(names: Sequence[str], organisation: str) -> str:
    """One installation of each platform."""
    return f"{organisation} is on {listing([platform(each) for each in names])} already. Nothing was changed."


def paired(names: Sequence[str], organisation: str, people: int) -> Card:
    """On the side that joined."""
    words = f"{listing([platform(each) for each in names])} is part of {organisation} now, with {_people(people)}."
    return Card(
        words,
        (
            Title("Paired"),
            Paragraph((words,)),
            Paragraph(
                (f"Who is on both sides types {typed('account join')} in one account, and its code in the other.",)
            ),
            Note("Whatever is set up on one side is there on both."),
        ),
    )


def told_paired(name: str, install: str, organisation: str) -> Card:
    """On the side that gave the code."""
    words = f"{platform(name)} ({install}) is part of {organisation} now."
    return Card(
        words,
        (
            Title("Paired"),
            Paragraph((words,)),
            Paragraph(
                (f"Who is on both sides types {typed('account join')} in one account, and its code in the other.",)
            ),
        ),
    )


def _people(number: int) -> str:
    return count(number, "person", "people")
