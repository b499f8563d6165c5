"""How a line of text becomes a command. Source: domain.md 3.1."""

import re
from collections import deque
from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from itertools import islice
from typing import TypeAlias

from bot.chat.commands import Command, Misplaced, Problem, Rest, UnclosedQuote, UnknownVerb, UnreadableDate, Usage
from bot.chat.dates import (
    Ambiguous,
    IsWorkingDay,
    Period,
    looks_dated,
    looks_like_date,
    read_date,
    read_past_date,
    read_period,
)

ROOTS = ("cx", "folkmoot")
_TYPED_MAX = 40  # characters of a verb that does not exist, as much as is worth repeating
_DATE_WORDS = 4  # `Thu 3 Dec 2026`
_NEAR = 0.6  # of SequenceMatcher.ratio(); the cutoff that difflib takes for close matches
_DATE_KEYS = frozenset({"date", "due", "ends", "mid", "period", "review", "short", "starts", "to", "until"})


def read(
    text: str, usages: Sequence[Usage], *, today: date, is_working_day: IsWorkingDay, roots: Sequence[str] = ROOTS
) -> Command | Problem | None:
    """The command that `text` is, what is wrong with it, or None for a line that is no command.

    A line with a slash is a command or a problem; a slash with nothing behind it asks for `help`. A line without one
    is a command only from end to end, and a problem only where nothing but a date is wrong with it.
    """
    line = normalised(text)
    explicit = line.startswith("/")
    body = _without_root(line, roots)
    if not explicit and (not body or len(text.strip().splitlines()) > 1):
        return None
    body = body or "help"
    call = _call(body, usages)
    if call is None:
        return _unknown_verb(body, usages) if explicit else None
    usage, name, rest = call
    outcome = _Reading(usage, today, is_working_day).of(line, rest)
    if explicit:
        slip = _slip(name, rest, usages) if isinstance(outcome, Misplaced | UnreadableDate) else None
        return slip or outcome
    if not usage.plain or (usage.coded and not _begins_with_code(rest, usage.codes)):
        return None
    return outcome if _needs_no_slash(outcome, usage) else None


def normalised(text: str) -> str:
    """`text` on one line, with single spaces, straight quotes and no invisible characters."""
    return " ".join(text.translate(_STRAIGHT).split())


_STRAIGHT = str.maketrans(
    dict.fromkeys("“”„‟«»", '"')
    | dict.fromkeys("‘’", "'")
    | dict.fromkeys("\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}", "")
)
# A chunk is a word, a quoted text, or a `key:` or `@` with one of them: a quote holds only where one can begin.
_CHUNK = re.compile(r"""(?:[A-Za-z][A-Za-z_-]*:)?(?:@?"[^"]*"|@\[[^\] ]*\])[,;.]?|[^ ]+""")
_UNCLOSED = re.compile(r"""(?:[A-Za-z][A-Za-z_-]*:)?@?"(?P<text>[^"]*)""")
_QUOTED = re.compile(r"""@?"(?P<text>[^"]*)"[,;.]?""")
_KEY = re.compile(r"(?P<name>[A-Za-z][A-Za-z_-]*):(?!//)(?P<value>.*)")
_MENTION = re.compile(
    r"""@(?:"(?P<quoted>[^"]+)"|(?P<id>\[[^\] ]+\])|(?P<name>[^ "\[\]@]*[^ "\[\]@,;:.!?]))[,;:.!?]*"""
)
_CODE = re.compile(r"(?P<prefix>[A-Za-z]{1,3})-\d{1,9}", re.ASCII)
_STOPS = ",;:.!?"
_FIGURE = re.compile(r"[-+]?\d+(?:[.,]\d+)*%?", re.ASCII)


def _without_root(line: str, roots: Sequence[str]) -> str:
    body = line.lstrip("/ ")
    first, _, rest = body.partition(" ")
    return rest.lstrip("/ ") if first.casefold() in roots else body


