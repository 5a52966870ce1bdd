"""A pytest plugin with the small cast of the tests, in the invented regency of `tests/packs`.

Wati reports, Rudi works for the agency PU, Sari verifies, Dewi takes calls, Asep is a stranger. Others are
accounts named by their post: `cast.officer_of(code)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from kotacerdas.config.paths import PACK, ROOT

INVENTED = ROOT / "tests" / "packs" / "telukmelati"
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10.00 in the invented regency (WITA), a working day


@dataclass
class Cast:
    """The people of the tests and shortest ways to what they do."""

    rudi: object
    sari: object
    dewi: object
    asep: object
    head: object

    def agency(self, code: str):  # type: ignore[no-untyped-def]
        from kotacerdas.foundation.parties.models import Agency

        return Agency.objects.get(code=code)

    def category(self, code: str = "jetty"):  # type: ignore[no-untyped-def]
        from kotacerdas.programs.iceta.models import Category

        return Category.objects.select_related("lead").get(code=code)

    def officer_of(self, agency: str, post: str = "officer"):  # type: ignore[no-untyped-def]
        """A user who holds that post; made when nobody does."""
        return seat(f"{post}-{agency}".lower(), agency, post)

    def report(self, **given: object):  # type: ignore[no-untyped-def]
        """A report by Wati, by the web form unless said otherwise; the number is proved hers unless `proved=False`."""
        from kotacerdas.foundation.parties.actors import reporter
        from kotacerdas.foundation.parties.people import contact_made, person_new
        from kotacerdas.kernel import phones
        from kotacerdas.programs.iceta import actions

        draft = {
            "words": "Papan dermaga patah, anak-anak hampir jatuh ke laut",
            "category": self.category(),
            "channel": "web",
            "area_code": "99.01.01.2001",
            "phone": "0812-3456-7890",
            "name": "Wati",
            **given,
        }
        actor = reporter()
        if given.pop("proved", True) and phones.normal(draft["phone"]) and not draft.get("is_anonymous"):
            person = person_new(name=str(draft["name"]), area_code=str(draft["area_code"]))
            actor = reporter(person, contact=contact_made(phone=str(draft["phone"])))
        draft.pop("proved", None)
        return actions.report_file(actor=actor, draft=actions.Draft(**draft))

    def verified(self, **given: object):  # type: ignore[no-untyped-def]
        """A report that Sari verified and gave to PU."""
        from kotacerdas.foundation.parties.actors import staff
        from kotacerdas.programs.iceta import actions

        filed = self.report(**given)
        actions.report_verify(
            actor=staff(self.sari),  # type: ignore[arg-type]
            case=filed.case,
            agency=self.agency("PU"),
            report_class="complaint",
        )
        return filed


@cache
def _hashed() -> str:
    """The password of all accounts of the tests, hashed once: a good hash takes a sixth of a second."""
    from django.contrib.auth.hashers import make_password

    return make_password("rahasia-sekali")


def account(username: str, **given: object):  # type: ignore[no-untyped-def]
    """An account with the password of the tests; the one that is there, where there is one."""
    from kotacerdas.foundation.parties.models import User

    return User.objects.get_or_create(username=username, defaults={"password": _hashed(), **given})[0]


def seat(username: str, agency: str, post: str, *, since: date = date(2026, 1, 2), acting: str = ""):  # type: ignore[no-untyped-def]
    """A staff account that holds a post from a day on."""
    from kotacerdas.foundation.parties.models import Holding, Position

    user = account(username, name=username.title(), is_staff=True, email=f"{username}@contoh.test")
    position = Position.objects.get(agency__code=agency, code=post)
    Holding.objects.get_or_create(position=position, user=user, defaults={"since": since, "acting": acting})
    return user


def in_area(username: str, role: str, area_code: str):  # type: ignore[no-untyped-def]
    """A staff account without a post, that was given a role in an area."""
    from kotacerdas.foundation.parties.models import Membership

    user = account(username, name=username.title(), is_staff=True, email=f"{username}@contoh.test")
    Membership.objects.get_or_create(
        user=user, role=role, area_code=area_code, defaults={"since": date(2026, 1, 2)}
    )
    return user


def client_of(user):  # type: ignore[no-untyped-def]
    """A browser of that member of staff, signed in; a demo account, so that no second factor is asked."""
    from django.test import Client

    user.is_demo = True
    user.save(update_fields=["is_demo"])
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@contextmanager
def behind_our_back() -> Iterator[Any]:
    """A cursor with which the journal may be altered, as its owner could: its triggers are off meanwhile."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come may not be altered
        tables = [
            name for name in connection.introspection.table_names(cursor) if name.startswith("journal_")
        ]
        for name in tables:
            cursor.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
        try:
            yield cursor
        finally:
            for name in tables:
                cursor.execute(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')


def load_invented() -> None:
    """Load the invented pack where it is not loaded yet, and forget what was read before."""
    from kotacerdas.config.pack import load_pack
    from kotacerdas.foundation.parties.models import Agency
    from kotacerdas.kernel.memory import forget_all
    from kotacerdas.kernel.packtables import read_pack_tables
    from kotacerdas.kernel.regency import read_regency
    from trials import saved_rows

    if not Agency.objects.exists():
        read_regency.cache_clear()
        read_pack_tables.cache_clear()
        saved_rows.bring("regency", lambda: load_pack(PACK))
    elif not Agency.objects.filter(code="KOMINFO").exists():
        load_pack(PACK)
    forget_all()


@pytest.fixture
def regency(db: None) -> None:
    """The invented regency, loaded."""
    load_invented()


@pytest.fixture
def cast(regency: None) -> Iterator[Cast]:
    """The cast in their posts, on a Monday morning at ten."""
    from kotacerdas.foundation.parties.models import User
    from kotacerdas.kernel import clock
    from trials import saved_rows

    with clock.frozen(MONDAY):
        if User.objects.exists():
            _seat_cast()
        else:
            saved_rows.bring("cast", _seat_cast)
        people = User.objects.in_bulk(["rudi", "sari", "dewi", "kepala", "asep"], field_name="username")
        yield Cast(
            rudi=people["rudi"],
            sari=people["sari"],
            dewi=people["dewi"],
            head=people["kepala"],
            asep=people["asep"],
        )


def _seat_cast() -> None:
    seat("rudi", "PU", "officer")
    seat("sari", "KOMINFO", "coordinator")
    seat("dewi", "KOMINFO", "phone_agent")
    seat("kepala", "PU", "head")
    account("asep", name="Asep")
