"""Verbs over accounts: add them and give roles, sign in and out, invite by one-time links."""

from incidents.account.actions.administer import (
    add_account,
    change_roles,
    disable,
    enable,
    end_sessions,
    make_link,
)
from incidents.account.actions.own import (
    DATE_ORDERS,
    change_name,
    set_date_order,
    set_listing_columns,
    set_shortcuts,
)
from incidents.account.actions.signing_in import LinkGone, end_session, set_password, use_link

__all__ = [
    "DATE_ORDERS",
    "LinkGone",
    "add_account",
    "change_name",
    "change_roles",
    "disable",
    "enable",
    "end_session",
    "end_sessions",
    "make_link",
    "set_date_order",
    "set_listing_columns",
    "set_password",
    "set_shortcuts",
    "use_link",
]
