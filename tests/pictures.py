"""A value for what each address of the table of doors takes, and the pages of it that are worth a picture."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from permissions import TABLE


def sample() -> dict[str, Any]:
    """Values for the addresses out of the store that is loaded: a case at work, its token, an indicator."""
    from kotacerdas.foundation.cases.links import link_token
    from kotacerdas.foundation.cases.models import Case
    from kotacerdas.foundation.sync.models import Phone, SurveyRecord
    from kotacerdas.kernel import clock
    from kotacerdas.programs.iceta.queries import published as published_reports

    at_work = Case.objects.filter(
        state__in=("assigned", "in_progress", "resolved"), parties__person__isnull=False
    )
    case = (
        at_work.filter(lead_agency__positions__holdings__user__username="rudi").order_by("-opened_at").first()
    )
    undecided = Case.objects.filter(state="received").order_by("-opened_at").first()
    desks = Case.objects.filter(report__desk_agency__positions__holdings__user__username="dewi")
    called = desks.order_by("-opened_at").first()
    published = (
        published_reports().filter(state__in=("assigned", "in_progress")).order_by("-opened_at").first()
    )
    party = case.parties.filter(person__isnull=False).first() if case else None
    phone, found = Phone.objects.first(), SurveyRecord.objects.order_by("-changed_at").first()
    return {
        "field_survey": "iceta.spot",
        "survey_record": found.id if found else "00000000-0000-0000-0000-000000000000",
        "phone": phone.id if phone else "00000000-0000-0000-0000-000000000000",
        "number": case.number if case else "-",
        "party": party.id if party else "",
        "token": link_token(party) if party else "0" * 40,
        "called": called.number if called else "-",
        "undecided": undecided.number if undecided else "-",
        "published": published.number if published else "-",
        "step": "accept",
        "follow_act": "jawab",
        "year": clock.today().year,
        "indicator": "iceta.resolved_share",
        **_of_the_round(),
        **sample_of_devices(),
        **_of_the_tables(),
        "username": "rudi",
        "account": "0" * 32,
        "nonsense": "nonsense",
        "charge": "-",
        "paper": "documents.specimen",
        "paper_kind": "lembar",
        "csv_form": "csv",
        "pdf_form": "pdf",
        "report_kind": "summary",
        "half": 1,
        "route_day": clock.today().isoformat(),
        "no_paper": "0" * 8 + "-0000-0000-0000-" + "0" * 12,
    }


def _of_the_tables() -> dict[str, Any]:
    """A table that is imported, and the newest file for it."""
    from kotacerdas.foundation.tables.models import Upload

    upload = Upload.objects.filter(sheet="territory.areas").first()
    nowhere = "00000000-0000-0000-0000-000000000000"
    return {"sheet": "territory.areas", "upload": upload.id if upload else nowhere}


def _of_the_cash_desk() -> Iterator[dict[str, Any]]:
    """Pages of bills, papers and differences, which only a demo has."""
    from django.urls import reverse

    from kotacerdas.foundation.documents.models import Document
    from kotacerdas.foundation.payments.models import Charge, Deposit, Difference, Payment
    from kotacerdas.foundation.payments.queries import pay_token

    own = {"agency__positions__holdings__user__username": "bendahara"}
    waiting = Charge.objects.filter(state="open", **own).order_by("opened_at").first()
    settled = Payment.objects.filter(state="settled").select_related("charge").order_by("settled_at")
    paid = settled.filter(**{f"charge__{path}": user for path, user in own.items()}).first()
    differing = Difference.objects.filter(case__closed_at=None).select_related("case").first()
    deposit = Deposit.objects.filter(deposited_at=None).first()
    paper = Document.objects.order_by("issued_at").first()
    desk = {"user": "bendahara"}
    if waiting:
        yield {
            "name": "payments:charge",
            "address": reverse("payments:charge", args=[waiting.number]),
            **desk,
        }
        pay = reverse("payments:pay", args=[pay_token(waiting)])
        yield {"name": "payments:pay", "address": pay, "user": "", "citizen": True}
    if paid:
        number = paid.charge.number
        yield {"name": "payments:paid", "address": reverse("payments:charge", args=[number]), **desk}
        address = reverse("payments:refund", args=[number, paid.id])
        yield {"name": "payments:refund", "address": address, **desk}
    if deposit:
        address = reverse("payments:deposit", args=[deposit.number])
        yield {"name": "payments:deposit", "address": address, **desk}
    if differing:
        address = reverse("payments:difference", args=[differing.case.number])
        yield {"name": "payments:difference", "address": address, **desk}
    if paper:
        address = reverse("documents:check", args=[paper.code])
        yield {"name": "documents:check", "address": address, "user": "", "citizen": True}


def _of_the_programs() -> Iterator[dict[str, Any]]:
    """Desks of desludging and of goods, and one of each thing that only a demo has."""
    from django.urls import reverse

    from kotacerdas.programs.gopal.models import Manifest, Order, Tank
    from kotacerdas.programs.lada.models.goods import Asset, Change
    from kotacerdas.programs.lada.models.stocktakes import Finding, Session
    from kotacerdas.programs.lada.models.tracking import TrackDay

    desks = {
        "perencana": ("gopal", "orders:queue orders:agency differences:queue counter tanks rounds manifests"),
        "iplt": ("gopal", "plant logbook"),
        "bendahara-tinja": ("gopal", "treasury"),
        "pengurus-barang": (
            "lada",
            "register due labels notices stocktakes open_stocktake books live services"
            " changes:queue findings:queue alarms:queue",
        ),
        "aset": ("lada", "locking"),
    }
    for user, (program, names) in desks.items():
        for name in names.split():
            yield {"name": f"{program}:{name}", "address": reverse(f"{program}:{name}"), "user": user}
    whose = {"agency__positions__holdings__user__username": "pengurus-barang"}
    held = Asset.objects.filter(**whose)
    things = (
        ("gopal:orders:case", "perencana", Order.objects.order_by("case__opened_at").last(), "case.number"),
        ("gopal:tank", "perencana", Tank.objects.first(), "code"),
        ("gopal:manifest", "iplt", Manifest.objects.first(), "number"),
        ("lada:asset", "pengurus-barang", held.order_by("nibar").first(), "nibar"),
        ("lada:track", "pengurus-barang", TrackDay.objects.filter(asset__in=held).first(), "asset.nibar"),
        ("lada:stocktake", "pengurus-barang", Session.objects.filter(**whose).first(), "number"),
        ("lada:changes:case", "pengurus-barang", Change.objects.filter(**whose).first(), "case.number"),
        (
            "lada:findings:case",
            "pengurus-barang",
            Finding.objects.filter(asset__in=held).first(),
            "case.number",
        ),
    )
    for name, user, thing, key in things:
        if thing is not None:
            yield {"name": name, "address": reverse(name, args=[attrgetter(key)(thing)]), "user": user}


def _of_the_round() -> dict[str, Any]:
    """The newest round with an item of it and a survey."""
    from kotacerdas.insight.evaluation.models import Round, Survey

    nowhere = "00000000-0000-0000-0000-000000000000"
    round = Round.objects.first()
    item = round.items.first() if round else None
    survey = Survey.objects.order_by("-opened_at").first()
    return {
        "round": round.slug if round else "-",
        "item": item.id if item else nowhere,
        "survey": survey.id if survey else nowhere,
        "no_evidence": nowhere,
        "round_step": "nilai",
        "act": "isi",
    }


def sample_of_devices() -> dict[str, Any]:
    """A device with an alert that is open, and a rule."""
    from kotacerdas.foundation.telemetry.models import Alert, Device, Rule
    from kotacerdas.foundation.telemetry.subjects import DEVICE
    from kotacerdas.kernel import ids

    alert = Alert.objects.filter(case__closed_at=None, case__isnull=False).select_related("device").first()
    device = alert.device if alert else Device.objects.first()
    rule = alert.rule if alert else Rule.objects.first()
    return {
        "device": device.code if device else "none",
        "device_kind": DEVICE,
        "device_id": device.id if device else ids.new_id(),
        "device_step": "kredensial",
        "stream": "level",
        "rule": rule.id if rule else "0" * 8 + "-0000-0000-0000-" + "0" * 12,
        "rule_step": "uji",
        "alert_number": alert.case.number if alert and alert.case else "-",
        "alert_step": "acknowledge",
        "uplink": "chirpstack",
    }


def pictures() -> Iterator[dict[str, Any]]:
    """The pages worth a picture, with their address in this store."""
    from django.urls import reverse

    given = sample()
    for name, door in TABLE.items():
        if door.user is None or not door.get:
            continue
        address = reverse(name, args=[given[one] for one in door.args]) + door.query
        yield {"name": name, "address": address, "user": door.user, **door.more}
    yield from _of_the_cash_desk()
    yield from _of_the_programs()
    yield {"name": "error-404", "address": "/tidak-ada/", "user": "", "status": 404, "citizen": True}
    yield {
        "name": "error-link",
        "address": "/l/" + "0" * 40 + "/",
        "user": "",
        "status": 404,
        "citizen": True,
    }
