"""Six weeks of first-time fixes, to be drawn."""

from datetime import date, timedelta
from decimal import Decimal

from bot.chat.pictures import Trend

BEGAN = date(2026, 10, 13)
RATES = Trend(
    tuple((BEGAN + timedelta(weeks=week), Decimal(rate)) for week, rate in enumerate((71, 69, 74, 73, 76, 78))), "%"
)
