"""Papers and meetings as the files that go along with a mail. Pure."""

from adapters.email.mime import Attachment
from adapters.papers.calendars import Invited, invitation, method_of
from adapters.papers.files import KINDS
from bot.chat.papers import Diary, Format, Paper


def attached(what: Paper | Diary, invited: Invited) -> Attachment:
    """A paper as PDF, a meeting as the invitation of who gets the mail."""
    if isinstance(what, Diary):
        return Attachment("meeting.ics", "text/calendar", invitation(what, invited), method_of(what))
    kind = KINDS[Format.PDF]
    return Attachment(f"{what.name}.{Format.PDF}", kind.content_type, kind.made(what))
