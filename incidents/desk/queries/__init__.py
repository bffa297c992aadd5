"""What lies on one's desk, and what the month brought."""

from incidents.desk.queries.month import Month, month_of
from incidents.desk.queries.piles import Desk, ReadersDesk, desk_of, readers_desk_of

__all__ = ["Desk", "Month", "ReadersDesk", "desk_of", "month_of", "readers_desk_of"]
