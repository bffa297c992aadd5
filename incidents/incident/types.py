"""The twelve types of incident and what each may say, declared once.

Form, validation, export columns, codebook and stylesheet derive from `TYPES`; nothing here knows
them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from incidents.vocabulary.types import codes, vocabulary


class Kind(StrEnum):
    """What a detail holds: JSON string, list of strings, or list of objects."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXTS = "texts"
    EDTF = "edtf"
    DURATION = "duration"  # ISO 8601, as "P4D"
    SAID = "said"  # list of {stance, text}
    PRICES = "prices"  # list of {item, amount, currency, per}


SEVERAL = frozenset({Kind.CHOICES, Kind.TEXTS, Kind.SAID, Kind.PRICES})
# The parts of the two kinds that are lists of objects, in the order a form shows them.
PARTS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {Kind.SAID: ("stance", "text"), Kind.PRICES: ("item", "amount", "currency", "per")}
)


@dataclass(frozen=True)
class Detail:
    """One typed detail.

    `filterable` ones are mirrored into `incident_detail`; a required one must be.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    vocabulary: str = ""
    required: bool = False
    filterable: bool = False
    help: str = ""

    def __post_init__(self) -> None:
        if self.required and not self.filterable:
            raise ValueError(
                f"{self.name}: what is required must be filterable, a trigger reads it"
            )

    @property
    def codes(self) -> tuple[str, ...]:
        """The package's codes, or () when the detail is not coded."""
        return codes(self.vocabulary) if self.vocabulary else ()


@dataclass(frozen=True)
class Colours:
    """Tint and ink in light and dark, `#rrggbb`; made in OKLCH so that all types weigh the same."""

    tint: str
    ink: str
    dark_tint: str
    dark_ink: str


@dataclass(frozen=True)
class IncidentType:
    """One type.

    `first_sight` names the details a form shows unfolded; `measure` is what "how many" counts.
    """

    code: str
    key: str
    colours: Colours
    details: tuple[Detail, ...] = ()
    first_sight: tuple[str, ...] | None = None
    measure: str = "affected"
    role: str = "victim"
    statement: bool = False
    harm_to_persons: bool = True

    @property
    def label(self) -> str:
        return vocabulary("type").label(self.code)

    @property
    def definition(self) -> str:
        return vocabulary("type").terms[self.code].definition

    @property
    def example(self) -> str:
        return vocabulary("type").terms[self.code].example

    @property
    def required(self) -> tuple[Detail, ...]:
        return tuple(detail for detail in self.details if detail.required)

    def detail(self, name: str) -> Detail | None:
        return next((detail for detail in self.details if detail.name == name), None)

    def unfolded(self, detail: Detail) -> bool:
        """Whether the form's first sight shows it."""
        return self.first_sight is None or detail.name in self.first_sight


def _text(name: str, label: str, words: str = "") -> Detail:
    return Detail(name, label, help=words)


def _choice(
    name: str, label: str, vocabulary: str, *, required: bool = False, words: str = ""
) -> Detail:
    return Detail(name, label, Kind.CHOICE, vocabulary, required, True, words)


def _choices(
    name: str, label: str, vocabulary: str, *, required: bool = False, words: str = ""
) -> Detail:
    return Detail(name, label, Kind.CHOICES, vocabulary, required, True, words)