def _call(body: str, usages: Sequence[Usage]) -> tuple[Usage, str, str] | None:
    """The usage that `body` begins with, the longest name first, then that name and what stands behind it."""
    words = body.split(" ")
    typed = [word.casefold() for word in words[:2]]
    called = [(usage, name) for usage in usages for name in usage.names if typed[: _length(name)] == name.split(" ")]
    if not called:
        return None
    usage, name = max(called, key=lambda each: _length(each[1]))
    return usage, name, " ".join(words[_length(name) :])


def _length(name: str) -> int:
    return len(name.split(" "))


def _unknown_verb(body: str, usages: Sequence[Usage]) -> UnknownVerb:
    words = body.split(" ")

    def likeness(name: str) -> float:
        return SequenceMatcher(None, name, _typed(words, _length(name)).casefold()).ratio()

    nearest = max((name for usage in usages for name in usage.names), key=likeness, default="")
    if not nearest or likeness(nearest) < _NEAR:
        return UnknownVerb(_typed(words, 1), "")
    return UnknownVerb(_typed(words, _length(nearest)), nearest)


def _typed(words: Sequence[str], length: int) -> str:
    return " ".join(words[:length])[:_TYPED_MAX]


def _slip(name: str, rest: str, usages: Sequence[Usage]) -> UnknownVerb | None:
    """`huddle awya` as a slip of `huddle away`, rather than `huddle` with a word that it does not take."""
    word = rest.split(" ", maxsplit=1)[0]
    names = (each.removeprefix(f"{name} ") for usage in usages for each in usage.names if each.startswith(f"{name} "))
    near = get_close_matches(word[:_TYPED_MAX].casefold(), names, n=1, cutoff=_NEAR)
    return UnknownVerb(f"{name} {word}"[:_TYPED_MAX], f"{name} {near[0]}") if near else None


def _needs_no_slash(outcome: Command | Problem, usage: Usage) -> bool:
    """Whether a line without a slash, which may just as well be a sentence, is answered as a command."""
    match outcome:
        case Command(words=words):
            return usage.bare is None or re.fullmatch(usage.bare, words, re.IGNORECASE) is not None
        case Ambiguous():
            return usage.rest is not Rest.WORDS
        case UnreadableDate(text):
            return usage.rest is not Rest.WORDS and looks_dated(text)
        case _:
            return False


def _begins_with_code(rest: str, prefixes: Sequence[str]) -> bool:
    return _code(rest.split(" ", maxsplit=1)[0], prefixes) is not None


def _code(word: str, prefixes: Sequence[str]) -> str | None:
    """The code that a word of a sentence is: `A-104,`, but not `MK-2` where only actions have one."""
    bare = word.rstrip(_STOPS)
    found = _CODE.fullmatch(bare)
    return bare.upper() if found and found["prefix"].upper() in prefixes else None


class _Kind(StrEnum):
    PERSON = "person"
    CODE = "code"
    NUMBER = "number"


_Argument: TypeAlias = tuple[_Kind, str] | date | Ambiguous | UnreadableDate


def _sort(argument: _Argument) -> str:
    """What an argument is for: two codes with one prefix are alike, and so are two dates, readable or not."""
    match argument:
        case _Kind.CODE, code:
            return code.partition("-")[0]
        case kind, _:
            return kind
        case _:
            return "date"


_RANKS = (UnclosedQuote, UnknownVerb, Misplaced, UnreadableDate, Ambiguous)  # what is told first


