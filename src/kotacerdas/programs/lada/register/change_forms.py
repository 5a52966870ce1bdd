"""The forms in which changes are proposed: one for each kind of event. The actions hold the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.foundation.tables import notation
from kotacerdas.foundation.ui.fields import WordsField
from kotacerdas.kernel import clock, money
from kotacerdas.programs.lada import cards, events
from kotacerdas.programs.lada.actions.custody import staff_of
from kotacerdas.programs.lada.models import Asset, Room
from kotacerdas.programs.lada.register.place_fields import add_place, check_place
from kotacerdas.programs.lada.register.telling import how_words, use_words
from kotacerdas.programs.lada.words import ORIGINS

MOST_ALIKE = 200
FACT = "fact_"
_YES_NO = (("", "–"), ("yes", _("yes")), ("no", _("no")))


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    """A day, as the browser's own field."""
    return forms.DateField(label=label, widget=_Day(), required=required)


class RupiahField(forms.CharField):
    """An amount in whole rupiah as people write it, with points or without; the cleaned value is an int."""

    def __init__(self, *, least: int = 0, **given: Any) -> None:
        super().__init__(
            **given, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        )
        self.least = least

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = money.rupiah(text)
        except money.NotMoney as error:
            raise forms.ValidationError(_("Write whole rupiah, for example 12.500.")) from error
        if amount < self.least:
            raise forms.ValidationError(
                _("Write an amount above 0.") if self.least else _("Write 0 or more: no value is negative.")
            )
        return amount


class MeasureField(forms.CharField):
    """A number with or without decimals as people write it: `1.250,5`; the cleaned value is a Decimal.

    `1.250` can be read in two ways: the reader's language decides.
    """

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**given, widget=widget)

    def clean(self, value: Any) -> Any:
        text = notation.plain(super().clean(value))
        if not text:
            return None
        mark = notation.decimal_mark(text)
        mark = _mark() if mark == notation.UNSURE else mark
        plain = notation.ungrouped(text, mark) if mark else text
        if plain is None or not notation.is_number(text) or (not mark and set(text) & set(",.")):
            raise forms.ValidationError(_("Write the number as in 1,250.5."))
        return Decimal(plain)


def measure_shown(value: Any) -> str:
    """A stored number as the reader writes it, without groups."""
    return "" if value in (None, "") else str(value).replace(".", _mark())


def _mark() -> str:
    return notation.DOT if (get_language() or "id").startswith("en") else notation.COMMA


def rupiah_field(label: Any, *, least: int = 1) -> RupiahField:
    """An amount in whole rupiah."""
    return RupiahField(label=label, least=least)


