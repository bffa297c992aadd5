"""What people change of their own account beside the password. Each verb is logged."""

from incidents.account.actions.rows import account_row, check_name
from incidents.audit.actions import lock, log
from incidents.errors import FieldErrors
from incidents.folding import fold
from incidents.work import Work

DATE_ORDERS = ("day_first", "month_first")


def change_name(work: Work, name: str) -> None:
    """The actor's own, by which they sign in from now on. FieldErrors if it is taken or not one."""
    assert work.actor_id is not None
    lock(work)
    errors, name = FieldErrors(), " ".join(name.split())
    check_name(work, name, errors, own=work.actor_id)
    if errors:
        raise errors
    account = account_row(work, work.actor_id)
    if account.name != name:
        # History shows whoever acted by the name they have now.
        log(work, "change_name", "account", account.id, {"before": account.name, "after": name})
        account.name, account.name_folded = name, fold(name)
        work.session.add(account)


def set_date_order(work: Work, order: str | None) -> None:
    """How the actor writes 04.05.2012, one of `DATE_ORDERS`; None asks again."""
    assert work.actor_id is not None
    assert order is None or order in DATE_ORDERS
    account = account_row(work, work.actor_id)
    if account.date_order != order:
        account.date_order = order
        work.session.add(account)
        log(work, "set_date_order", "account", account.id, {"date_order": order})


def set_shortcuts(work: Work, *, on: bool) -> None:
    """Whether keys do anything on the actor's pages beside what a browser does."""
    assert work.actor_id is not None
    account = account_row(work, work.actor_id)
    if account.shortcuts != on:
        account.shortcuts = on
        work.session.add(account)
        log(work, "set_shortcuts", "account", account.id, {"shortcuts": on})


def set_listing_columns(work: Work, columns: str) -> None:
    """Those the actor's listing shows, as an address says them; "" = the usual ones."""
    assert work.actor_id is not None
    account = account_row(work, work.actor_id)
    if (account.listing_columns or "") != columns:
        account.listing_columns = columns or None
        work.session.add(account)
        log(work, "set_listing_columns", "account", account.id, {"columns": columns})
