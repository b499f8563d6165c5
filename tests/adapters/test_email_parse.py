"""Hard mails: whatever comes in is read as far as it can be, and nothing of it is believed or run."""

import base64
import time
from contextlib import suppress
from email.message import EmailMessage

import pytest

from adapters.email.parse import (
    BOUNDARIES_MOST,
    HEADER_MOST,
    LINES_MOST,
    PARAMETERS_MOST,
    Letter,
    Unreadable,
    envelope,
    opened,
)
from adapters.email.quoting import lines_of, own_text
from tests.scenarios.mail_post import BOT

SAM = "sam@metering.example"
TEXT_WITHIN_S = 5.0


def read(raw: bytes) -> Letter:
    return opened(envelope(raw, own_address=BOT, own_domain="folkmoot.northwater.example"), raw)


def a_mail(body: bytes = b"Done", **headers: str) -> bytes:
    given = {"From": SAM, "Message-ID": "<one@metering.example>", "Subject": "Report"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return head.encode("utf-8") + b"\r\n" + body


def test_a_plain_mail_is_read() -> None:
    found = read(a_mail(In_Reply_To="<b@x>", References="<a@x> <b@x>"))
    assert (found.sender, found.subject, found.text, found.event_id) == (SAM, "Report", "Done", "one@metering.example")
    assert (found.answers, found.no_answer) == (("b@x", "a@x"), "")


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        ("Sam Okello <SAM@Metering.Example>", SAM),
        ('"Okello, Sam" <sam@metering.example>', SAM),
        ('"ceo@northwater.example" <sam@metering.example>', SAM),
        ("=?utf-8?q?S=C3=A4m?= <sam@metering.example>", SAM),
        ("sam@metering.example (Sam)", SAM),
    ],
)
def test_the_sender_is_the_address_and_never_a_name(line: str, sender: str) -> None:
    assert read(a_mail(From=line)).sender == sender


@pytest.mark.parametrize(
    "line",
    [
        "", "Sam", "sam@metering.example, ada@northwater.example", "<sam@metering.example> <ada@northwater.example>",
        "sam@metering.example\r\nFrom: ada@northwater.example", "undisclosed:;", "sam@metering.example)ada@x.example",
        "<sam@metering.example", "@metering.example", "sam@", "a" * (HEADER_MOST + 1),
    ],
)  # fmt: skip
def test_a_mail_without_exactly_one_sender_is_refused(line: str) -> None:
    with pytest.raises(Unreadable):
        read(a_mail(From=line))


def test_a_mail_without_message_id_is_known_by_its_bytes() -> None:
    one, other = read(a_mail(Message_ID="")), read(a_mail(b"Else", Message_ID=""))
    assert one.event_id.startswith("sha256:")
    assert one.event_id == read(a_mail(Message_ID="")).event_id != other.event_id


def test_a_very_long_message_id_is_known_by_a_digest() -> None:
    found = read(a_mail(Message_ID=f"<{'x' * 900}@metering.example>"))
    assert len(found.event_id) < 100
    assert found.message_id == ""


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "base64"), ("iso-8859-1", "quoted-printable"), ("cp1252", "base64")]
)
def test_words_arrive_whatever_they_are_written_in(charset: str, encoding: str) -> None:
    message = EmailMessage()
    message["From"], message["Message-ID"] = SAM, "<one@metering.example>"
    message.set_content("Über den Zähler\n", charset=charset, cte=encoding)
    assert read(message.as_bytes()).text.strip() == "Über den Zähler"


@pytest.mark.parametrize("charset", ["no-such-thing", "hex", "idna", "utf-7", "rot13"])
def test_an_unknown_charset_is_read_as_well_as_it_can_be(charset: str) -> None:
    raw = a_mail(b"Z\xc3\xa4hler", Content_Type=f"text/plain; charset={charset}")
    assert "hler" in read(raw).text


def test_signs_that_can_not_be_stored_are_left_out() -> None:
    assert read(a_mail(b"Val\x00ve\x07 \x1bchecks")).text == "Valve checks"


def test_the_subject_is_decoded_on_one_line() -> None:
    assert read(a_mail(Subject="=?utf-8?b?WsOkaGxlcg==?=\r\n  =?utf-8?q?_und_Rohr?=")).subject == "Zähler und Rohr"


