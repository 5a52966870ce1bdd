"""A store from before the rooms of commands and calls goes on: links, sent reports and calls are as they were."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kotacerdas.kernel import clock, ids
from kotacerdas.kernel.keyring import keyring

BEFORE = [("iceta", "0004_story_of_a_broken_call"), ("parties", "0006_sealed_at_rest")]


def _migrate(targets: list[tuple[str, str | None]]):
    executor = MigrationExecutor(connection)
    return executor.migrate(targets).apps


@pytest.fixture
def before(transactional_db):
    """The store as it was, empty; as it is now again afterwards."""
    yield _migrate([*BEFORE, ("commands", None), ("calls", None)])
    _migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def _report(apps) -> dict[str, object]:
    """A report with its link, a call that brought it and one that broke off, and a desk's form, of before."""
    agency = apps.get_model("parties", "Agency").objects.create(
        id=ids.new_id(), code="PU", kind="agency", name="PU", short_name="PU"
    )
    user = apps.get_model("parties", "User").objects.create(id=ids.new_id(), username="dewi", name="Dewi")
    case = apps.get_model("cases", "Case").objects.create(
        id=ids.new_id(), number="TML-2026-000001-1", kind="iceta.report", state="received", title_code="jetty",
        channel="web", lead_agency=agency,
    )  # fmt: skip
    party = apps.get_model("cases", "CaseParty").objects.create(id=ids.new_id(), case=case, role="reporter")
    category = apps.get_model("iceta", "Category").objects.create(
        id=ids.new_id(),
        code="jetty",
        name_id="Dermaga",
        name_en="Jetty",
        lead=agency,
        report_class="complaint",
    )
    key, call_key = ids.new_id(), ids.new_id()
    apps.get_model("iceta", "Report").objects.create(
        case=case, category=category, report_class="complaint", words="Patah", is_anonymous=True,
        submission_key=key, fingerprint="f" * 64,
    )  # fmt: skip
    calls = apps.get_model("iceta", "Call").objects
    calls.create(id=ids.new_id(), agency=agency, outcome="report", case=case)
    sealed = keyring().seal("iceta.call.story", call_key, "Ada ular")
    calls.create(id=call_key, agency=agency, outcome="abandoned", story_sealed=sealed)
    apps.get_model("parties", "TakenForm").objects.create(
        id=ids.new_id(), user=user, room="iceta.call", key=str(call_key), said="a" * 32, at=clock.now()
    )
    return {"key": key, "call": call_key, "case": str(case.id), "party": str(party.id), "user": user.id}


@pytest.mark.alone
def test_sent_reports_calls_and_what_is_sealed_come_along(before):
    had = _report(before)
    _migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    from kotacerdas.foundation.calls.actions import STORY_LABEL
    from kotacerdas.foundation.calls.models import Call
    from kotacerdas.foundation.commands.models import TakenCommand

    filed = TakenCommand.objects.get(actor="reporter", command_id=had["key"])
    assert filed.refs == {"case": had["case"], "party": had["party"]}
    assert filed.digest == "f" * 64
    noted = TakenCommand.objects.get(actor=f"user:{had['user']}", command_id=had["call"])
    assert (noted.refs, noted.digest) == ({"call": str(had["call"])}, "")
    broken, brought = Call.objects.get(outcome="abandoned"), Call.objects.get(outcome="case")
    assert keyring().open(STORY_LABEL, broken.id, broken.story_sealed) == "Ada ular"
    assert (str(brought.case_id), brought.is_anonymous) == (had["case"], True)


def _people(apps) -> dict[str, object]:
    """Somebody with a number and an account, two with one address and no number, each in a report of before."""
    ring, made = keyring(), {}
    person, case = apps.get_model("parties", "Person").objects, apps.get_model("cases", "Case").objects
    party = apps.get_model("cases", "CaseParty").objects
    user = apps.get_model("parties", "User").objects.create(
        id=ids.new_id(), username="w-1", phone_index=ring.blind("phone", "+6281234567890")
    )
    for place, (name, phone, email) in enumerate(
        [
            ("Wati", "+6281234567890", ""),
            ("Karta", "", "rumah@contoh.test"),
            ("Tini", "", "Rumah@contoh.test"),
        ]
    ):
        key = ids.new_id()
        known = person.create(
            id=key,
            user=user if phone else None,
            name_sealed=ring.seal("parties.person.name", key, name),
            phone_sealed=ring.seal("parties.person.phone", key, phone),
            phone_index=ring.blind("phone", phone),
            email_sealed=ring.seal("parties.person.email", key, email),
        )
        about = case.create(
            id=ids.new_id(),
            number=f"TML-2026-00000{place}-1",
            kind="iceta.report",
            state="received",
            channel="web",
        )
        made[name] = party.create(
            id=ids.new_id(), case=about, role="reporter", person=known, is_proved=True
        ).id
    return made


@pytest.mark.alone
def test_people_keep_their_numbers_names_and_lists(before):
    had = _people(before)
    _migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    from kotacerdas.foundation.cases.contacts import contact_of
    from kotacerdas.foundation.cases.models import CaseParty
    from kotacerdas.foundation.following.my_cases import is_accounts
    from kotacerdas.foundation.parties.models import ContactPoint, User
    from kotacerdas.foundation.parties.people import contact_by

    wati, karta, tini = (CaseParty.objects.get(id=had[name]) for name in ("Wati", "Karta", "Tini"))
    assert [one.name for one in (wati, karta, tini)] == ["Wati", "Karta", "Tini"]
    assert (wati.phone, wati.phone_masked) == ("+6281234567890", "0812-••••-7890")
    assert contact_by(phone="0812-3456-7890") == wati.contact
    assert contact_of(tini).email.lower() == contact_of(karta).email == "rumah@contoh.test"
    assert karta.contact == tini.contact
    assert ContactPoint.objects.count() == 2
    assert is_accounts(wati, User.objects.get(username="w-1"))
    assert not is_accounts(karta, User.objects.get(username="w-1"))
