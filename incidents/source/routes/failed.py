"""What a form says of a page that did not come, or not as it was meant."""

from incidents.fetch_failures import INSTEAD
from incidents.source.forms import CopyFields
from incidents.source.queries.captures import CaptureView

_LEFT_OUT = (
    "It is left out unless you untick that below. Paste the text, or save the page in your browser"
    " and choose its file."
)


def show_failure(form: CopyFields, capture: CaptureView) -> None:
    """In `form.not_fetched`, and what helps in `form.instead`.

    A page that came, but hardly with its text, is there and left out, to be looked at.
    """
    if capture.failure is None:
        return
    form.leave_out.data = form.leave_out.data or capture.ready
    form.not_fetched = capture.words
    form.instead = _LEFT_OUT if capture.ready else INSTEAD
