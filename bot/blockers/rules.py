"""What a blocker may become, how old it is, when it goes up, and which two are the same. Pure.

Source: domain.md 2.3, 3.3 (E-11), 3.4 (P-06) and 4.6.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

from bot.chat.words import count
from bot.work.rules import Move, Part
from storage.blockers import Blocker

State = Blocker.State

REOPEN_DAYS = 5  # working days
TEAM, DEPARTMENT, SPONSOR = 1, 2, 3
"""The tiers: the team with its lead, the heads of departments, the council's secretary or, without one, sponsors."""

WATCH_AT = time(10)
WATCH_UNTIL = time(18)
"""A step that comes late does its work until then; afterwards it is the next working day's."""

HELD = "while somebody has it"
BELOW = "below the last tier"
SOON = f"within {REOPEN_DAYS} working days"

_LIVE = (State.RAISED, State.ACKNOWLEDGED, State.ESCALATED)
_CONCERNED = (Part.RAISER, Part.HELPER, Part.TEAM, Part.LEAD, Part.ASKED)

MOVES: tuple[Move[State], ...] = (
    Move("take", "taken", (State.RAISED, State.ESCALATED), State.ACKNOWLEDGED, (Part.ANYBODY,)),
    Move("help", "helped with", (State.ACKNOWLEDGED, State.ESCALATED), None, (Part.ANYBODY,), when=HELD),
    Move("ask", "asked about", _LIVE, None, (Part.ANYBODY,)),
    Move("pass", "passed on", _LIVE, State.ESCALATED, (Part.LEAD, Part.ASKED), when=BELOW),
    Move("escalate", "escalated", _LIVE, State.ESCALATED, (Part.CLOCK,), when=BELOW),
    Move("resolve", "solved", _LIVE, State.RESOLVED, _CONCERNED),
    Move("reopen", "opened again", (State.RESOLVED,), State.RAISED, _CONCERNED, reason=True, when=SOON),
)

# --- nothing is in the way

