"""Phones as subjects of the journal's rows."""

from __future__ import annotations

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.parties.subjects import Subject
from kotacerdas.foundation.sync.declarations import surveys
from kotacerdas.foundation.sync.models import Phone
from kotacerdas.foundation.sync.phones import phones_of
from kotacerdas.foundation.sync.survey_present import record_words
from kotacerdas.foundation.sync.surveys import Survey

PHONE = "sync.phone"


def _words(phone: Phone) -> str:
    owner = _("Phone of %(name)s") % {"name": phone.user.name}
    return f"{owner} ({phone.label})" if phone.label else owner


_PHONES = Subject(
    kind=PHONE,
    label=gettext_lazy("Phone"),
    visible=lambda grants: phones_of(grants).select_related("user"),
    words=_words,
    url=lambda phone: reverse("sync:phone", args=[phone.pk]),
    acts={
        "enrol": gettext_lazy("Set up"),
        "revoke": gettext_lazy("Revoked"),
        "leave": gettext_lazy("Signed out by its user"),
        "release_key": gettext_lazy("Its key was given to its user, who forgot the PIN"),
        "rescue": gettext_lazy("A file that it exported was taken in"),
    },
)


def SUBJECTS() -> tuple[Subject, ...]:
    """Asked for when surveys are known."""
    return (_PHONES, *(_records_of(one) for one in surveys().values()))


def _records_of(survey: Survey) -> Subject:
    return Subject(
        kind=survey.name,
        label=survey.label,
        visible=survey.visible,
        words=partial(record_words, survey),
        url=lambda one: reverse("sync:survey_record", args=[survey.name, one.pk]),
        acts={"make": survey.make, "change": survey.change},
    )
