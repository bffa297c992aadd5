"""The form of a place. It reads a point as people paste one, and never touches the database."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from incidents import coordinates
from incidents.coordinates import CoordinateError, Point
from incidents.errors import FieldErrors
from incidents.vocabulary.forms import SelectChoice, options, storable
from incidents.vocabulary.record import PlaceSaid
from incidents.vocabulary.types import Term, countries

_TEXT: list[Any] = [Optional(), storable]
# An action's path → the field it is typed in.
_FIELDS = {"lat": "point", "lon": "point", "gazetteer_id": "name"}


class PlaceForm(FlaskForm):
    """Choices are checked by the action, which knows the team's own terms."""

    class Meta:
        # Half-typed forms outlive an hour; the end of the session is what bounds them.
        csrf_time_limit = None

    version = HiddenField(validators=[storable])
    gazetteer_id = HiddenField("Its entry in the gazetteer", validators=[storable])
    parent_id = HiddenField(validators=[storable])
    name = StringField("Name", validators=[storable])
    aliases = TextAreaField(
        "Other spellings",
        validators=_TEXT,
        description="One to a line, in any script. Typing one of them finds this place.",
    )
    country = SelectField("Country", validate_choice=False, validators=[storable])
    parent = StringField(
        "It lies in",
        validators=_TEXT,
        description="A place of the team’s: a station lies in its town. Empty for a town itself.",
    )
    region = StringField(
        "Region", validators=_TEXT, description="Empty where it is that of the place it lies in."
    )
    region_code = StringField(
        "The region’s code", validators=_TEXT, description="ISO 3166-2, as KZ-47."
    )
    point = StringField(
        "Point", validators=_TEXT, description=f"Latitude, then longitude: {coordinates.EXAMPLE}."
    )
    precision = SelectField("What the point stands for", validate_choice=False, validators=_TEXT)

    @property
    def read_version(self) -> int:
        """The version this form was opened on; 0 when somebody tampered with it."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def offer(self, precisions: Iterable[Term]) -> None:
        self.precision.choices = options(precisions)
        self.country.choices = [
            SelectChoice(value=code, label=name)
            for code, name in [
                ("", "Choose the country"),
                *sorted(countries().items(), key=lambda one: one[1]),
            ]
        ]

    def read_point(self) -> Point | None:
        """None when the field is empty. FieldErrors on `point`."""
        typed = self.point.data or ""
        if not typed.strip():
            return None
        try:
            return coordinates.read(typed)
        except CoordinateError as error:
            raise FieldErrors({"point": error.message}) from None

    def said(self, parent: int | None) -> PlaceSaid:
        """What was typed; FieldErrors on `point` when that is none."""
        point = self.read_point()
        return PlaceSaid(
            name=self.name.data or "",
            country=self.country.data or "",
            parent=parent,
            aliases=tuple((self.aliases.data or "").splitlines()),
            region=self.region.data or None,
            region_code=self.region_code.data or None,
            lat=point.lat if point else None,
            lon=point.lon if point else None,
            precision=self.precision.data or None,
            gazetteer_id=self.gazetteer_id.data or None,
        )

    def show(self, errors: FieldErrors) -> None:
        """Put each error beside its field, each sentence once."""
        for path, messages in errors.errors.items():
            field = self[_FIELDS.get(path, path)]
            told = [message for message in messages if message not in field.errors]
            field.errors = [*field.errors, *told]


def shown(said: PlaceSaid, parent: str = "") -> Mapping[str, str]:
    """The form's data; `parent` is the path of the place it lies in."""
    point = ""
    if said.lat is not None and said.lon is not None:
        point = str(Point(said.lat, said.lon))
    return {
        "name": said.name,
        "aliases": "\n".join(said.aliases),
        "country": said.country,
        "parent": parent,
        "parent_id": str(said.parent or ""),
        "region": said.region or "",
        "region_code": said.region_code or "",
        "point": point,
        "precision": said.precision or "",
        "gazetteer_id": said.gazetteer_id or "",
    }
