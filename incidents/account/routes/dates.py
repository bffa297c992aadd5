"""What 04.05.2012 means, asked once per account by two buttons beside the date, on any form."""

from collections.abc import Iterable
from typing import Any

from flask import request

from incidents import dates
from incidents.account.actions import DATE_ORDERS, set_date_order
from incidents.dates_beside import Beside, read_beside
from incidents.web import commit, read_viewer_again, viewer, work


def date_order_answered() -> bool:
    """Whether one of the two was pressed. The answer is kept at once, and read from here on."""
    order = request.form.get("date_order")
    if order not in DATE_ORDERS:
        return False
    set_date_order(work(), order)
    commit()
    read_viewer_again()
    return True


def date_orders(fields: Iterable[Any]) -> dict[str, tuple[str, str]]:
    """Field id → the two days its date can be, day first and month first; none once answered."""
    asked = {}
    for field in fields:
        try:
            read_beside(field.data or "", Beside(viewer().day_first))
        except dates.OrderUnknown as unknown:
            asked[field.id] = (unknown.day_first, unknown.month_first)
        except dates.DateError:
            continue
    return asked
