"""What stands beside a source's date: how it was understood, and what 04.05.2012 means."""

from typing import Any

from incidents import dates
from incidents.account.routes.dates import date_orders
from incidents.dates_beside import Beside, read_beside
from incidents.source.forms import SourceForm
from incidents.web import viewer


def beside_published(form: SourceForm) -> dict[str, Any]:
    """For the page: `published_echo`, and the two days in `date_orders` where it can be either."""
    field = form.published
    echo = ""
    if (field.data or "").strip() and not field.errors:
        try:
            echo = dates.echo(read_beside(field.data or "", Beside(viewer().day_first)))
        except dates.DateError:
            echo = ""
    return {"published_echo": echo, "date_orders": date_orders([field])}