_THING = (
    r"(?:blockers?|blocks?|blockages?|obstacles?|obstructions?|impediments?|problems?|issues?|hindrances?|hurdles?|"
    r"troubles?|concerns?|worries|difficult(?:y|ies)|complaints?|road ?blocks?|(?:road )?bumps?|show ?stoppers?|"
    r"news|updates?|changes?)"
)
_ADJECTIVE = (
    r"(?:real|big|major|current|new|open|further|other|more|particular|special|specific|known|serious|urgent|actual|"
    r"customer)"
)
_ANY = rf"(?:any|an|a)(?: {_ADJECTIVE})*(?: {_THING})?|{_THING}|anything"
_ME = r"(?:me|us|my work|our work|the work|the team|anyone|anybody|progress|work)"
_I = r"(?:(?:i|we) )?"
_IS = r"(?:(?:is|s|that is|that's) )?"
_NO_THING = (
    rf"(?:(?:there (?:is|are)|there's|{_I}(?:have(?: got)?|see|expect|got)|i've(?: got)?|we've(?: got)?) )?"
    rf"(?:no|zero|0)(?: {_ADJECTIVE})* {_THING}"
    r"(?: (?:with|at|on)(?: (?!(?:but|except|without|until|apart|only)\b)[\w']+){1,4}|(?: (?:is|are))? "
    rf"(?:in (?:my|our|the) way|to (?:report|mention|raise|flag|speak of)|(?:blocking|stopping|holding up) {_ME}))?"
)
_NONE = (
    rf"(?:there's |there is |{_I}(?:have|see|need) |i've |we've )?(?:nothing|none|nothin|nowt|nil|nada)(?: {_IS}(?:"
    r"(?:standing |stands |getting )?in (?:my|our|the) way|(?:currently |really |actually )?(?:"
    rf"(?:blocking|blocks|stopping|stops|hindering|hinders|impeding|bothering)(?: {_ME})?|"
    rf"(?:holding|holds|keeping|slowing|slows) {_ME}(?: (?:up|back|down))?)|"
    r"to (?:report|add|declare|mention|raise|flag|note|say|share|speak of|worry about|complain about)|"
    r"(?:new|special|major|big|serious|particular|urgent|specific|much|else|wrong|important|of note)))?"
)
_NOT = (
    rf"{_I}(?:do not|don't|dont) (?:have|see|expect|foresee|know of)(?: (?:{_ANY}))?|"
    rf"{_I}(?:do not|don't|dont) think so|"
    rf"{_I}(?:have not|haven't|havent)(?: got)? (?:{_ANY})|there (?:is not|isn't|are not|aren't) (?:{_ANY})|"
    rf"{_I}(?:can't|cannot|can not) (?:complain|(?:think of|see) (?:{_ANY}))|"
    rf"(?:i am |i'm |im |we are |we're )?not (?:aware of (?:{_ANY})|(?:seeing|facing|having) (?:{_ANY}))|"
    r"(?:i am |i'm |im |we are |we're )?(?:not (?:blocked|stuck)(?: by (?:anything|anyone))?|unblocked)|"
    r"not (?:really|today|now|yet|currently|presently|particularly|applicable|necessary|needed|much|any ?more|"
    r"at (?:all|present|the moment)|right now|just now|so far|this (?:time|morning|week)|"
    r"(?:from|for|with) (?:me|us)|(?:from|on) (?:my|our) (?:side|end)|that i(?: know(?: of)?|'m aware of| can see))"
)
_STATE = (
    r"(?:good(?: to go)?|clear|fine|well|ok|okay|green|great|set|smooth|smoothly|in order|under control|on track|"
    r"perfect|quiet|as planned|to plan|normal)"
)
_ALL_WELL = (
    r"(?:(?:i am|i'm|im|we are|we're|it is|it's|its|things are|everything(?: is|'s)?|all(?: is|'s)?|that's|that is) )"
    rf"(?:(?:all|still|quite|very|going|running|just) )*{_STATE}|everything (?:works|runs)(?: (?:fine|well|smoothly))?"
)
_SHORT = r"(?:no|nope|nah|nay|none|nothing|nil|null|nix|na|nowt|nada|zero|zilch|0|n|x)"
_ALONE = rf"{_SHORT}|{_NO_THING}|{_NONE}|{_NOT}|{_ALL_WELL}"
_BESIDE = (
    r"(?:thanks|thank you|thx|cheers|many thanks|today|tonight|this (?:morning|week|time)|yet|really|at all|whatsoever|"
    r"at (?:the moment|present)|atm|right now|just now|now|for (?:now|today|me|us|the moment|the time being)|so far|"
    r"currently|presently|as (?:yet|of now|of today|usual|far as i know|far as i can see)|still|again|either|also|"
    r"from (?:me|us|here)|(?:from|on|at) (?:my|our|this) (?:side|end)|with (?:me|us)|here|afaik|"
    r"(?:that )?i(?: know of| can (?:see|think of)|'m aware of| am aware of)|to date|everyone|everybody|all|folks|team|"
    r"luckily|fortunately|happily|thankfully|honestly|actually|well|yes|yep|hi|hello|i (?:think|believe|hope|guess)|"
    r"and|so|touch wood|in particular)"
)
_CLAUSE = re.compile(
    rf"(?:{_BESIDE} )*(?:(?:{_STATE}|(?:(?:no|nope|nah) )?(?:{_ALONE}))(?: {_BESIDE})*|"
    rf"(?P<beside>{_BESIDE}(?: {_BESIDE})*))"
)
"""What says that nothing is in the way, or, as `beside`, only stands next to it."""
_CLAUSE_MAX = 90  # characters; nobody needs more to say that there is nothing
_NOT_APPLICABLE = re.compile(r"\bn\s*[./\\]\s*a\b")
_SHORTCODE = re.compile(r":[a-z][a-z0-9_+-]*:|(?<!\w)[:;=]-?[)(dp](?!\w)")
_LABEL = re.compile(rf"(?:{_THING}|in (?:my|our|the) way|customers?|from (?:a )?customers?)\s*[:=]\s*(?=\S)")
_MARK = re.compile(r"(?:[-*•‣◦·–—]|\(?\d{1,2}[.)](?!\d))\s+(?=\S)")


def without_mark(line: str) -> str:
    """A line of a list without its `1.`, `-` or `•`; a mark alone stays."""
    return _MARK.sub("", line, count=1) if _MARK.match(line) else line


def says_nothing(text: str) -> bool:
    """Whether an answer says that nothing is in the way: all of its clauses do, or thank or greet beside one that does.

    What it can't read is in the way: `no keys`, `nothing works`, `no, but the van is late`.
    """
    lines = [_LABEL.sub("", without_mark(line.strip()), count=1) for line in _folded(text).splitlines()]
    bare = _SHORTCODE.sub(" , ", _NOT_APPLICABLE.sub("na", "\n".join(lines)))
    clauses = [" ".join(each.split()) for each in re.split(r"[^\w\s']|\n", re.sub(r"(?<=[a-z])-(?=[a-z])", " ", bare))]
    clauses = [each for each in clauses if each]
    if not clauses:
        return "?" not in text
    if any(len(each) > _CLAUSE_MAX for each in clauses):
        return False
    found = [_CLAUSE.fullmatch(each) for each in clauses]
    return all(found) and any(each is not None and each["beside"] is None for each in found)


