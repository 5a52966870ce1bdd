"""Forms of stocktakes at the desk; the actions hold the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.parties.models import Agency, User
from kotacerdas.foundation.territory.queries import districts
from kotacerdas.programs.lada.actions.scans import Seen
from kotacerdas.programs.lada.actions.stocktake import Team
from kotacerdas.programs.lada.models import Asset, Room, Session
from kotacerdas.programs.lada.queries import counters_of
from kotacerdas.programs.lada.stocktake import counting
from kotacerdas.programs.lada.stocktake.classes import said_of

EVERY, NONE = "*", "-"


class PlainForm(forms.Form):
    """A form that takes an action's errors."""

    use_required_attribute = False

    def take_errors(self, fields: dict[str, Any]) -> None:
        """Add an action's errors to the fields of the form; to the whole form where it has no such field."""
        for name, words in fields.items():
            self.add_error(name if name in self.fields else None, words)


def choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    """What may be chosen in a field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class OpenForm(PlainForm):
    """A new stocktake: its name and last day, who counts everywhere, and for each room who else, or that it is left out."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    due_on = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    area_code = forms.ChoiceField(
        label=gettext_lazy("Only in one district"),
        required=False,
        help_text=gettext_lazy("For land, roads and what has no room. The rooms beneath are not asked then."),
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Who counts everywhere"), required=False, widget=forms.CheckboxSelectMultiple
    )
    loose = forms.BooleanField(
        label=gettext_lazy("Count what has no room too"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Only where every room is counted."),
    )

    def __init__(self, *args: Any, agency: Agency, **given: Any) -> None:
        super().__init__(*args, **given)
        self.agency = agency
        self.counters = {str(one.id): one for one in counters_of(agency)}
        self.rooms = {f"room_{one.id.hex}": one for one in Room.objects.filter(agency=agency, closed_on=None)}
        people = [(key, one.name) for key, one in self.counters.items()]
        choose(self, "people", people)
        choose(self, "area_code", [("", _("Everywhere")), *((one.code, one.name) for one in districts())])
        for name, room in self.rooms.items():
            chosen = [(EVERY, _("those ticked above")), *people, (NONE, _("not counted"))]
            self.fields[name] = forms.ChoiceField(label=str(room), choices=chosen, initial=EVERY)

    @property
    def room_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.rooms]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.rooms]

    def clean(self) -> dict[str, Any]:
        """Every room that is counted has somebody who counts there."""
        given = super().clean() or self.cleaned_data
        left = [room.name for name, room in self.rooms.items() if given.get(name) == EVERY]
        if "people" in given and not given["people"] and (left or given.get("area_code") or not self.rooms):
            self.add_error(
                "people", _("Choose somebody who counts everywhere, or name somebody at each room.")
            )
        return given

    @property
    def teams(self) -> list[Team]:
        """Who counts, and where."""
        given = self.cleaned_data
        everywhere: list[User] = [self.counters[one] for one in given["people"]]
        named = [
            Team(self.counters[given[name]], room)
            for name, room in self.rooms.items()
            if not given["area_code"] and given[name] in self.counters
        ]
        return [*(Team(one) for one in everywhere), *(one for one in named if one.user not in everywhere)]

    @property
    def chosen_rooms(self) -> list[Room]:
        """The rooms that are counted; none of them stands for all of the agency, and what has no room."""
        given = self.cleaned_data
        if given["area_code"]:
            return []
        counted = [room for name, room in self.rooms.items() if given[name] != NONE]
        return [] if given["loose"] and len(counted) == len(self.rooms) else counted


class ScanForm(PlainForm):
    """What somebody saw, written down at the desk."""

    code = forms.CharField(label=gettext_lazy("Label or NIBAR"), max_length=200, required=False)
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)
    is_there = forms.ChoiceField(
        label=gettext_lazy("Is it there?"), choices=(("1", gettext_lazy("Yes")), ("0", gettext_lazy("No")))
    )
    condition = forms.ChoiceField(label=gettext_lazy("Condition"), choices=Asset.Condition.choices)
    classes = forms.MultipleChoiceField(
        label=gettext_lazy("Anything else?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[*said_of("there").items(), *said_of("gone").items()],
    )
    words = forms.CharField(
        label=gettext_lazy("Remark, or what it is where it has no label"), max_length=300, required=False
    )

    def __init__(self, *args: Any, session: Session, **given: Any) -> None:
        super().__init__(*args, **given)
        self.rooms = {one.code: one for one in session.rooms.order_by("code")}
        choose(
            self, "room", [("", _("Without a room")), *((code, str(one)) for code, one in self.rooms.items())]
        )

    @property
    def seen(self) -> Seen:
        """What the action takes."""
        given = self.cleaned_data
        return Seen(
            code=given["code"],
            room=self.rooms.get(given["room"]),
            is_there=given["is_there"] == "1",
            condition=given["condition"],
            classes=given["classes"],
            words=given["words"],
        )


class JoinForm(PlainForm):
    """Who counts too."""

    user = forms.ChoiceField(label=gettext_lazy("Who counts too"))
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)

    def __init__(self, *args: Any, session: Session, **given: Any) -> None:
        super().__init__(*args, **given)
        self.users = {str(one.id): one for one in counters_of(session.agency)}
        self.rooms = {one.code: one for one in session.rooms.order_by("code")}
        choose(self, "user", [(key, one.name) for key, one in self.users.items()])
        choose(self, "room", [("", _("everywhere")), *((code, str(one)) for code, one in self.rooms.items())])


class CloseForm(PlainForm):
    """What the goods count as that nobody scanned."""

    rest = forms.ChoiceField(
        label=gettext_lazy("What nobody scanned"),
        widget=forms.RadioSelect,
        choices=(
            (counting.REST_MISSING, gettext_lazy("counts as missing: each becomes a finding")),
            (counting.REST_NOT_YET, gettext_lazy("stays not yet counted")),
        ),
    )
