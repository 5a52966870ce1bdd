"""Forms of the desk's pages of phones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.parties.grants import Grants
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.sync.phones import field_workers, people_of
from kotacerdas.foundation.sync.shell import works_in_field


class PersonForm(forms.Form):
    """Whose phone is set up: oneself first, then those whose phones one looks after; people with work in the field alone."""

    person = forms.ChoiceField(
        label=gettext_lazy("Who will work with the phone"), widget=forms.Select(attrs={"data-shortened": ""})
    )

    def __init__(self, grants: Grants, me: Any, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._people: dict[str, User] = {str(me.pk): me} if works_in_field(grants) else {}
        others = (people_of(grants) & field_workers()).filter(is_active=True).exclude(pk=me.pk)
        self._people |= {str(one.pk): one for one in others}
        words = {key: one.name for key, one in self._people.items()}
        if str(me.pk) in words:
            words[str(me.pk)] = _("%(name)s (I myself)") % {"name": me.name}
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(words.items())

    def clean_person(self) -> User:
        """The person that was chosen."""
        return self._people[self.cleaned_data["person"]]


class ExportForm(forms.Form):
    """The file that a phone exported."""

    file = forms.FileField(label=gettext_lazy("File from the phone"))