def is_open(blocker: Blocker) -> bool:
    """Whether it still is in the way."""
    return blocker.state is not Blocker.State.RESOLVED


def age(start: date, end: date, is_working_day: Callable[[date], bool]) -> int:
    """Working days d with start < d <= end. Source: domain.md 4.6."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for each in days if is_working_day(each))


def age_words(days: int) -> str:
    """`since today`, `1 working day`."""
    return "since today" if days == 0 else count(days, "working day")


def nth_working_day(after: date, number: int, is_working_day: Callable[[date], bool]) -> date:
    """The so many-th working day after a day; in a calendar without any, a day of next year."""
    on = after
    for _ in range(366):
        on += timedelta(days=1)
        number -= is_working_day(on)
        if number <= 0:
            return on
    return on


# --- going up

_AGES = {TEAM: 1, DEPARTMENT: 3, SPONSOR: 5}  # working days
_AGES_STOPPED = {DEPARTMENT: 0, SPONSOR: 1}  # where a customer is without service


def due_tier(age_days: int, *, customer_stopped: bool) -> int:
    """The highest tier that has to know by that age; 0 for none yet."""
    ages = _AGES_STOPPED if customer_stopped else _AGES
    return max((tier for tier, days in ages.items() if age_days >= days), default=0)


def next_tier(blocker: Blocker, age_days: int, today: date) -> int | None:
    """The tier that is asked today; None for none.

    One tier after the other and one a day, so that nobody hears of something that those below them never saw: also of
    what was opened again, or grew old while the bot was away. Only where a customer is without service the department
    comes first.
    """
    due = due_tier(age_days, customer_stopped=blocker.customer_stopped)
    if not is_open(blocker) or due <= blocker.told_tier:
        return None
    if blocker.customer_stopped and blocker.told_tier < DEPARTMENT:
        return DEPARTMENT
    return None if blocker.told_on == today else blocker.told_tier + 1


def ways_up(blocker: Blocker, first_on: date, is_working_day: Callable[[date], bool]) -> Iterator[tuple[int, date]]:
    """The tiers that are still to be asked, each with the day on which it is, if nothing changes until then.

    `first_on` is the day on which the bot looks next.
    """
    on = first_on
    for tier, days in _ages(blocker).items():
        if tier > blocker.told_tier and not (blocker.customer_stopped and tier == DEPARTMENT):
            on = max(on, nth_working_day(blocker.raised_on, days, is_working_day))
            yield tier, on
            on = nth_working_day(on, 1, is_working_day)


def _ages(blocker: Blocker) -> dict[int, int]:
    return _AGES_STOPPED if blocker.customer_stopped else _AGES


def may_reopen(resolved_on: date, today: date, is_working_day: Callable[[date], bool]) -> bool:
    """Whether it was solved not longer than REOPEN_DAYS ago."""
    return age(resolved_on, today, is_working_day) <= REOPEN_DAYS


# --- what looks alike

ALIKE = 3, 5  # of the words of the shorter one, so many of so many are in the other
LEAST_ALIKE = 2  # words

_SHARES = re.compile(r"\b\d+ *(?:of|out of|/) *\d+\b|\b\d+ *%")
_WORDS = re.compile(r"[^\W_]+")
_COMMON = frozenset({
    "a", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "do",
    "for", "from", "had", "has", "have", "i", "in", "into", "is", "it", "its", "my", "no", "not", "of", "on", "or",
    "our", "out", "so", "still", "that", "the", "their", "there", "they", "this", "to", "today", "up", "waiting",
    "waits", "was", "we", "were", "with", "without", "yet",
})  # fmt: skip


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same but for case, marks and spaces."""
    return _WORDS.findall(_folded(one)) == _WORDS.findall(_folded(other))


def alike(one: str, other: str) -> bool:
    """Whether two texts read much the same: most words of the shorter one are in the other.

    Other numbers are other things (`van 12`, `van 14`), but for shares, which change from day to day (`3 of 8 jobs`).
    """
    if same_words(one, other):
        return True
    words, others = _telling(one), _telling(other)
    if _numbers(words) != _numbers(others):
        return False
    common, shorter = len(words & others), min(len(words), len(others))
    part, whole = ALIKE
    return common >= LEAST_ALIKE and common * whole >= shorter * part


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")


def _telling(text: str) -> frozenset[str]:
    """The words that say what it is about."""
    return frozenset(_WORDS.findall(_SHARES.sub(" ", _folded(text)))) - _COMMON


def _numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if word[0].isdigit())
