"""Hypothesis strategies for cards, forms and answers of every kind, within the limits."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

from hypothesis import strategies as st

from bot.chat import cards, forms, pictures, spans
from bot.chat.cards import Card, Element
from bot.chat.forms import Form, Input
from bot.chat.replies import Answer

typed = st.text(max_size=40)
said = st.text(min_size=1, max_size=40)
ids = st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True), typed, max_size=3)
flags = st.booleans()
addresses = st.sampled_from(["https://northwater.example/a?b=c&d", "http://localhost:8000/"])
instants = st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1))  # noqa: DTZ001 - hypothesis wants bounds without a zone

bold = st.builds(spans.Bold, typed)
link = st.builds(spans.Link, typed, addresses)
mention = st.builds(spans.Mention, st.integers(min_value=1), typed)
when = st.builds(spans.When, instants)
colour = st.builds(spans.Colour, st.sampled_from(spans.Hue), typed)
span = st.one_of(typed, bold, link, mention, when, colour)
text = st.lists(span, max_size=4).map(tuple)

line = st.builds(cards.Line, text, text)
number = st.builds(cards.Number, typed, typed, typed)
button = st.builds(cards.Button, said, typed, ids, flags, flags, typed)
link_button = st.builds(cards.LinkButton, said, addresses)

title = st.builds(cards.Title, said)
note = st.builds(cards.Note, said)
paragraph = st.builds(cards.Paragraph, text)
group = st.builds(cards.Group, typed, st.lists(line, max_size=12).map(tuple), flags)
words = st.builds(cards.Words, typed, typed)
facts = st.builds(cards.Facts, st.lists(st.tuples(typed, text), min_size=1, max_size=4).map(tuple))
numbers = st.builds(cards.Numbers, st.lists(number, min_size=1, max_size=4).map(tuple))
buttons = st.builds(cards.Buttons, st.lists(st.one_of(button, link_button), min_size=1, max_size=2).map(tuple))
row = st.builds(cards.Row, typed, typed, st.none() | button)
divider = st.just(cards.Divider())
point = st.tuples(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.decimals(-1_000_000, 1_000_000, places=2))
trend = st.builds(
    pictures.Trend,
    st.lists(point, min_size=2, max_size=5, unique_by=lambda each: each[0]).map(lambda found: tuple(sorted(found))),
    st.sampled_from(["%", " s", ""]),
)
box = st.builds(pictures.Box, typed, st.none() | st.sampled_from(spans.Hue), typed)
cell = st.builds(pictures.Cell, st.lists(box, max_size=pictures.BOXES_MOST).map(tuple), st.integers(0, 2_000))
map_row = st.builds(pictures.MapRow, typed, st.tuples(cell, cell, cell))


def _map(columns: tuple[str, str, str], rows: list[pictures.MapRow], arrows: list[tuple[int, int]]) -> pictures.Map:
    """A map of rows whose codes are made different, with arrows between any of its boxes."""
    numbers = count()
    named = tuple(
        replace(row, cells=tuple(
            replace(cell, boxes=tuple(replace(box, code=f"{box.code}{next(numbers)}") for box in cell.boxes))
            for cell in row.cells
        ))
        for row in rows
    )  # fmt: skip
    codes = [box.code for row in named for cell in row.cells for box in cell.boxes]
    ends = [(codes[one % len(codes)], codes[other % len(codes)]) for one, other in arrows] if codes else []
    return pictures.Map(columns, named, tuple(ends))


places = st.integers(min_value=0, max_value=100)
whole_map = st.builds(
    _map,
    st.tuples(typed, typed, typed),
    st.lists(map_row, min_size=1, max_size=pictures.ROWS_MOST),
    st.lists(st.tuples(places, places), max_size=5),
)
picture = st.builds(cards.Picture, trend | whole_map, said)
element: st.SearchStrategy[Element] = st.one_of(
    title, note, paragraph, group, words, facts, numbers, buttons, row, divider, picture
)
sentence = said.filter(str.strip)
enclosed = st.builds(cards.Enclosed, st.sampled_from(cards.Enclosure), st.integers(1, 9))
card: st.SearchStrategy[Card] = st.builds(
    Card, sentence, st.lists(element, max_size=3).map(tuple), st.lists(enclosed, max_size=1).map(tuple)
)

option = st.builds(forms.Option, typed, said)
options = st.lists(option, min_size=1, max_size=4).map(tuple)
input_ids = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
text_input = st.builds(
    forms.TextInput, input_ids, said, typed, typed, typed, flags, flags, st.integers(min_value=1, max_value=3000)
)
one_of = st.builds(forms.OneOf, input_ids, said, options, typed, typed, typed, flags)
some_of = st.builds(forms.SomeOf, input_ids, said, options, typed, typed, flags)
date_input = st.builds(forms.DateInput, input_ids, typed, typed, typed, flags)
time_input = st.builds(forms.TimeInput, input_ids, typed, typed, typed, flags)
person_input = st.builds(forms.PersonInput, input_ids, typed, typed, typed, flags)
form_input: st.SearchStrategy[Input] = st.one_of(text_input, one_of, some_of, date_input, time_input, person_input)
short = st.text(min_size=1, max_size=24)
form: st.SearchStrategy[Form] = st.builds(
    Form,
    title=short,
    verb=typed,
    inputs=st.lists(form_input, max_size=4, unique_by=lambda each: each.id).map(tuple),
    ids=ids,
    note=typed,
    closing_note=typed,
    submit=short,
    errors=ids,
)
answer: st.SearchStrategy[Answer] = st.builds(Answer, card | form, flags)

KINDS: tuple[st.SearchStrategy[object], ...] = (
    bold,
    link,
    mention,
    when,
    colour,
    trend,
    box,
    cell,
    map_row,
    whole_map,
    line,
    number,
    button,
    link_button,
    title,
    note,
    paragraph,
    group,
    words,
    facts,
    numbers,
    buttons,
    row,
    divider,
    picture,
    enclosed,
    card,
    option,
    text_input,
    one_of,
    some_of,
    date_input,
    time_input,
    person_input,
    form,
    answer,
)
"""A strategy for each kind of thing that a card, a form or an answer is made of."""
