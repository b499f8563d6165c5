"""Forms open, come back, are refused and follow each other."""

from tests.conformance.guestbook import NOT_YET, TOO_SHORT
from tests.conformance.reading import notes
from tests.conformance.screens import Platform, Screen, card, last


async def test_a_form_opens_from_a_command_and_brings_what_was_filled_in(platform: Platform, ada: Screen) -> None:
    await ada.commands("ask", "field")
    form = ada.form()
    assert form is not None
    assert (form.title, form.holds) == ("A note", {"words": "", "mood": "good"})
    await ada.submits(words="Valve checks\nat Mill Lane", mood="bad")
    assert ada.form() is None
    assert await notes(platform) == ["Valve checks\nat Mill Lane (bad) by Ada"]


async def test_a_form_opens_from_a_press_and_knows_what_it_is_about(
    platform: Platform, ada: Screen, ben: Screen
) -> None:
    await ada.commands("note Valve checks", "field")
    await ben.presses(await card(ben, "field"), "Change")
    assert ben.form() is not None
    assert ada.form() is None
    await ben.submits(words="Meter jobs", mood="good")
    assert await notes(platform) == ["Meter jobs (good)"]
    assert "Meter jobs (good)" in (await card(ada, "field")).words


async def test_a_form_that_is_asked_for_by_the_bots_name_opens_after_one_press_at_most(ada: Screen) -> None:
    await ada.mentions("ask", "field")
    if ada.form() is None:
        offer = await last(ada, "field")
        await ada.presses(offer, offer.labels[0])
    form = ada.form()
    assert form is not None
    assert form.title == "A note"


async def test_a_rejected_form_keeps_what_was_typed_and_says_why(platform: Platform, ada: Screen) -> None:
    await ada.commands("ask")
    await ada.submits(words="no", mood="bad")
    form = ada.form()
    assert form is not None
    assert form.holds == {"words": "no", "mood": "bad"}
    assert form.errors == {"words": TOO_SHORT}
    assert await notes(platform) == []
    await ada.submits(words="no, thanks")
    assert ada.form() is None
    assert await notes(platform) == ["no, thanks (bad) by Ada"]


async def test_a_second_form_replaces_the_first(platform: Platform, ada: Screen) -> None:
    await ada.commands("ask")
    await ada.submits(words="more")
    second = ada.form()
    assert second is not None
    assert (second.title, list(second.holds)) == ("And more", ["words"])
    await ada.submits(words="Meter jobs")
    assert ada.form() is None
    assert await notes(platform) == ["Meter jobs () by Ada"]


async def test_a_form_can_be_left_blank(platform: Platform, ada: Screen) -> None:
    await ada.commands("ask")
    await ada.submits(words="", mood="")
    form = ada.form()
    assert form is not None
    assert form.errors == {"words": TOO_SHORT}
    assert await notes(platform) == []


async def test_a_form_that_cannot_be_taken_now_stays_and_can_be_sent_again(
    platform: Platform, ada: Screen, ben: Screen
) -> None:
    await ada.commands("ask", "field")
    await ada.submits(words="after somebody else", mood="bad")
    form = ada.form()
    assert form is not None
    assert NOT_YET in form.whole
    assert "after somebody else" in form.whole
    assert await notes(platform) == []
    await ben.commands("note Valve checks", "field")
    await ada.submits()
    assert ada.form() is None
    assert await notes(platform) == ["Valve checks", "after somebody else (bad) by Ada"]
