"""What became of one attempt to send, and what a message's row says then. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.ports import ChatError, MaybeSent, NotSent, RateLimited, Refused
from storage.errors import BotError
from storage.messages import Lane, Message

REST_LEAST_S = 1.0  # a platform that says "at once" is not asked again at once
REST_MOST_S = 300.0  # where the platform does not say how long: 1, 2, 4 … s, at most so long
ATTEMPTS_MAX = 11  # with ten waits of 2, 4, 8 … 1024 s between them: 2046 s, or 34 minutes
FIRST_WAIT_S = 2.0
REPOSTED = frozenset({Lane.Traffic.REPLY, Lane.Traffic.PROMPT})
REPOSTS_MAX = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """It stands there, under the platform's reference."""

    ref: str


@dataclass(frozen=True, slots=True)
class Gone:
    """It was taken away."""


@dataclass(frozen=True, slots=True)
class Again:
    """It certainly is not there; later it is tried again.

    Where that does not count, it was not its turn: its lane rests, or `only_here` what goes to the same conversation.
    """

    wait_s: float
    why: str
    counts: bool = True
    only_here: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not be there."""

    why: str


@dataclass(frozen=True, slots=True)
class Dead:
    """It will never be there."""

    why: str
    target_gone: bool = False


@dataclass(frozen=True, slots=True)
class Parked:
    """Whether it is there can't be found out, and nobody but a person may decide to send it again."""

    why: str


Outcome: TypeAlias = Shown | Gone | Again | Unknown | Dead | Parked


def undecided(traffic: Lane.Traffic, reposts: int) -> Outcome:
    """What follows for a post of unknown fate where the platform does not let us look.

    A reply or a question twice is a small nuisance, a question never asked is a broken promise: they are sent once
    more. A summary or minutes twice in front of everybody is not for us to risk.
    """
    if traffic in REPOSTED and reposts < REPOSTS_MAX:
        return Again(0, "whether it was there could not be found out")
    return Parked("it may stand there already, and the platform does not let me look")


def rest_s(retry_after_s: float | None, throttled: int) -> float:
    """How long a lane rests that was too fast, after `throttled` rests in a row before this one."""
    if retry_after_s is None:
        return float(min(REST_MOST_S, REST_LEAST_S * 2 ** min(throttled, 20)))
    return max(REST_LEAST_S, retry_after_s)


def outcome_of(problem: Exception, *, is_new: bool, attempts: int, throttled: int = 0) -> Outcome:
    """What an error of a platform means for a message after `attempts` attempts, this one included.

    Replacing or deleting twice does no harm, so there a lost reply is simply tried again; a new post is not.
    """
    match problem:
        case RateLimited(retry_after_s=seconds, only_here=only_here):
            return Again(rest_s(seconds, throttled), str(problem), counts=False, only_here=only_here)
        case Refused(target_gone=gone):
            return Dead(str(problem), gone)
        case NotSent():
            return _again(problem, attempts)
        case MaybeSent() | ChatError() | _ if is_new:
            return Unknown(why(problem))
        case _:
            return _again(problem, attempts)


def _again(problem: Exception, attempts: int) -> Outcome:
    if attempts >= ATTEMPTS_MAX:
        return Dead(f"given up after {attempts} attempts: {why(problem)}")
    return Again(FIRST_WAIT_S * 2 ** (attempts - 1), why(problem))


def why(problem: Exception) -> str:
    """What is kept and logged of an error: its words only where they are ours, others may quote what somebody wrote."""
    return str(problem) if isinstance(problem, BotError) else f"an error of the kind {type(problem).__name__}"


def row_after(outcome: Outcome, *, now: datetime, real_now: datetime) -> dict[str, object]:
    """The columns that an outcome sets; whether it is shown or wanted anew is decided beside them, in SQL."""
    free: dict[str, object] = {"token": None, "lease_until": None}
    match outcome:
        case Shown(ref):
            return free | {"platform_ref": ref, "shown_at": now, "error": "", "retry_at": None}
        case Gone():
            return free | {"state": Message.State.CANCELLED, "error": "withdrawn"}
        case Again(wait_s, why):
            return free | {
                "state": Message.State.READY,
                "retry_at": real_now + timedelta(seconds=wait_s),
                "error": why[:500],
            }
        case Unknown(why):
            return free | {"state": Message.State.UNKNOWN, "error": why[:500], "retry_at": None, "looks": 0}
        case Parked(why):
            return free | {"state": Message.State.PARKED, "error": why[:500], "retry_at": None}
        case Dead(why):
            return free | {"state": Message.State.DEAD, "error": why[:500]}
