"""The words of searching and tracing. Source: domain.md S1-04 and 3.6."""

from collections.abc import Mapping, Sequence

from bot.chat.cards import LINES_SHOWN, Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold
from bot.chat.words import count, day, small, typed
from bot.search import rules
from bot.search.shapes import Piece, Section, Step, Tie, Trail
from storage.links import Thing
from storage.searching import FOUND_MAX

NOT_YOURS = "a blocker of another team"
OF_A_COUNCIL = "Kept within a council"
_OWNED = (Thing.ACTION, Thing.INITIATIVE, Thing.MILESTONE)


# --- searching


def found(
    looked_for: tuple[str, ...], hits: Sequence[Piece], people: Mapping[int, str], *, after: int, total: int
) -> Card:
    """One page of what was found; `after` is how many stand on the pages before."""
    words = " ".join(looked_for)
    is_cut = total > FOUND_MAX
    heading = f"More than {FOUND_MAX} things found" if is_cut else f"{count(total, 'thing')} found"
    lines = tuple(_line(each, people, each.kind.capitalize()) for each in hits)
    where = f"For: {words}"
    if total > len(hits):
        where += f" · {after + 1} to {after + len(hits)}" + ("; one more word finds less" if is_cut else f" of {total}")
    buttons = _pages(looked_for, hits, after=after, total=total)
    return Card(
        f"{heading} for {words}.",
        (Title(heading), Note(where), Group("", lines), *([Buttons(buttons)] if buttons else [])),
    )


def _pages(looked_for: tuple[str, ...], hits: Sequence[Piece], *, after: int, total: int) -> tuple[Button, ...]:
    line = rules.line_of(looked_for)
    back = Button("Back", "search.more", {"words": line, "after": str(after - rules.PAGE)}, spoken="The page before")
    more = Button("More", "search.more", {"words": line, "after": str(after + rules.PAGE)}, spoken="The next page")
    is_exact = bool(hits) and len(looked_for) == 1 and hits[0].code.casefold() == looked_for[0].casefold()
    chain = [trace_button(hits[0])] if is_exact else []
    return (*chain, *([back] if after else []), *([more] if after + len(hits) < total else []))


def trace_button(piece: Piece) -> Button:
    """Shows where it came from and what became of it."""
    return Button(f"Trace {piece.code}"[:40], "search.trace", {"code": piece.code})


def nothing(looked_for: tuple[str, ...]) -> Card:
    """Nothing was found, and what may help."""
    words = " ".join(looked_for)
    many = "Try fewer words: all of them must be there." if len(looked_for) > 1 else "Part of a word is enough."
    text = f"I found nothing for {words}. {many} A code such as A-104 works, too."
    return Card(text, (Paragraph((text,)),))


def which_words() -> str:
    """A search without words."""
    return f"What are you looking for? For example: {typed('search fault details')}"


def too_many_words(number: int) -> str:
    """A search with more words than are looked for at once."""
    most = f"please look for at most {small(rules.TERMS_MAX)}"
    return f"Those are {small(number)} words; {most}. What stands in quotation marks counts as one."


def too_long(length: int) -> str:
    """A search that is a letter."""
    return f"That is {length} characters; please look for a few words, at most {rules.WORDS_MAX} characters."


# --- tracing


def which_code() -> str:
    """A trace without a code."""
    return f"Of what? Please name it by its code. For example: {typed('search trace A-104')}"


def unknown(code: str) -> str:
    """E-04."""
    return f"I can't find {code}. Try `{typed('search')}` with a word of its title."


def traced(trail: Trail, *, hidden: int = 0) -> Card:
    """The chain both ways. `hidden` is how much of it this reader may not see."""
    root = trail.root
    elements: list[Element] = [
        Title(f"Trace of {root.code or root.kind}"),
        Group("Where it came from", _origin(trail)),
        Group("This is", (_line(root, trail.people, root.kind.capitalize()),)),
    ]
    wholes = _steps(trail, Section.WHOLE)
    missing = tuple(Line((f"{kind.capitalize()}: none",)) for kind in trail.missing)
    elements += [Group("What it is part of", (*wholes, *missing))] if wholes or missing else []
    for label, section in (("What is in its way", Section.OBSTACLE), ("What it holds up", Section.HELD_UP)):
        lines = _steps(trail, section)
        elements += [Group(label, lines)] if lines else []
    elements.append(Group("What became of it", _steps(trail, Section.SEQUEL) or (Line(("none",)),)))
    if hidden:
        elements.append(Note("Parts that are shown to members only are left out."))
    return Card(_sentence(trail), tuple(elements))


def _sentence(trail: Trail) -> str:
    names = [trail.known[step.end].name for step in _oldest_first(trail)]
    chain = " → ".join([*names, trail.root.name])
    after = len(trail.of(Section.SEQUEL)) + trail.more.get(Section.SEQUEL, 0)
    return f"{chain}; {count(after, 'thing')} came of it."


def _oldest_first(trail: Trail) -> list[Step]:
    return trail.of(Section.ORIGIN)[::-1]


def _origin(trail: Trail) -> tuple[Line, ...]:
    """From the first beginning to what led to it."""
    lines = _capped([_step(trail, step) for step in trail.of(Section.ORIGIN)], trail.more.get(Section.ORIGIN, 0))
    return tuple(reversed(lines)) or (Line(("none",)),)


def _steps(trail: Trail, section: Section) -> tuple[Line, ...]:
    lines = [_step(trail, step) for step in trail.of(section)]
    return tuple(_capped(lines, trail.more.get(section, 0)))


def _capped(lines: list[Line], more: int) -> list[Line]:
    """As many as a group shows, the last of them saying how many there are beyond."""
    beyond = len(lines) + more - LINES_SHOWN
    if beyond <= 0:
        return lines
    return [*lines[: LINES_SHOWN - 1], Line((f"+{beyond + 1} more",))]


def _step(trail: Trail, step: Step) -> Line:
    return _line(trail.known[step.end], trail.people, tie=_tied(step, trail.known[step.near].name))


def _tied(step: Step, near: str) -> str:
    """How it hangs on what is nearer to the root."""
    upwards = step.section in {Section.ORIGIN, Section.OBSTACLE}
    match step.tie:
        case Tie.LED_TO:
            return f"led to {near}" if upwards or step.section is Section.WHOLE else f"came from {near}"
        case Tie.REPEATS:
            return f"came again as {near}" if upwards else f"{near} once more"
        case Tie.PART_OF:
            return f"{near} is part of it" if step.section is Section.WHOLE else f"part of {near}"
        case Tie.SERVES:
            return f"{near} serves it" if step.section is Section.WHOLE else f"serves {near}"
        case Tie.BLOCKS:
            return f"holds up {near}" if upwards else f"waits for {near}"


def _line(piece: Piece, people: Mapping[int, str], what: str = "", *, tie: str = "") -> Line:
    """`Check eight calls  A-104`, and under it its state, owner and date."""
    who = people.get(piece.person_id or 0, "no owner yet" if piece.end[0] in _OWNED else "")
    when = f"{piece.on_is} {day(piece.on)}" if piece.on else ""
    facts = [part for part in (what, piece.state, who, when, tie) if part]
    return Line((Bold(piece.title), *((f"  {piece.code}",) if piece.code else ())), (" · ".join(facts),))


def kept(thing: Thing) -> str:
    """What stands for words that the reader may not see."""
    return NOT_YOURS.capitalize() if thing is Thing.BLOCKER else OF_A_COUNCIL