class _Reading:
    """What is found behind a verb."""

    def __init__(self, usage: Usage, today: date, is_working_day: IsWorkingDay) -> None:
        self.usage = usage
        self.today = today
        self.is_working_day = is_working_day
        self.runs: list[list[str]] = [[]]  # words and quoted texts between which stand keys
        self.words = ""
        self.quoted: list[str] = []
        self.keys: dict[str, str] = {}
        self.arguments: list[_Argument] = []
        self.period: Period | None = None
        self.problems: list[Problem] = []

    def of(self, line: str, rest: str) -> Command | Problem:
        self._split(deque(_CHUNK.findall(rest)))
        first, *others = [words for run in self.runs for words in self._words_of(run) if words] or [""]
        self._read_free(first)
        self.problems += [self._misplaced(words) for words in others]
        if self.problems:
            return min(self.problems, key=lambda problem: _RANKS.index(type(problem)))
        return Command(
            self.usage.verb,
            line,
            words=self.words,
            quoted=tuple(self.quoted),
            keys=self.keys,
            codes=self._all(_Kind.CODE),
            people=self._all(_Kind.PERSON),
            dates=tuple(each for each in self.arguments if isinstance(each, date)),
            numbers=self._all(_Kind.NUMBER),
            period=self.period,
            explicit=line.startswith("/"),
        )

    def _all(self, kind: _Kind) -> tuple[str, ...]:
        return tuple(each[1] for each in self.arguments if isinstance(each, tuple) and each[0] is kind)

    def _misplaced(self, text: str) -> Misplaced:
        return Misplaced(self.usage.verb, text)

    def _split(self, chunks: deque[str]) -> None:
        while chunks:
            chunk = chunks.popleft()
            if unclosed := _UNCLOSED.fullmatch(chunk):
                self.problems.append(UnclosedQuote(" ".join([unclosed["text"], *chunks])))
                return
            quoted = _QUOTED.fullmatch(chunk)
            key = _KEY.fullmatch(chunk)
            if quoted and _is_quoted(chunk) and self.usage.rest is not Rest.WORDS:
                self.problems.append(self._misplaced(quoted["text"]))
            elif key and not _is_quoted(chunk) and not self._is_prose(key):
                self._take_key(key, chunks)
            else:
                self.runs[-1].append(chunk)
                continue
            self.runs.append([])

    def _words_of(self, run: list[str]) -> list[str]:
        """The free words of `run`: its quoted texts stand alone, or belong to the words that they stand behind."""
        parts: list[list[str]] = [[]]
        quoted: list[str] = []
        for chunk in run:
            if _is_quoted(chunk) and (found := _QUOTED.fullmatch(chunk)):
                quoted.append(found["text"])
                parts.append([])
            else:
                parts[-1].append(chunk)
        read = [self._free_words(part) for part in parts]
        if quoted and not self.usage.apart and read[0][0]:
            read = [self._free_words(run)]
        else:
            self.quoted += quoted
        for argument in (each for _, arguments in read for each in arguments):
            if isinstance(argument, Ambiguous | UnreadableDate):
                self.problems.append(argument)
            else:
                self.arguments.append(argument)
        return [words for words, _ in read]

    def _is_prose(self, key: re.Match[str]) -> bool:
        is_sentence = key["name"][0].isupper() and not key["value"]
        return self.usage.rest is Rest.WORDS and is_sentence and not self._is_taken(key)

    def _is_taken(self, key: re.Match[str]) -> bool:
        return key["name"].casefold() in self.usage.keys

    def _take_key(self, key: re.Match[str], chunks: deque[str]) -> None:
        name = key["name"].casefold()
        if not self._is_taken(key) or name in self.keys:
            self.problems.append(self._misplaced(key[0]))
            return
        value = key["value"]
        if not value and chunks and not self._begins_another(chunks[0]):
            value = chunks.popleft()
        if name in _DATE_KEYS:
            value = _whole_date(value, chunks)
        self.keys[name] = _unquoted(value)

    def _begins_another(self, chunk: str) -> bool:
        key = _KEY.fullmatch(chunk)
        return bool(_UNCLOSED.fullmatch(chunk) or (key and self._is_taken(key)))

    def _free_words(self, run: list[str]) -> tuple[str, Sequence[_Argument]]:
        """The words of `run`, and the arguments at both of its ends; one amid words belongs to the sentence.

        So does one at their end where the like of it stands before them: `cancel A-3 duplicate of A-2`.
        """
        before: list[_Argument] = []
        after: list[_Argument] = []
        low, high = 0, len(run)
        while found := self._argument_in(run[low : min(high, low + _DATE_WORDS)], from_end=False):
            before.append(found[0])
            low += found[1]
        given = {_sort(argument) for argument in before} if self._has_sentence() else set()
        while found := self._argument_in(run[max(low, high - _DATE_WORDS) : high], from_end=True):
            if _sort(found[0]) in given:
                break
            after.append(found[0])
            high -= found[1]
        return " ".join(run[low:high]), (*before, *reversed(after))

    def _has_sentence(self) -> bool:
        """Whether the free words are somebody's own, rather than the name of what they give figures of."""
        return self.usage.rest is Rest.WORDS and not self.usage.values

    def _argument_in(self, words: list[str], *, from_end: bool) -> tuple[_Argument, int] | None:
        """The longest argument at one end of `words`, and how many of them it takes."""
        if from_end and self.usage.values and self._is_figure_after_date(words):
            return (_Kind.NUMBER, words[-1]), 1
        for size in range(len(words), 0, -1):
            argument = self._argument(words[-size:] if from_end else words[:size])
            if argument is not None:
                return argument, size
        return None

    def _is_figure_after_date(self, words: list[str]) -> bool:
        """Whether `23 nov 80` is a day and a figure, rather than one figure more and a `nov 80`."""
        if len(words) < len(("23", "nov", "80")) or not _FIGURE.fullmatch(words[-1]):
            return False
        fronts = [words[start:-1] for start in range(len(words) - 2)]
        return any(
            isinstance(read_past_date(" ".join(front), self.today, self.is_working_day), date)
            and not looks_like_date(" ".join([*front, words[-1]]))
            for front in fronts
        )

    def _argument(self, words: list[str]) -> _Argument | None:
        text = " ".join(words)
        if self.usage.dates and self.usage.rest is not Rest.PERIOD and looks_like_date(text):
            read_it = read_past_date if self.usage.past else read_date
            return read_it(text, self.today, self.is_working_day) or UnreadableDate(text)
        if self.usage.people and (person := _MENTION.fullmatch(text)):
            return _Kind.PERSON, person["quoted"] or person["id"] or person["name"]
        if code := _code(text, self.usage.codes):
            return _Kind.CODE, code
        if self.usage.values and _FIGURE.fullmatch(bare := text.rstrip(_STOPS)):
            return _Kind.NUMBER, bare
        return None

    def _read_free(self, words: str) -> None:
        match self.usage.rest:
            case Rest.WORDS:
                self.words = words
            case Rest.PERIOD:
                self._read_period(words)
            case Rest.NONE if words.casefold() == "on" and self._has_day():
                self.words = ""  # `back on monday`
            case Rest.NONE if not words or words.casefold() in self.usage.choices:
                self.words = words.casefold()
            case Rest.NONE:
                self.problems.append(UnreadableDate(words) if self._should_be_date(words) else self._misplaced(words))

    def _has_day(self) -> bool:
        return any(isinstance(each, date) for each in self.arguments)

    def _should_be_date(self, words: str) -> bool:
        return self.usage.dates and not self.usage.choices and words[0].isalnum() and not _CODE.match(words)

    def _read_period(self, words: str) -> None:
        period = read_period(words, self.today, self.is_working_day)
        if isinstance(period, Period):
            self.period = period
        else:
            self.problems.append(period or UnreadableDate(words))


def _is_quoted(chunk: str) -> bool:
    """Whether it is a text in quotes, rather than a person or a key with one."""
    return chunk.startswith('"') and _QUOTED.fullmatch(chunk) is not None


def _whole_date(value: str, chunks: deque[str]) -> str:
    """`value` with the chunks that make it a longer date, which are taken away: `due:18 Dec` needs no quotes."""
    for size in range(min(_DATE_WORDS - 1, len(chunks)), 0, -1):
        longer = " ".join([value, *islice(chunks, size)])
        if looks_like_date(longer):
            for _ in range(size):
                chunks.popleft()
            return longer
    return value


def _unquoted(value: str) -> str:
    """A value without its quotes, without the `@` of a person and without the comma that separates it from the next."""
    if quoted := _QUOTED.fullmatch(value):
        return quoted["text"]
    bare = value.rstrip(",;")
    return bare.removeprefix("@") if len(bare) > 1 else bare
