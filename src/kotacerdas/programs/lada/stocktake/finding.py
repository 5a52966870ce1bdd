"""A finding as its page shows it: what was expected, what was seen, what came after the closing, and what may be proposed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.casework.declarations import Cell
from kotacerdas.foundation.casework.forms import StepForm
from kotacerdas.foundation.casework.present import Shown
from kotacerdas.foundation.files.queries import thumb_size
from kotacerdas.foundation.files.urls import signed
from kotacerdas.foundation.ui.fields import WordsField
from kotacerdas.foundation.ui.shapes import Photo
from kotacerdas.programs.lada.lifecycles.findings import OUTCOMES
from kotacerdas.programs.lada.models import Asset, Expected, Finding, Scan
from kotacerdas.programs.lada.permissions import CHANGE
from kotacerdas.programs.lada.register.telling import act_of
from kotacerdas.programs.lada.stocktake import counting
from kotacerdas.programs.lada.stocktake.classes import CLASSES, tags_of

WAYS = {  # what is proposed for a class; of a good that is there no more a disposal
    "elsewhere": "move",
    "unexpected": "move",
    "condition": "condition",
    "data_changed": "correct",
    "used_by_staff": "hand_over",
    "uncapitalised": "capitalise",
    "double": "dispose",
    "not_found": "dispose",
    "stolen": "dispose",
    "missing": "dispose",
}


class AnswerForm(StepForm):
    """What whoever has the good says, in their words."""

    body = WordsField(
        label=gettext_lazy("What is known of it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SettleForm(StepForm):
    """What came of a finding."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=(("", gettext_lazy("Choose what came of it")), *OUTCOMES.items()),
    )
    body = WordsField(
        label=gettext_lazy("Remark"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def goods_cell(case: Case) -> Cell:
    """Which good, and whose."""
    found = case.asset_finding
    if found.asset is None:
        return Cell(text=found.scan.words if found.scan is not None else "–", small=found.session.number)
    return Cell(text=found.asset.name, small=f"{found.asset.nibar}, {found.session.number}")


def classes_cell(case: Case) -> Cell:
    """What was found, the gravest first."""
    first, *others = (words for words, _tone in tags_of(case.asset_finding.classes))
    return Cell(text=first, small=", ".join(others))


def finding_context(case: Case, shown: Shown) -> dict[str, Any]:
    """What the page of a finding needs besides the case."""
    related = ("session__agency", "asset__agency", "asset__holder", "scan__room", "scan__by", "scan__photo")
    finding = Finding.objects.select_related(*related).get(case=case)
    asset, scan = finding.asset, finding.scan
    expected = Expected.objects.filter(session=finding.session, asset=asset).select_related("room").first()
    proposes = shown.grants.may(CHANGE, agencies=[finding.session.agency_id])
    late = counting.late(finding.session).filter(asset=asset).select_related("room", "by")
    return {
        "finding": finding,
        "asset": asset,
        "scan": scan,
        "expected": expected if asset is not None else None,
        "condition": Asset.Condition(scan.condition).label if scan is not None and scan.condition else "",
        "tags": tags_of(finding.classes, scan.room.name if scan is not None and scan.room else None),
        "todo": CLASSES[finding.classes[0]].todo,
        "outcome": OUTCOMES.get(finding.outcome, ""),
        "photo": _photo(scan) if scan is not None else None,
        "late": late if asset is not None else [],
        "ways": _ways(finding) if case.closed_at is None and proposes else [],
    }


def _ways(finding: Finding) -> list[tuple[str, str, str]]:
    """What may be proposed: kind, words, and the good in the address."""
    asset = finding.asset
    if asset is None:
        query = urlencode({"opd": finding.session.agency.code})
        return [("acquire", act_of("acquire"), query)]
    if asset.agency_id != finding.session.agency_id or not asset.is_active:
        return []
    kinds = dict.fromkeys(WAYS[one] for one in finding.classes if one in WAYS)
    return [(kind, act_of(kind), urlencode({"nibar": asset.nibar})) for kind in kinds]


def _photo(scan: Scan) -> Photo | None:
    if scan.photo is None:
        return None
    width, height = thumb_size(scan.photo)
    alt = _("Photo of the scan")
    return Photo(
        url=signed(scan.photo, "thumb"), large_url=signed(scan.photo), width=width, height=height, alt=alt
    )
