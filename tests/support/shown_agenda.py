"""Every card and form of an agenda as somebody would see it: the CX Council of Thu 3 Dec 2026."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.agenda import form_views, message_views, reply_views, rules, views
from bot.agenda.rules import Agenda, Entry, Kind, Line, Purpose, Quote, Section, State
from bot.agenda.views import Head
from bot.chat.cards import Card, says
from bot.chat.forms import Form
from bot.chat.spans import Hue
from bot.council.rules import Quorum
from storage.agenda import AgendaItem
from storage.agenda_sources import Named
from storage.councils import Council
from storage.people import Department

LONDON = ZoneInfo("Europe/London")
BEGINS = datetime(2026, 12, 3, 10, tzinfo=UTC)
OUT = datetime(2026, 11, 30, 16, tzinfo=UTC)
HEAD = Head(
    12, "CX Council", BEGINS, LONDON, "Room 4 and video", chair="Cora", quorum=Quorum(7, 8, 5),
    deputies=(("Ida", "Ivo"),), edition=1, customer="Mrs Okafor", items_closed=True, publishes_at=OUT,
)  # fmt: skip


def _report(seq: int, name: str, *lines: Line) -> Entry:
    return Entry(seq, 3, seq, name, Kind.REPORT, State.PUBLISHED, department=name, lines=lines)


VISITS = Entry(
    51, 5, 1, "Eight fault questions before a visit", state=State.PUBLISHED, purpose=Purpose.DECISION, minutes=10,
    owner="Ann", initiative="I-1 Fault questions", hurts="Field", starts="Call centre", deferrals=1,
    paper_url="https://example.com/visits", one_view="Calls must be short.",
    other_view="Calls must find the fault.", level="strategic",
)  # fmt: skip
SECRET = Entry(
    72, 7, 2, "The metering contract", state=State.PUBLISHED, purpose=Purpose.DISCUSSION, minutes=10, owner="Fin",
    internal=True,
)  # fmt: skip
RANKING = Entry(71, 7, 1, "Which two begin in January", state=State.PUBLISHED, purpose=Purpose.DECISION, minutes=5)
SECTIONS = (
    Section(
        1,
        items=(
            Entry(11, 1, 1, "Apologies and quorum", Kind.APOLOGIES, State.PUBLISHED),
            Entry(12, 1, 2, "Minutes of Thu 5 Nov", Kind.MINUTES, State.PUBLISHED, consent=True),
        ),
        lines=(
            Line("Call back the six customers of Harbour Road", "overdue since Mon 16 Nov · Bea", "A-101"),
            Line("Fault questions on one page", "due Fri 4 Dec · Ann", "A-103"),
            Line("Vans carry seals", "done Thu 19 Nov · Raj", "A-102"),
            Line("Visit times by text", "done Fri 20 Nov · Dov", "A-104"),
        ),
        counts={"overdue": 1, "open": 1, "done": 2},
    ),
    Section(
        2,
        quotes=(Quote("I took a second morning off for this.", "V-7 · Mon 23 Nov", 7),),
        lines=(
            Line("First-time fix 78.0%, up 2 points, within noise · n 310 · target 85%: amber"),
            Line("NPS +17, up 15 points, a real change · between 9.24 and 23.76 · n 500 · target +20: amber"),
        ),
        counts={"measures": 2, "words": 1},
    ),
    Section(
        3,
        items=(
            _report(1, "Call centre", Line("The new script is in use in both shifts.")),
            _report(
                2,
                "Field",
                Line("First-time fix 78% down 2 points", "red"),
                Line("Field asks Call centre: fault details before each visit"),
            ),
        ),
        counts={"received": 6, "asked": 8},
        missing=("Marketing", "Finance"),
    ),
    Section(4),
    Section(
        5,
        items=(VISITS,),
        lines=(
            Line(
                "Fault questions", "P1 · Ann · next Script live Fri 8 Jan, 21 days late · waits for B-7", "I-1", Hue.RED
            ),
            Line("Visit times by text", "P2 · Dov · next Pilot Mon 14 Dec", "I-3", Hue.GREEN),
            Line("I-3 waits for I-1", "changed since the last meeting"),
        ),
        counts={"running": 4, "late": 1, "dependencies": 1},
    ),
    Section(
        6,
        lines=(
            Line("Call time against First-time fix", "short calls leave out the diagnosis · since Thu 19 Nov"),
            Line("Marketing has no measure"),
        ),
        counts={"conflicts": 1, "unmeasured": 1},
    ),
    Section(
        7,
        items=(RANKING, SECRET),
        lines=(
            Line("Text the customer the visit time", "ranked 1", "I-3"),
            Line("Fault questions before booking", "ranked 2", "I-1"),
        ),
        counts={"ranked": 5, "unranked": 2},
        notes=("2 initiatives not ranked yet", "£40,000 and 40 days a month left, 4 of 5 in flight"),
    ),
    Section(8),
    Section(9, counts={"late": 0, "waiting": 1}),
)
WHOLE = Agenda(tuple(replace(each, minutes=rules.minutes_of(each, None)) for each in SECTIONS), 90)
LONG = Agenda(tuple(replace(each, minutes=each.minutes + 5) for each in WHOLE.sections), 90)
DRAFT = replace(HEAD, draft=True, edition=0, items_closed=False, quorum=Quorum(3, 8, 5), deputies=())
ROW = AgendaItem(
    id=51, council_id=1, meeting_id=12, section=5, seq=1, title="Eight fault questions before a visit", minutes=10,
    purpose=Purpose.DECISION, state=State.PUBLISHED, owner_id=1, deferrals=2, reason="not before the budget",
)  # fmt: skip
CHRISTMAS = Entry(74, 7, 4, "Christmas hours", state=State.LATE_PENDING, minutes=5, is_late=True)
JANUARY = date(2027, 1, 7)
DEPARTMENTS = [Department(id=n, name=name) for n, name in enumerate(("Call centre", "Field", "Billing"), start=1)]
COUNCILS = [
    Council(id=n, name=name, rule="", starts_on=BEGINS.date(), at_time=time(10), zone="Europe/London")
    for n, name in enumerate(("CX Council", "Safety Council"), start=1)
]
CHANGES = ["3.7 Marketing report received", "5.1 Second visits taken off", "9.1 Christmas hours added", "7.2 changed"]

AGENDAS: dict[str, Card | Form] = {
    "agenda-paper": views.paper(HEAD, WHOLE),
    "agenda-paper-for-outsiders": views.paper(HEAD, rules.outside(WHOLE)),
    "agenda-paper-vacant": views.paper(
        replace(
            HEAD,
            customer="",
            vacant=("Digital",),
            unseated=("Complaints", "Metering Ltd"),
            edition=2,
            published_by="Cora",
            over_min=5,
            quorum=Quorum(4, 8, 5),
            deputies=(),
        ),
        LONG,
    ),
    "agenda-paper-for-the-chair": views.paper(replace(HEAD, may_edit=True), WHOLE),
    "agenda-paper-over": views.paper(replace(HEAD, is_over=True), WHOLE),
    "agenda-draft": views.paper(replace(DRAFT, may_publish=True), WHOLE),
    "agenda-draft-long": views.paper(replace(DRAFT, edition=1, may_publish=True), LONG),
    **{f"agenda-opened-{each.number}": views.opened(HEAD, each) for each in WHOLE.sections},
    "agenda-opened-7-for-outsiders": views.opened(HEAD, rules.outside(WHOLE).section(7)),
    "agenda-not-out": message_views.not_out(replace(HEAD, items_closed=False), 3, (5, 8)),
    "agenda-not-out-for-others": says(views.not_out_for_others(HEAD)),
    "agenda-open-form": form_views.look(HEAD, WHOLE),
    "agenda-add-form": form_views.add({}, DEPARTMENTS, ids={"meeting": "12"}, late=False),
    "agenda-add-form-of-a-thing": form_views.add(
        {"title": "Text the customer the visit time", "item": "7", "from": "I-3"},
        DEPARTMENTS,
        ids={"from": "I-3", "once": "1"},
        late=False,
        councils=COUNCILS,
    ),
    "agenda-on-already": says(reply_views.is_on_already("B-7", ROW, "CX Council", BEGINS.date())),
    "agenda-add-form-late": form_views.add({}, (), ids={"meeting": "12"}, late=True, outsider=True),
    "agenda-why-form": form_views.why(ROW, "decline"),
    "agenda-late": message_views.late_asked(HEAD, CHRISTMAS, "Mia", JANUARY),
    "agenda-late-admitted": message_views.late_settled(CHRISTMAS, message_views.admitted_as(CHRISTMAS)),
    "agenda-late-next-time": message_views.late_settled(CHRISTMAS, message_views.waits_until(JANUARY)),
    "agenda-updated": message_views.updated(replace(HEAD, edition=2), CHANGES),
    "agenda-proposed": message_views.proposed(VISITS, message_views.went_up("B-7"), HEAD),
    "agenda-news": message_views.told_owner(VISITS, "declined", "the change board decides that", "Sev"),
    "agenda-news-merged": message_views.merged(VISITS, reply_views.number_alone(ROW), "Sev"),
    "agenda-added": says(reply_views.added(ROW, WHOLE)),
    "agenda-late-answer": says(
        reply_views.late(BEGINS.date(), OUT, (LONDON, LONDON), chair="Cora", following=JANUARY),
    ),
    "agenda-too-long": reply_views.too_long(LONG, 12),
    "agenda-must-choose": says(reply_views.must_choose(ROW)),
    "agenda-who-owns": says(reply_views.who_owns(ROW, "Field", "Call centre")),
    "agenda-parked": reply_views.parked_list("CX Council", [ROW], Named({1: "Ann"}, {}, {}), may_bring_back=True),
    "agenda-parked-empty": reply_views.parked_list("CX Council", [], Named({}, {}, {}), may_bring_back=True),
}
