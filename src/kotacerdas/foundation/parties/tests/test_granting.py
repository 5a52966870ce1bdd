"""Roles given to a person directly: within an agency or an area, or everywhere, from day to day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from trials.cast import account, client_of

from kotacerdas.foundation.cases.queries import visible_to
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties import granting, staffing
from kotacerdas.foundation.parties.actors import SYSTEM, staff
from kotacerdas.foundation.parties.grants import grants_of
from kotacerdas.foundation.parties.models import Membership, User
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Missing, Refused

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE, DISTRICT = "99.01.01.2001", "99.01.02.2001", "99.01.01"


@pytest.fixture
def lina(cast) -> User:
    return account("lina", name="Lina", is_staff=True)


def give(user: User, role: str = "liaison", days: tuple[int, int | None] = (0, None), **place) -> Membership:
    first, last = days
    today = clock.today()
    return granting.role_give(
        actor=SYSTEM,
        user=user,
        role=role,
        since=today + timedelta(days=first),
        until=None if last is None else today + timedelta(days=last),
        **place,
    )


class TestScopes:
    def test_a_role_within_an_area_shows_its_cases_and_no_others(self, lina, cast):
        near = cast.report(area_code=HERE).case
        far = cast.report(area_code=ELSEWHERE, phone="0813-0000-2244").case
        assert near.area_code == HERE
        assert far.area_code == ELSEWHERE
        give(lina, area_code=DISTRICT)
        assert list(visible_to(grants_of(lina))) == [near]
        page = client_of(lina)
        assert page.get(f"/desk/iceta/{near.number}/").status_code == 200
        assert page.get(f"/desk/iceta/{far.number}/").status_code == 404

    def test_an_area_is_not_matched_by_the_first_letters_of_its_code(self, lina, cast):
        cast.report(area_code=HERE)
        give(lina, area_code="99.01.01.200")
        assert not visible_to(grants_of(lina)).exists()

    def test_a_role_within_an_agency_shows_its_cases(self, lina, cast):
        filed = cast.verified()
        give(lina, agency=cast.agency("BAPPEDA"))
        assert not visible_to(grants_of(lina)).exists()
        give(lina, agency=cast.agency("PU"))
        assert list(visible_to(grants_of(lina))) == [filed.case]

    def test_a_role_for_everywhere_shows_all(self, lina, cast):
        case = cast.report().case
        give(lina, "duty_officer")
        assert list(visible_to(grants_of(lina))) == [case]

    def test_a_verifier_within_a_place_would_see_that_place_alone(self, lina, cast):
        cast.report(area_code=ELSEWHERE)
        Membership.objects.create(user=lina, role="coordinator", area_code=DISTRICT)
        assert not visible_to(grants_of(lina)).exists()

    def test_it_holds_from_its_first_day_to_its_last(self, lina, cast):
        give(lina, "duty_officer", (2, 4))
        today = clock.today()
        held = {day: bool(grants_of(lina, today + timedelta(days=day)).scopes) for day in (1, 2, 4, 5)}
        assert held == {1: False, 2: True, 4: True, 5: False}


class TestGiving:
    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({"role": "raja"}, Missing),
            ({"role": "liaison"}, Invalid),
            ({"role": "duty_officer", "area_code": DISTRICT}, Invalid),
            ({"role": "duty_officer", "days": (3, 2)}, Invalid),
        ],
    )
    def test_what_does_not_fit_is_refused(self, lina, given, error):
        with pytest.raises(error):
            give(lina, **given)
        assert not Membership.objects.exists()

    def test_an_agency_and_an_area_at_once_are_refused(self, lina, cast):
        """Together they would reach all of the agency and all of the area, and one means the few in both."""
        with pytest.raises(Invalid, match="wilayah"):
            give(lina, agency=cast.agency("PU"), area_code=DISTRICT)
        assert not Membership.objects.exists()

    def test_the_same_role_in_the_same_place_is_given_once(self, lina, cast):
        give(lina, area_code=DISTRICT)
        give(lina, area_code="99.01.02")
        with pytest.raises(Conflict, match="lina"):
            give(lina, days=(3, 5), area_code=DISTRICT)

    def test_a_closed_account_gets_none(self, lina):
        staffing.account_close(actor=SYSTEM, user=lina)
        with pytest.raises(Invalid, match="lina"):
            give(lina, "duty_officer")

    def test_nobody_gives_roles_by_a_page(self, lina, cast):
        with pytest.raises(Refused):
            granting.role_give(actor=staff(cast.head), user=lina, role="duty_officer", since=clock.today())

    def test_the_row_names_role_and_place(self, lina):
        give(lina, days=(0, 9), area_code=DISTRICT)
        row = Row.objects.get(verb="parties.role.give", subject_id=lina.id)
        assert row.codes == {"role": "liaison", "agency": "", "area": DISTRICT}
        assert date.fromisoformat(row.payload["until"]) == clock.today() + timedelta(days=9)


class TestTaking:
    def test_it_ends_everywhere_and_what_was_to_come_is_cancelled(self, lina, cast):
        give(lina, area_code=DISTRICT)
        give(lina, days=(5, None), area_code="99.01.02")
        assert granting.role_take(actor=SYSTEM, user=lina, role="liaison", last_day=clock.today()) == 2
        assert [one.until for one in Membership.objects.filter(user=lina)] == [clock.today()]
        verbs = Row.objects.filter(subject_id=lina.id).values_list("verb", flat=True)
        assert sorted(verbs)[-1] == "parties.role.take"
        assert "parties.role.cancel" in verbs

    @pytest.mark.parametrize("days", [0, 90], ids=["begun today", "begun long ago"])
    @pytest.mark.parametrize("before", [1, 30])
    def test_a_mistyped_last_day_erases_nothing(self, lina, days, before):
        since = clock.today() - timedelta(days=days)
        Membership.objects.create(user=lina, role="duty_officer", since=since)
        with pytest.raises(Invalid, match=str(since)):
            granting.role_take(
                actor=SYSTEM, user=lina, role="duty_officer", last_day=since - timedelta(days=before)
            )
        assert lina.memberships.get().until is None
        assert not Row.objects.filter(verb__startswith="parties.role.", subject_id=lina.id).exists()

    def test_what_began_today_ends_today_at_the_earliest(self, lina):
        give(lina, "duty_officer")
        granting.role_take(actor=SYSTEM, user=lina, role="duty_officer", last_day=clock.today())
        assert lina.memberships.get().until == clock.today()

    def test_what_is_not_held_cannot_be_taken(self, lina):
        with pytest.raises(Missing, match="lina"):
            granting.role_take(actor=SYSTEM, user=lina, role="liaison", last_day=clock.today())

    def test_closing_the_account_ends_it(self, lina):
        give(lina, "duty_officer")
        staffing.account_close(actor=SYSTEM, user=lina)
        assert lina.memberships.get().until == clock.today()
