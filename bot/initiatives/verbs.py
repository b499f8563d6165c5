"""Everything that can be typed, pressed and sent about initiatives."""

from collections.abc import Mapping

from bot.chat.commands import Rest, Usage
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection
from bot.initiatives import (
    adding,
    approving,
    asking,
    batches,
    case_views,
    casing,
    charters,
    depending,
    frames,
    handlers,
    moving,
    projections,
    rating,
    setting,
    stakeholders,
    undoing,
)

after_undo = undoing.after_undo

_CODES = ("I",)


def _command(
    verb: str,
    about: str,
    handler: Handler[Asked],
    example: str,
    *,
    also: str,
    keys: tuple[str, ...] = (),
    people: bool = False,
) -> Command:
    usage = Usage(f"initiative {verb}", rest=Rest.WORDS, keys=keys, codes=_CODES, people=people, plain=False)
    typed = f"/initiative {verb}"
    return Command(usage, about, handler, example=f"{typed} {example}", also=f"{typed} {also}")


COMMANDS: tuple[Command, ...] = (
    Command(
        Usage("initiative list", ("initiative",), Rest.WORDS, keys=("domain", "batch"), codes=_CODES, plain=False),
        "The initiatives; by domain:, batch:, a state, mine, untagged",
        handlers.show_list,
        example="/initiative list in flight domain:Service",
        also="/initiative list batch:BT-2",
    ),
    _command("show", "One initiative", handlers.show, "I-4", also="I-12"),
    _command("idea", "Keep an idea", adding.idea, '"Text the customer the visit time" stage:Visit',
             also='"One number for all faults"', keys=adding.KEYS),
    _command("add", "Add an initiative, as a lead", adding.add, '"New CRM" domain:Service',
             also='"Fault questions before booking" domain:Service stage:Visit', keys=adding.KEYS),
    _command("set", "Its people, dates and place", setting.set_fields, "I-4 sponsor:@Carl owner:@Ann prio:P2",
             also="I-4 domain:Service starts:2026-12-01",
             keys=setting.KEYS),
    _command("people", "Who has which part: R, A, C or I", stakeholders.name_part, "I-4 @Ann part:R",
             also="I-4", keys=("part",),
             people=True),
    _command("score", "Benefit, cost and effort, each 1 to 5", rating.score, "I-4 benefit:5 cost:2 effort:2",
             also="I-12 benefit:3 cost:1 effort:4",
             keys=rating.KEYS),
    _command("case", "What it saves each month, from a few numbers", casing.case,
             "I-4 faults:1000 call:3 visit:150 repeats:20% then:8%", also="I-4 extra:3 once:30000 months:6",
             keys=case_views.KEYS),
    _command("charter", "Write or change its charter", charters.open_form, "I-4", also="I-12", keys=("reason",)),
    _command("review", "Send the charter to the sponsor", approving.review, "I-4", also="I-12"),
    _command("approve", "Approve the charter, as its sponsor", approving.approve, "I-4", also="I-12"),
    Command(
        Usage("initiative batch", rest=Rest.WORDS, keys=batches.KEYS, codes=("I", "BT"), plain=False),
        "Initiatives that begin together",
        batches.batch,
        example="/initiative batch BT-2 add I-4 I-7",
        also='/initiative batch "Spring" starts:2027-03-01 ends:2027-05-31',
    ),
    _command("domain", "The fields of work, or a new one", setting.domain, '"Service"', also='"Billing"'),
    _command("objective", "What an initiative serves, or a new objective", setting.objective,
             'I-4 "Right first time"', also='I-12 "Fewer repeat visits" brings:"less fuel"', keys=("brings",)),
    _command("measure", "The customer number in which it shows", setting.measure, "I-4 FTF", also="I-12 CWR"),
    _command("frame", "The limits that are valid, or new ones", frames.frame,
             "starts:2026-12-01 ends:2027-11-30 flight:5", also="budget:40000 days:60", keys=frames.KEYS),
    _command("depends", "What it waits for", depending.depend, "I-4 on:I-2 lag:3",
             also="I-4 off:I-2", keys=("on", "off", "lag")),
    _command("start", "It begins, or goes on", moving.start, "I-4", also="I-12", keys=("reason",)),
    _command("pause", "It rests, for a reason", moving.pause, 'I-4 "the supplier left"',
             also="I-12 no budget before April", keys=("reason",)),
    _command("deliver", "Its work is done", moving.deliver, "I-4", also="I-12", keys=("reason",)),
    _command("close", "It is over, with what it brought", moving.close, "I-4", also="I-12", keys=("reason",)),
    _command("stop", "Its sponsor ends it early", moving.stop, 'I-4 "no effect"',
             also="I-12 the cause was another one", keys=("reason",)),
    _command("drop", "It does not come about", moving.drop, 'I-4 "too dear"',
             also="I-12 the same as I-4", keys=("reason",)),
)  # fmt: skip

PRESSES: Mapping[str, Handler[Pressed]] = {
    "initiative.more": handlers.more,
    "initiative.new": adding.keep_new,
    "initiative.same": adding.same,
    "initiative.read": stakeholders.has_read,
    "initiative.ask": stakeholders.open_question,
    "initiative.answering": stakeholders.open_answer,
    "initiative.show_charter": charters.show,
    "initiative.charter_page": charters.read_on,
    "initiative.charter": charters.open_form,
    "initiative.review": approving.review,
    "initiative.approve": approving.approve,
    "initiative.query": approving.open_query,
    "initiative.answer_query": approving.open_answer,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "initiative.save_charter": charters.save,
    "initiative.question": stakeholders.ask,
    "initiative.answered": stakeholders.answer,
    "initiative.save_query": approving.query,
    "initiative.save_answer": approving.answer,
}

VIEWS: Mapping[str, Projection] = {
    stakeholders.KICK_OFF: projections.kick_off,
    stakeholders.QUESTION: projections.question,
    stakeholders.REPLY: projections.reply,
    asking.NEWS: projections.news,
    charters.REVIEW: projections.review,
    approving.TOLD: projections.charter,
}
