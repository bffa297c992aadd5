"""What the page around an incident's form says."""

from dataclasses import dataclass

from incidents.web import Keeping


@dataclass(frozen=True)
class Shown:
    heading: str
    cancel_url: str
    submit_label: str
    save_label: str
    keeping: Keeping
    again_label: str | None = None
    source: str | None = None
    change_type_url: str | None = None
    with_reason: bool = False
    returned: str = ""
    # The incident that is edited or corrected; "" for a new one.
    edited: str = ""
    # The button of one more incident from the same words; None without one.
    same_label: str | None = None
    # The field of the first citation that takes the focus, "added" for the quote just added; "" for
    # none.
    begins: str = ""
