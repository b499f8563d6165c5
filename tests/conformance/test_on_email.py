"""Laws that are e-mail's alone: no rooms, no buttons and no edits, but the same words, forms and answers."""

import pytest

from tests.conformance.guestbook import NOT_YET, TIMES_SHOWN, TOO_SHORT
from tests.conformance.test_words import LITERAL
from tests.support.mail_office import ADA, BEN, GUS, MailOffice
from tests.support.mail_reading import events, notes


async def test_a_line_by_mail_is_handled_and_answered_by_mail(email: MailOffice) -> None:
    answer = await email.hears(ADA, "Valve checks", message_id="one@northwater.example")
    assert await notes(email) == ["Valve checks"]
    assert "V-1 noted" in answer.text
    assert answer.answers == "one@northwater.example"


@pytest.mark.req("S3-33")
async def test_the_same_mail_twice_is_handled_once(email: MailOffice) -> None:
    email.post.write(ADA, "Valve checks", message_id="one@northwater.example")
    email.post.write(ADA, "Valve checks", message_id="one@northwater.example")
    await email.collect()
    before = [each.message_id for each in email.post.mails()]
    email.post.write(ADA, "Valve checks", message_id="one@northwater.example")
    await email.restarted().collect()
    assert await notes(email) == ["Valve checks"]
    assert [each.message_id for each in email.post.mails()] == before
    assert len(email.post.lying_in("done")) == 3


