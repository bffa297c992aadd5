"""Why a page was not fetched: the codes, and for each what a researcher is told.

Owns the words. They tell nothing of what was found at an address that is not public.
"""

from incidents.errors import IncidentsError

WORDS = {
    "not_an_address": "This is no web address that can be fetched. Copy it again from the browser.",
    "refused": "This is not a public web address, so it is not fetched.",
    "led_astray": "The page leads on to something that is not a public web address, so it was not"
    " followed.",
    "no_such_name": "There is no such site: its name was not found. Check how it is spelt; the site"
    " may also be gone, or blocked from here.",
    "no_answer": "The site did not answer in time. Try again later.",
    "no_connection": "The site could not be reached: it took no connection. Try again later.",
    "not_trusted": "The site could not prove that it is the one it says it is (its certificate is"
    " not valid), so nothing was taken from it.",
    "broken_off": "The connection broke, or the answer made no sense, before the page was whole."
    " Try again.",
    "blocked": "The site refused to send the page ({status}). It may be blocked for programs, only"
    " for subscribers, or only for some countries.",
    "not_there": "The site says that there is no such page ({status}).",
    "server_error": "The site has a fault of its own ({status}). Try again later.",
    "odd_answer": "The site answered with something else than the page ({status}).",
    "not_a_page": "What stands there is no page and no document that can be read{kind}.",
    "too_large": "It is larger than the {limit_mb} MB that are taken.",
    "too_many_redirects": "The address leads on and on: after five redirects there was still no"
    " page.",
    "empty": "The site answered, but with an empty page. Try again later.",
    "nearly_empty": "The page came, but its text is nearly empty: a paywall or a consent page is"
    " suspected.",
    "only_beginning": "The page says itself that it is not free to read, and its text is short: it"
    " may be only the beginning, before a paywall.",
    "stopped": "Fetching was interrupted here, by a restart or a fault. Try again.",
}
# What helps whatever it was.
INSTEAD = "You can paste the text, or save the page in your browser and choose its file."


class FetchFailed(IncidentsError):
    """`code` is one of WORDS; the message is its sentence, or a better one."""

    def __init__(self, code: str, message: str = "", **more: object) -> None:
        self.code = code
        super().__init__(message or told(code, **more))


def told(code: str, **more: object) -> str:
    """The sentence for a code, with what it leaves open filled in or left out."""
    words = WORDS[code]
    if "status" not in more:
        words = words.replace(" ({status})", "")
    return words.format(**{"kind": "", "limit_mb": "", **more})


def code_of_status(status: int) -> str | None:
    """None when an answer with this status is the page."""
    if status in (200, 203):
        return None
    if status in (401, 402, 403, 407, 429, 451):
        return "blocked"
    if status in (404, 410):
        return "not_there"
    return "server_error" if status >= 500 else "odd_answer"