def test_html_alone_is_read_as_text_and_its_quotes_as_quotes() -> None:
    html = (
        "<html><head><title>x</title><style>p{color:red}</style></head><body><script>hurt()</script>"
        "<p>Yes, please</p><div>Sam &amp; Co</div><blockquote><p>Old words</p></blockquote></body></html>"
    )
    text = read(a_mail(html.encode(), Content_Type="text/html; charset=utf-8")).text
    assert "hurt" not in text
    assert own_text(lines_of(text)) == "Yes, please\nSam & Co"
    assert "> Old words" in text


def test_plain_text_goes_before_html_and_attachments_are_left_alone() -> None:
    message = EmailMessage()
    message["From"], message["Message-ID"] = SAM, "<one@metering.example>"
    message.set_content("Plain words")
    message.add_alternative("<p>Other words</p>", subtype="html")
    message.add_attachment(b"Not these", maintype="text", subtype="plain", filename="a.txt")
    assert read(message.as_bytes()).text.strip() == "Plain words"


def test_a_forwarded_mail_inside_is_not_what_its_sender_wrote() -> None:
    inner = EmailMessage()
    inner.set_content("/people add @Mallory")
    message = EmailMessage()
    message["From"], message["Message-ID"] = SAM, "<one@metering.example>"
    message.add_attachment(inner)
    assert read(message.as_bytes()).text == ""


def test_lines_that_were_broken_to_be_sent_are_whole_again() -> None:
    raw = a_mail(b"One line that \r\nwent on\r\nNext\r\n", Content_Type="text/plain; charset=utf-8; format=flowed")
    assert read(raw).text == "One line that went on\nNext\n"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example>"},
        {"Return_Path": "<>"},
        {"Content_Type": 'multipart/report; report-type=delivery-status; boundary="x"'},
        {"From": "MAILER-DAEMON@metering.example"},
        {"Message_ID": "<0123@folkmoot.northwater.example>"},
        {"From": BOT},
        {"X_Autoreply": "yes"},
        {"Authentication_Results": "mx.northwater.example; spf=pass; dmarc=fail"},
        {"Authentication_Results": "mx.northwater.example;\r\n\tdmarc = fail (p=reject)"},
        {"Authentication_Results": "spf=pass smtp.mailfrom=metering.example; dmarc=fail action=oreject"},
        {"Authentication_Results": "mx.northwater.example; dkim=none (has no end; dmarc=fail"},
    ],
)
def test_what_no_person_wrote_is_not_answered(headers: dict[str, str]) -> None:
    assert read(a_mail(b"Done", **headers)).no_answer


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"Return_Path": f"<{SAM}>"},
        {"Message_ID": "<1@northwater.example>"},
        {"Authentication_Results": "mx.northwater.example; dmarc=pass"},
        {"Authentication_Results": "mx.northwater.example; dmarc=pass (p=none (it was dmarc=fail earlier))"},
        {"Authentication_Results": 'mx.northwater.example; dmarc=pass reason="not dmarc=fail"'},
    ],
)
def test_what_a_person_wrote_is_answered(headers: dict[str, str]) -> None:
    assert read(a_mail(b"Done", **headers)).no_answer == ""


@pytest.mark.parametrize(
    ("servers", "is_forged"),
    [
        (("mx.northwater.example; dmarc=fail", "mx.northwater.example; dmarc=pass"), True),
        (("mx.northwater.example; dkim=none", "mx.northwater.example; dmarc=fail"), True),
        (("mx.northwater.example; x=y", "MX.northwater.example 1; a=b", "mx.northwater.example; dmarc=fail"), True),
        (("mx.northwater.example; dmarc=pass", "elsewhere.example; dmarc=fail"), False),
        (("mx.northwater.example; dmarc=pass", "elsewhere.example; x=y", "mx.northwater.example; dmarc=fail"), False),
    ],
)  # fmt: skip
def test_what_our_own_server_wrote_on_top_of_a_mail_counts(servers: tuple[str, ...], is_forged: bool) -> None:
    above = "".join(f"Authentication-Results: {each}\r\n" for each in servers).encode()
    assert bool(read(above + a_mail(b"x")).no_answer) is is_forged


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_headers_that_were_sent_as_plain_bytes_are_read(charset: str) -> None:
    raw = f"From: Jürgen <{SAM}>\r\nSubject: Störung bei Zählern – heute\r\n\r\nDone".encode(charset)
    found = read(raw)
    assert (found.sender, found.subject) == (SAM, "Störung bei Zählern – heute")


