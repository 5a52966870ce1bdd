"""The forms of a report's steps. They read the request; the actions hold the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.casework import forms as casework
from kotacerdas.foundation.casework.forms import PhotosField, ReasonForm, WithNoteForm, WordsForm
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.programs.iceta.queries import unanswered_supports

PURPOSES = (
    ("ask", _("To ask for the place or details")),
    ("visit", _("To arrange a visit")),
    ("result", _("To tell the result")),
    ("emergency", _("To help in an emergency")),
)


class ResolveForm(WordsForm):
    """What was done, with photos of it."""

    photos = PhotosField(label=_("Photos of the result"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("What was done")
        self.fields["body"].help_text = _("The reporter reads this, and may rate or reopen the report.")
        if silent := unanswered_supports(self.case):
            words = _("Not answered yet: the support asked of %(agencies)s. It ends with the case.")
            self.notice = words % {"agencies": ", ".join(one.agency.short_name for one in silent)}


class SupportNoteForm(WordsForm):
    """What a supporting agency does, for those who work on the case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("What your agency does")
        self.fields["body"].help_text = _(
            "The first answer ends the count of your agency's time. The reporter does not read it."
        )


class AskForm(WordsForm):
    """A question to the reporter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Question to the reporter")
        self.fields["body"].help_text = _("The resolution clock is paused until the reporter answers.")


class ReturnForm(ReasonForm):
    """Why it is given back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The verifier reads this, the reporter does not.")


class PrankForm(ReasonForm):
    """A prank needs no reason, but may have one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False
        self.fields["reason"].help_text = _("The case ends at once. The reporter is not told.")


class HandForm(casework.HandForm):
    """A post of the agency that leads, and what is to be done there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = _(
            "Stands in the case as an inside note; the reporter does not read it."
        )


class SupportForm(WithNoteForm):
    """Another agency whose help is needed, and what is asked of it."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        working = self.case.assignments.filter(is_open=True).values("agency")
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Agency.objects.filter(closed_on=None).exclude(id__in=working)
        field.empty_label = str(_("Choose an agency"))
        field.help_text = _("It gets a deadline of its own from now on.")
        field.error_messages["required"] = _("Choose an agency.")
        self.fields["body"].label = _("What is asked of it")
        self.fields["body"].help_text = _(
            "Stands in the case as an inside note: that agency reads it, the reporter does not."
        )
