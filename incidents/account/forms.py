"""Forms of signing in and of accounts. They check input; the database's say is the actions'."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, ValidationError

from incidents import passwords
from incidents.viewer import Role
from incidents.vocabulary.forms import SelectChoice, storable

_ROLES = [SelectChoice(role.value, role.value.capitalize()) for role in Role]


def _trimmed(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def text_of(field: Any) -> str:
    """What is in a field that was validated as not empty."""
    return str(field.data)


class SignInForm(FlaskForm):
    name = StringField(
        "Name",
        filters=[_trimmed],
        validators=[InputRequired("Enter your name."), Length(max=200), storable],
    )
    # Never trimmed: white space may be part of it.
    password = PasswordField(
        "Password",
        validators=[
            InputRequired("Enter your password."),
            Length(max=passwords.MAX_LENGTH),
            storable,
        ],
    )


class PasswordForm(FlaskForm):
    """Checked against the account's name; without a password until now, there is no `old`."""

    old = PasswordField(
        "Password until now",
        validators=[InputRequired("Enter the password you have now."), storable],
    )
    new = PasswordField(
        "New password", validators=[InputRequired("Choose a new password."), storable]
    )
    again = PasswordField("New password, again", validators=[storable])

    def __init__(self, account_name: str, *, has_password: bool, **fields: Any) -> None:
        super().__init__(**fields)
        self._account_name = account_name
        self.has_password = has_password
        if not has_password:
            del self.old

    def validate_new(self, field: Any) -> None:
        problem = passwords.problem_with(field.data, self._account_name)
        if problem:
            raise ValidationError(problem)

    def validate_again(self, field: Any) -> None:
        if field.data != self.new.data:
            raise ValidationError("The two are not the same. Type the new password once more.")


class NameForm(FlaskForm):
    """Of one's own account. The name is half of what signs in, so it takes the other half."""

    name = StringField(
        "Name",
        filters=[_trimmed],
        validators=[
            InputRequired("Enter the name you sign in with."),
            Length(max=80, message="Use at most 80 characters."),
            storable,
        ],
    )
    password = PasswordField(
        "Your password",
        validators=[InputRequired("Enter the password you have now."), storable],
    )


class DatesForm(FlaskForm):
    date_order = SelectField(
        "04.05.2012 is",
        choices=[
            SelectChoice("", "not said yet: ask me"),
            SelectChoice("day_first", "4 May 2012: the day first"),
            SelectChoice("month_first", "5 April 2012: the month first"),
        ],
    )


class KeysForm(FlaskForm):
    shortcuts = BooleanField("Keyboard shortcuts")


class RolesForm(FlaskForm):
    roles = SelectMultipleField("Roles", choices=_ROLES)
    protected_grant = BooleanField("May read protected names")

    @property
    def chosen(self) -> frozenset[Role]:
        return frozenset(Role(code) for code in self.roles.data or ())


class AccountForm(RolesForm):
    name = StringField(
        "Name",
        filters=[_trimmed],
        validators=[
            InputRequired("Enter the name this person signs in with."),
            Length(max=80, message="Use at most 80 characters."),
            storable,
        ],
    )
