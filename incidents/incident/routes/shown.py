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
    # The field of the first citation that takes the focus; "" for none.
    begins: str = ""
