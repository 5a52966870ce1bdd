"""Accounts of the demo's rounds: assessors from outside, and who filled in and verified in 2022."""

from __future__ import annotations

from datetime import date

from kotacerdas.foundation.parties.actors import Actor, staff
from kotacerdas.foundation.parties.context import post_title
from kotacerdas.foundation.parties.models import Agency, Holding, Position, User
from kotacerdas.kernel.regency import regency

PASSWORD = "peraga-kota-cerdas"  # noqa: S105 - demo accounts only; production refuses them
THEN = (date(2021, 3, 1), date(2022, 12, 31))


def assessors() -> list[User]:
    """A chair and three members to sign in as."""
    names = ["Ketua Panel (peraga)", *(f"Anggota Panel {n} (peraga)" for n in (1, 2, 3))]
    return [
        _user(f"panel-{place}" if place else "panel-ketua", name, PASSWORD)
        for place, name in enumerate(names)
    ]


def assessors_then() -> list[User]:
    """The four of 2022: nobody signs in as them any more."""
    return [_user(f"panel-2022-{place}", f"Penilai 2022-{place} (peraga)", None) for place in range(4)]


def team_now() -> Actor:
    """Whoever holds the programme team's post today."""
    return _holder(regency().desks.planning_agency, "planner")


def team_then() -> Actor:
    """The programme team of 2022."""
    return _former_holder(regency().desks.planning_agency, "planner")


def agency_now(agency: Agency) -> Actor:
    """An officer of the agency; made when there is none."""
    return _holder(agency.code, "officer")


def agency_then(agency: Agency) -> Actor:
    """An officer of the agency in 2022."""
    return _former_holder(agency.code, "officer")


def _holder(agency: str, code: str) -> Actor:
    position = Position.objects.select_related("agency").get(agency__code=agency, code=code)
    holding = Holding.objects.filter(position=position, until=None).select_related("user").first()
    if holding is None:
        user = _user(f"{code}-{agency}".lower().replace("_", "-"), post_title(position), None)
        holding = Holding.objects.create(position=position, user=user, since=date(2026, 1, 2))
    return staff(holding.user, position=position)


def _former_holder(agency: str, code: str) -> Actor:
    position = Position.objects.select_related("agency").get(agency__code=agency, code=code)
    name = f"{code}-{agency}-2022".lower().replace("_", "-")
    user = User.objects.filter(username=name).first()
    if user is None:
        user = _user(name, f"{post_title(position)} 2022", None)
        Holding.objects.create(position=position, user=user, since=THEN[0], until=THEN[1])
    return staff(user, position=position)


def _user(username: str, name: str, password: str | None) -> User:
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    user = User(username=username, name=name[:120], is_staff=True, is_demo=True)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save(force_insert=True)
    return user
