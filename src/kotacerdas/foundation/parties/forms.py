"""Sign-in forms over allauth's."""

from __future__ import annotations

from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordKeyForm,
)
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.adapter import citizen_for
from kotacerdas.kernel.texts import digits_meant


class StaffLoginForm(LoginForm):
    """User name and password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].label = _("Password")
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""


class ChosenPasswordForm(ResetPasswordKeyForm):
    """The password of a new account, typed twice."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("password1", _("Password")), ("password2", _("Once more"))):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _("At least ten characters; three or four words do well.")


class NewPasswordForm(ChangePasswordForm):
    """The present password and a new one, typed twice."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Present password"),
            "password1": _("New password"),
            "password2": _("Once more"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _("At least ten characters; three or four words do well.")


class SecondFactorForm(ActivateTOTPForm):
    """The first code of an authenticator app. The key stays the same when the page is opened again, till it is used."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        stored = context.request.session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "placeholder": ""}
        if stored:
            self.secret = context.request.session[SECRET_SESSION_KEY] = stored

    def clean_code(self) -> str:
        self.cleaned_data["code"] = digits_meant(self.cleaned_data["code"])
        return str(super().clean_code())


class AppCodeForm(AuthenticateForm):
    """The code of an authenticator app, or a backup code; both are digits alone."""

    def clean_code(self) -> str:
        self.cleaned_data["code"] = digits_meant(self.cleaned_data["code"])
        return str(super().clean_code())


class AppCodeAgainForm(ReauthenticateForm):
    """The same, asked again before something that weighs much."""

    def clean_code(self) -> str:
        self.cleaned_data["code"] = digits_meant(self.cleaned_data["code"])
        return str(super().clean_code())


class CitizenCodeForm(RequestLoginCodeForm):
    """A phone number, to which a one-time code goes."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["phone"]
        field.label = _("Mobile number")
        field.help_text = _("We send a six-digit code. Example: 0812-3456-7890.")
        field.widget = forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "tel", "autofocus": True, "type": "tel"}
        )

    def clean_phone(self) -> str:
        number = super().clean_phone()
        if not str(number).startswith("+628"):
            raise forms.ValidationError(
                _("A landline takes no SMS. Type a mobile number, it begins with 08.")
            )
        self._user = citizen_for(number)
        return str(number)


class CodeForm(ConfirmLoginCodeForm):
    """The six digits from the SMS."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Six digits")
        field.widget = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": 40,
                "autofocus": True,
            }
        )

    def clean_code(self) -> str:
        self.cleaned_data["code"] = digits_meant(self.cleaned_data["code"])
        return str(super().clean_code())