_DETENTION = IncidentType(
    "detention",
    "D",
    Colours("#dae7fd", "#305499", "#243450", "#bcd4fd"),
    (
        _choice("form", "Form of detention", "detention_form"),
        _choice("date_means", "The date is of", "date_means"),
        _text("facility", "Held where", "As the source says it."),
        _choice("custody_status", "Custody status", "custody_status"),
        _choice("whereabouts", "Whereabouts", "whereabouts"),
        _choice("legal_basis_claimed", "Legal basis claimed", "legal_basis"),
        _text("charge", "Charge"),
        _choice("counsel_access", "Access to a lawyer", "yes_no"),
        _choice("family_contact", "Contact with family", "family_contact"),
        Detail("released", "Released", Kind.EDTF),
    ),
    first_sight=("date_means", "facility", "custody_status"),
    measure="detained",
)
_INJURY = IncidentType(
    "injury",
    "I",
    Colours("#fddfd3", "#8b3b17", "#4c2a1d", "#fec3ac"),
    (
        _choice("cause", "Cause", "harm_cause"),
        _choice("severity", "Severity", "injury_severity"),
        _text("body_part", "Part of the body"),
        _choice("medical_care", "Medical care", "medical_care"),
    ),
    first_sight=("cause", "severity"),
    measure="injured",
)
_KILLING = IncidentType(
    "killing",
    "K",
    Colours("#fedddb", "#8d3537", "#4d2827", "#fec1be"),
    (
        _choice("cause", "Cause", "death_cause"),
        _text("weapon", "Weapon"),
        _choice("context", "Context", "killing_context"),
        Detail("date_of_injury", "Date of the injury", Kind.EDTF),
        _text("place_of_injury", "Place of the injury"),
        _choice("autopsy", "Autopsy", "autopsy"),
        _choice("death_certificate", "Death certificate", "death_certificate"),
    ),
    measure="killed",
)
_ILL_TREATMENT = IncidentType(
    "ill_treatment",
    "T",
    Colours("#fddce9", "#86355e", "#492837", "#fabfd8"),
    (
        _choices("methods", "Methods", "ill_treatment_method"),
        _choice("purpose", "Purpose", "ill_treatment_purpose"),
        _choice("in_custody", "In custody", "in_custody"),
        _choice("signed_statement_forced", "Forced to sign a statement", "yes_no"),
        _choice("medical_care", "Medical care", "medical_care"),
    ),
    measure="ill_treated",
)
_DISAPPEARANCE = IncidentType(
    "disappearance",
    "M",
    Colours("#f3ddfa", "#723e81", "#402b46", "#e8c4f3"),
    (
        Detail("last_seen", "Last seen", Kind.EDTF),
        _text("last_seen_at", "Last seen at"),
        _choice("acknowledgement", "Acknowledged by the authorities", "acknowledgement"),
        _text("fate", "Fate"),
    ),
    measure="disappeared",
)
_USE_OF_FORCE = IncidentType(
    "use_of_force",
    "F",
    Colours("#fde0c8", "#844300", "#482d14", "#f7c8a0"),
    (
        _choices("means", "Means", "force_means"),
        _choice("warning_shots", "Warning shots", "warning_shots"),
        _choice("order_given", "Order given", "order_given"),
        _text("weapon_evidence", "Evidence of the weapon"),
    ),
    role="target",
)
_RESTRICTION = IncidentType(
    "restriction",
    "R",
    Colours("#e5e3fe", "#574894", "#342f4e", "#d1cbff"),
    (
        _choices("measures", "Measures", "restriction_measure"),
        _text("stated_basis", "Basis stated"),
        _text("group_affected", "Group affected"),
    ),
    role="affected",
)
_SHORTAGE = IncidentType(
    "shortage",
    "S",
    Colours("#e5eac9", "#555d00", "#333714", "#d0d9a1"),
    (
        _choices("goods", "Goods", "shortage_good", required=True),
        Detail("items", "Items", Kind.TEXTS, help="One to a line: bread, milk, insulin."),
        _choice("severity", "Severity", "shortage_severity"),
        _choice("cause_stated", "Cause stated", "shortage_cause"),
        Detail("duration", "How long", Kind.DURATION, help="“four days”, “2 weeks” or P4D."),
        Detail("groups_affected", "Who is affected", Kind.TEXTS, help="One group to a line."),
        Detail("prices", "Prices", Kind.PRICES),
    ),
    first_sight=("duration", "goods", "items", "severity", "groups_affected"),
    role="affected",
)
_PROPERTY_DAMAGE = IncidentType(
    "property_damage",
    "P",
    Colours("#f4e5c5", "#754f00", "#41320e", "#e9cf9a"),
    (
        _text("property_kind", "Kind of property"),
        _choice("damage", "Damage", "damage"),
        _text("owner", "Owner"),
        _text("extent", "Extent"),
    ),
    measure="property_items",
    role="affected",
    harm_to_persons=False,
)
_WITNESS_STATEMENT = IncidentType(
    "witness_statement",
    "W",
    Colours("#d0f0d9", "#006937", "#1a3c27", "#ace2bd"),
    (
        _text("capacity", "Capacity", "What the witness is here: detainee, neighbour, doctor."),
        _choice("first_hand", "First-hand", "yes_no"),
        _choice("circumstances", "Circumstances", "statement_circumstances"),
        _choice("consent", "Consent to publish", "consent"),
        Detail("said", "What was said", Kind.SAID, "statement_stance"),
    ),
    first_sight=("first_hand", "circumstances", "said"),
    role="witness",
    statement=True,
)
_OFFICIAL_STATEMENT = IncidentType(
    "official_statement",
    "O",
    Colours("#c8edfe", "#00618a", "#0d394a", "#9eddfa"),
    (
        _text("office", "Office"),
        _text("institution", "Institution"),
        _choice("mode", "Mode", "statement_mode"),
        _choices("position", "Position taken", "statement_position", required=True),
        _choice("conditional", "Conditional", "yes", words="“If it happened again, I would …”"),
        Detail("said", "What was said", Kind.SAID, "statement_stance"),
    ),
    role="official_speaker",
    statement=True,
)
_OTHER = IncidentType("other", "X", Colours("#e6e6e6", "#575757", "#343434", "#d2d2d2"))

TYPES: Mapping[str, IncidentType] = MappingProxyType(
    {
        declared.code: declared
        for declared in (
            _DETENTION,
            _INJURY,
            _KILLING,
            _ILL_TREATMENT,
            _DISAPPEARANCE,
            _USE_OF_FORCE,
            _RESTRICTION,
            _SHORTAGE,
            _PROPERTY_DAMAGE,
            _WITNESS_STATEMENT,
            _OFFICIAL_STATEMENT,
            _OTHER,
        )
    }
)
STATEMENTS = frozenset(code for code, declared in TYPES.items() if declared.statement)
SYMMETRIC_RELATIONS = frozenset(
    {"same_victim", "possible_overlap", "contradicts", "corroborates", "possible_duplicate"}
)


def every_detail() -> Iterator[tuple[IncidentType, Detail]]:
    """Each type's details in declared order: the order of export columns."""
    for declared in TYPES.values():
        for detail in declared.details:
            yield declared, detail