class ChangeForm(forms.Form):
    """What every change asks for: its day, and why. `agency` has the goods; `goods` are those that were picked."""

    use_required_attribute = False

    on = day_field(_("Took effect on"))

    def __init__(self, *args: Any, agency: Agency, goods: list[Asset], card: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency, self.goods, self.card = agency, goods, card
        self.fields["on"].initial = clock.today
        self.prepare()
        self.fields["why"] = WordsField(
            label=_("Why? Whoever approves reads this"),
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def prepare(self) -> None:
        """Set choices and first values."""

    def add_facts(self, card: str, known: dict[str, Any]) -> None:
        """The columns of a card as fields, filled with what is known."""
        for column in cards.columns(card):
            self.fields[FACT + column.name] = fact_field(column, known.get(column.name))

    def facts(self) -> dict[str, Any]:
        """The facts as they are stored, those that are filled in."""
        given = {}
        for column in cards.columns(self.card):
            raw = self.cleaned_data.get(FACT + column.name)
            if column.type == "boolean":
                raw = {"yes": True, "no": False}.get(raw or "")
            if (value := cards.clean(column, raw)) is not None:
                given[column.name] = value
        return given

    def clean(self) -> dict[str, Any]:
        """Say at its field what a card does not take."""
        for column in cards.columns(self.card):
            raw = self.cleaned_data.get(FACT + column.name)
            if raw in (None, "") or column.type == "boolean":
                continue
            try:
                cards.clean(column, raw)
            except ValueError as error:
                self.add_error(FACT + column.name, str(error))
        return self.cleaned_data


class AcquireForm(ChangeForm):
    """New goods, alike: what they are, and their card."""

    name = forms.CharField(label=_("Name"), max_length=200)
    origin = forms.ChoiceField(label=_("Origin"))
    value = rupiah_field(_("Value of each, in rupiah"), least=0)
    count = forms.IntegerField(label=_("How many alike"), min_value=1, max_value=MOST_ALIKE, initial=1)
    condition = forms.ChoiceField(label=_("Condition"), choices=Asset.Condition.choices)
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none(), required=False)
    basis = forms.CharField(label=_("Contract, SP2D or act"), max_length=120, required=False)

    def prepare(self) -> None:
        origins = [(code, words) for code, words in ORIGINS.items() if code != "split"]
        self.fields["origin"].choices = origins  # type: ignore[attr-defined]
        self.fields["room"].queryset = rooms_of(self.agency)  # type: ignore[attr-defined]
        add_place(self, self.card)
        self.add_facts(self.card, {})

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        check_place(self)
        return given


class MoveForm(ChangeForm):
    """Another room of the agency."""

    room = forms.ModelChoiceField(label=_("New room"), queryset=Room.objects.none())

    def prepare(self) -> None:
        self.fields["room"].queryset = rooms_of(self.agency)  # type: ignore[attr-defined]


class TransferForm(ChangeForm):
    """To another agency, which accepts it."""

    to_agency = forms.ModelChoiceField(label=_("To which agency"), queryset=Agency.objects.none())
    basis = forms.CharField(label=_("Decree or act"), max_length=120, required=False)

    def prepare(self) -> None:
        others = Agency.objects.exclude(id=self.agency.id).order_by("short_name")
        self.fields["to_agency"].queryset = others  # type: ignore[attr-defined]


class HandOverForm(ChangeForm):
    """Into the custody of a member of staff, or of somebody by name."""

    holder = forms.ModelChoiceField(label=_("To whom"), queryset=User.objects.none(), required=False)
    holder_name = forms.CharField(label=_("Or by name"), max_length=120, required=False)
    basis = forms.CharField(label=_("Remark on the act"), max_length=120, required=False)

    def prepare(self) -> None:
        held = [one.id for one in staff_of(self.agency)]
        self.fields["holder"].queryset = User.objects.filter(id__in=held).order_by("name")  # type: ignore[attr-defined]
        self.fields["holder"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]


class HandBackForm(ChangeForm):
    """Back from custody."""

    basis = forms.CharField(label=_("Remark on the act"), max_length=120, required=False)


class ExploitForm(ChangeForm):
    """Given to somebody to use for a time."""

    use = forms.ChoiceField(label=_("How"))
    basis = forms.CharField(label=_("With whom, and the contract"), max_length=120)

    def prepare(self) -> None:
        self.fields["use"].choices = [(one, use_words(one)) for one in events.EXPLOITATIONS]  # type: ignore[attr-defined]


class ExploitEndForm(ChangeForm):
    """The end of an exploitation."""


class ConditionForm(ChangeForm):
    """Another condition."""

    condition = forms.ChoiceField(label=_("Condition"), choices=Asset.Condition.choices)


class MaintainForm(ChangeForm):
    """A maintenance: it costs, and changes no value."""

    basis = forms.CharField(label=_("What was done"), max_length=120)
    cost = rupiah_field(_("Cost in rupiah"), least=0)


class CapitaliseForm(ChangeForm):
    """A cost that adds to the value."""

    amount = rupiah_field(_("Adds to the value, in rupiah"))
    basis = forms.CharField(label=_("What was done, and its SP2D"), max_length=120)


class ReclassifyForm(ChangeForm):
    """Another goods code."""

    goods_code = forms.CharField(label=_("New goods code"), max_length=24)


class CorrectForm(ChangeForm):
    """Name, origin, place and the card, as they should have been."""

    name = forms.CharField(label=_("Name"), max_length=200)
    origin = forms.ChoiceField(label=_("Origin"))

    def prepare(self) -> None:
        one = self.goods[0]
        self.card = one.card
        self.fields["origin"].choices = list(ORIGINS.items())  # type: ignore[attr-defined]
        for name in ("name", "origin"):
            self.fields[name].initial = getattr(one, name)
        add_place(self, one.card, one)
        self.add_facts(one.card, one.facts)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        check_place(self, self.goods[0])
        return given


class CertifyForm(ChangeForm):
    """A certificate of land."""

    certificate = forms.CharField(label=_("Number of the certificate"), max_length=60)


class SplitForm(ChangeForm):
    """A part becomes a good of its own."""

    name = forms.CharField(label=_("Name of the part"), max_length=200)
    amount = rupiah_field(_("Value of the part, in rupiah"))


class DisposeForm(ChangeForm):
    """Out of the books."""

    how = forms.ChoiceField(label=_("How"))
    basis = forms.CharField(label=_("Decree"), max_length=120)

    def prepare(self) -> None:
        wanted = [one for one in events.DISPOSALS if one != "split"]
        self.fields["how"].choices = [(one, how_words(one)) for one in wanted]  # type: ignore[attr-defined]


class ReverseForm(ChangeForm):
    """The latest event is taken back."""


FORMS: dict[str, type[ChangeForm]] = {
    "acquire": AcquireForm,
    "move": MoveForm,
    "transfer": TransferForm,
    "hand_over": HandOverForm,
    "hand_back": HandBackForm,
    "exploit": ExploitForm,
    "exploit_end": ExploitEndForm,
    "condition": ConditionForm,
    "maintain": MaintainForm,
    "capitalise": CapitaliseForm,
    "reclassify": ReclassifyForm,
    "correct": CorrectForm,
    "certify": CertifyForm,
    "split": SplitForm,
    "dispose": DisposeForm,
    "reverse": ReverseForm,
}
SINGLE = frozenset({"correct", "capitalise", "reclassify", "certify", "split"})  # one good at a time


def rooms_of(agency: Agency) -> Any:
    """The rooms of an agency that are in use."""
    return Room.objects.filter(agency=agency, closed_on=None).order_by("code")


def fact_field(column: cards.Column, value: Any) -> forms.Field:
    """The field of a column, with what is stored."""
    label = f"{column.label} ({column.unit.replace('m2', 'm²')})" if column.unit else column.label
    given: dict[str, Any] = {"label": label, "required": False, "initial": value}
    match column.type:
        case "boolean":
            given["initial"] = {True: "yes", False: "no"}.get(value, "")
            return forms.ChoiceField(choices=_YES_NO, **given)
        case "choice":
            return forms.ChoiceField(choices=[("", "–"), *column.choices], **given)
        case "day":
            return forms.DateField(widget=_Day(), **given)
        case "integer":
            return RupiahField(**given) if column.unit == "rupiah" else forms.IntegerField(**given)
        case "decimal":
            return MeasureField(**given | {"initial": measure_shown(value)})
    return forms.CharField(max_length=column.longest, **given)
