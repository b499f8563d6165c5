"""`/agenda publish` and `/agenda reopen`, and the steps with which an agenda comes out when nobody acts."""

from datetime import UTC, datetime

from bot.agenda import message_views, publishing, reply_views, standing
from bot.agenda.telling import stale
from bot.chat.cards import Card, says
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Due, Pressed
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.council.rules import MOVES, State
from bot.council.standing import Around
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.rules import Part, permitted_parts
from storage import audit
from storage.links import Thing
from storage.meetings import OVER, hold
from storage.people import Person
from storage.tx import Tx