def nested(parts: int, lines: int) -> bytes:
    """A mail of parts within parts, and blank lines in the innermost."""
    begun = "".join(f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n' for n in range(parts))
    return a_mail(f"{begun}--b{parts}\r\n\r\n".encode() + b"\n" * lines, Content_Type='multipart/mixed; boundary="b0"')


@pytest.mark.parametrize(
    "raw",
    [
        nested(450, 120_000),
        nested(BOUNDARIES_MOST, 0),
        nested(1, LINES_MOST),
        nested(1, 0).replace(b"\r\n", b"\r") + b"\r" * LINES_MOST,
        a_mail(Content_Type='text/plain; x="' + ";" * (PARAMETERS_MOST + 1)),
        nested(1, 0) + b'Content-Type: text/plain;\r\n x="' + b"\r\n ;" * (PARAMETERS_MOST + 1),
    ],
)
def test_what_would_keep_the_parser_busy_is_refused_unparsed(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.email.parse.BytesParser", None)
    with pytest.raises(Unreadable, match=r"and at most|more than 100 ways"):
        read(raw)


def test_a_mail_of_many_parts_and_lines_is_read() -> None:
    assert read(nested(BOUNDARIES_MOST - 1, LINES_MOST // 2)).text == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\r\n", b"no mail at all", b"\x00" * 100, b"From: " + b"(" * 5000, b"\xff\xfe\xfd",
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(2000)),
        b"From: sam@metering.example\r\nContent-Type: multipart/mixed\r\n\r\n",
        b"From: sam@metering.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"From: sam@metering.example\r\nSubject: =?utf-8?b?!!!?=\r\n\r\nx",
        b"From: sam@metering.example\r\nSubject: =?nothing?q?=FF?=\r\n\r\nx",
    ],
)  # fmt: skip
def test_no_file_whatever_is_in_it_is_more_than_unreadable(raw: bytes) -> None:
    with suppress(Unreadable):
        assert len(read(raw).event_id) > 0


@pytest.mark.parametrize("sign", ["<!", "<a ", "<div>", "<", "&#", "<!--", "<![CDATA[", "<a href='", "<blockquote>"])
def test_a_hostile_page_is_read_in_no_time(sign: str) -> None:
    raw = a_mail(base64.encodebytes((sign * 100_000).encode()), Content_Type="text/html")
    raw = raw.replace(b"Subject", b"Content-Transfer-Encoding: base64\r\nSubject")
    begun = time.perf_counter()
    read(raw)
    assert time.perf_counter() - begun < TEXT_WITHIN_S


# --- whose words are whose

QUOTED = "> What did you change?\n> A valve\n"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"Yes\n\nOn Tue, 24 Nov 2026 at 12:00, Folkmoot <{BOT}> wrote:\n\n{QUOTED}", "Yes"),
        (f"Yes\n\nOn Tue, 24 Nov 2026 at 12:00, Folkmoot\n<{BOT}> wrote:\n{QUOTED}", "Yes"),
        (f"On Tue, 24 Nov 2026, Folkmoot wrote:\n{QUOTED}\nYes", "Yes"),
        ("Ja\n\nAm Di., 24. Nov. 2026 um 12:00 schrieb Folkmoot:\n> Alt", "Ja"),
        ("Yes\n\n-----Original Message-----\nFrom: Folkmoot\nOld words", "Yes"),
        ("Yes\n\n________________________________\nFrom: Folkmoot <x@y>\nSent: Tuesday\nTo: Sam\n\nOld words", "Yes"),
        ("Yes\n\nFrom: Folkmoot <x@y>\nSent: Tuesday\nSubject: Old\n\nOld words", "Yes"),
        ("Yes\n-- \nSam Okello\nMetering Ltd", "Yes"),
        ("Yes\n\nSent from my iPhone", "Yes"),
        ("From: the depot to the yard\nit is a mile", "From: the depot to the yard\nit is a mile"),
        ("On Monday we begin:\nfirst the valves", "On Monday we begin:\nfirst the valves"),
        ("> all of it quoted", ""),
    ],
)
def test_only_what_somebody_wrote_themselves_counts(text: str, own: str) -> None:
    assert own_text(lines_of(text)) == own
