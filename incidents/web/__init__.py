"""What every route stands on: who asks, one transaction per request, default deny, error pages.

Routes import from here; the modules inside are its own affair. Knows no page of any feature.
"""

from incidents.web.device import device_of, remember_device
from incidents.web.keys import every_key
from incidents.web.pages import error_page
from incidents.web.request import (
    EVERYBODY,
    allow,
    commit,
    cookie_token,
    read_viewer_again,
    safe_next,
    save,
    services,
    session,
    sign_in_browser,
    sign_out_browser,
    signed_in,
    version_read,
    viewer,
    work,
)
from incidents.web.unsaved import KEPT_FIELDS, Keeping, forget_kept, is_token, keeping, left_unsaved

__all__ = [
    "EVERYBODY",
    "KEPT_FIELDS",
    "Keeping",
    "allow",
    "commit",
    "cookie_token",
    "device_of",
    "error_page",
    "every_key",
    "forget_kept",
    "is_token",
    "keeping",
    "left_unsaved",
    "read_viewer_again",
    "remember_device",
    "safe_next",
    "save",
    "services",
    "session",
    "sign_in_browser",
    "sign_out_browser",
    "signed_in",
    "version_read",
    "viewer",
    "work",
]