async def test_the_same_words_twice_are_two_notes_by_mail(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks")
    await email.hears(ADA, "Valve checks")
    assert await notes(email) == ["Valve checks"] * 2


async def test_a_button_is_pressed_by_its_words(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks")
    card = email.card(ADA)
    assert card.choices[:4] == ["Who", "Shout", "More", "Change"]
    email.post.reply(card, "Who")
    await email.collect()
    assert f"note.who of note 1 by Ada in {ADA}, alone" in email.answer(ADA).text


async def test_who_presses_and_hears_nothing_else_sees_how_it_stands_then(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks")
    email.post.reply(email.card(ADA), "Hello\n\n> Who\n\nShout.\n\nAda")
    before = len(email.post.mails())
    await email.collect()
    assert await notes(email) == ["VALVE CHECKS"]
    assert "VALVE CHECKS" in email.answer(ADA).text
    assert len(email.post.mails()) == before + 1, "what was refreshed is no mail of its own"


async def test_a_mail_is_shown_again_as_it_stands(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks")
    card = email.card(ADA)
    email.post.reply(card, "More")
    await email.collect()
    email.post.reply(card, "Show again")
    await email.collect()
    assert "Valve checks!\n" in email.answer(ADA).text
    assert await notes(email) == ["Valve checks!"]


async def test_two_buttons_at_once_are_none(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks")
    email.post.reply(email.card(ADA), "Shout\nMore")
    await email.collect()
    assert await notes(email) == ["Valve checks"]
    assert "'Shout' and 'More'" in email.answer(ADA).text


async def test_a_form_that_was_asked_for_comes_as_a_mail_and_is_filled_in_below_its_questions(
    email: MailOffice,
) -> None:
    form = await email.hears(ADA, "/ask")
    assert "This form was asked by Ada." in form.text
    email.post.fill_in(form, {"Your words": "Valve checks\nat Mill Lane", "Mood": "bad"})
    await email.collect()
    assert await notes(email) == ["Valve checks\nat Mill Lane (bad) by Ada"]


async def test_a_card_brings_the_form_of_its_button_so_one_mail_is_enough(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks")
    card = email.card(ADA)
    assert "This form was changed." in card.text
    email.post.fill_in(card, {"Your words": "Meter jobs"})
    await email.collect()
    assert await notes(email) == ["Meter jobs (good)"]
    assert await events(email) == 2, "to look at a form is no event"


async def test_a_form_can_be_sent_as_it_stands(email: MailOffice) -> None:
    form = await email.hears(ADA, "/ask")
    email.post.reply(form, "Send")
    await email.collect()
    assert TOO_SHORT in email.answer(ADA).text


async def test_a_rejected_form_comes_back_with_what_was_typed(email: MailOffice) -> None:
    form = await email.hears(ADA, "/ask")
    email.post.fill_in(form, {"Your words": "no", "Mood": "bad"})
    await email.collect()
    again = email.answer(ADA)
    assert f"! {TOO_SHORT}" in again.text
    assert "Your words\nno" in again.text
    assert "Mood\nBad" in again.text
    assert await notes(email) == []
    email.post.fill_in(again, {"Your words": "no, thanks"})
    await email.collect()
    assert await notes(email) == ["no, thanks (bad) by Ada"]


async def test_what_is_no_option_comes_back_before_anything_is_done(email: MailOffice) -> None:
    form = await email.hears(ADA, "/ask")
    before = await events(email)
    email.post.fill_in(form, {"Your words": "Valve checks", "Mood": "middling"})
    await email.collect()
    assert "I can't find 'middling' among the options. Write one of them: Good or Bad." in email.answer(ADA).text
    assert "Your words\nValve checks" in email.answer(ADA).text
    assert await events(email) == before


async def test_a_second_form_follows_the_first_by_mail(email: MailOffice) -> None:
    form = await email.hears(ADA, "/ask")
    email.post.fill_in(form, {"Your words": "more"})
    await email.collect()
    second = email.answer(ADA)
    assert "And more" in second.text
    email.post.fill_in(second, {"More words": "Meter jobs"})
    await email.collect()
    assert await notes(email) == ["Meter jobs () by Ada"]


async def test_a_form_that_cannot_be_taken_now_comes_back_and_can_be_sent_again(email: MailOffice) -> None:
    form = await email.hears(ADA, "/ask")
    email.post.fill_in(form, {"Your words": "after somebody else", "Mood": "bad"})
    await email.collect()
    again = email.answer(ADA)
    assert NOT_YET in again.text
    assert "Your words\nafter somebody else" in again.text
    await email.hears(BEN, "Valve checks")
    email.post.reply(again, "Send")
    await email.collect()
    assert await notes(email) == ["Valve checks", "after somebody else (bad) by Ada"]


@pytest.mark.parametrize("text", [each for each in LITERAL if not each.startswith(">")])
async def test_typed_text_is_never_markup_by_mail(email: MailOffice, text: str) -> None:
    await email.hears(ADA, text)
    assert await notes(email) == [text]
    card = email.card(ADA)
    assert card.text.count(text) >= TIMES_SHOWN
    assert not any(mark in card.html for mark in ("<script", "<img", "<iframe", 'href="https://evil', "<b>bold"))


async def test_a_mail_of_several_lines_arrives_whole(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks\nMeter jobs\n\nStock count")
    assert await notes(email) == ["Valve checks\nMeter jobs\n\nStock count"]


@pytest.mark.parametrize("who", ["stranger@elsewhere.example", GUS])
async def test_a_stranger_gets_no_answer_and_their_mail_is_laid_aside(email: MailOffice, who: str) -> None:
    email.post.write(who, "Let me in")
    await email.collect()
    assert email.post.mails() == []
    assert (email.post.lying_in("in"), email.post.lying_in("refused")) == ([], ["0001.eml"])
    assert await events(email) == 0


async def test_what_is_for_one_member_is_nobody_elses(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks")
    assert {each.to for each in email.post.mails()} == {ADA}


async def test_nobody_presses_a_button_of_somebody_elses_mail(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks")
    email.post.reply(email.card(ADA), "Shout", sender=BEN)
    await email.collect()
    assert await notes(email) == ["Valve checks", "Shout"], "to Ben it is a line like any other"


async def test_the_bot_answers_none_of_its_own_mails(email: MailOffice) -> None:
    await email.hears(ADA, "Valve checks")
    sent = len(email.post.mails())
    for each in email.post.mails():
        email.post.lay((email.folder / "out" / each.file).read_bytes(), name=f"back-{each.file}")
    await email.collect()
    assert len(email.post.mails()) == sent
    assert await notes(email) == ["Valve checks"]
