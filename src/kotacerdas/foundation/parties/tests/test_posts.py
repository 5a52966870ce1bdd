"""Who sits in which post from which day to which: holder, Plt and Plh, and what is said where they do not fit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from trials.cast import account

from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties import staffing
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.grants import grants_of
from kotacerdas.foundation.parties.models import Holding, Position, User
from kotacerdas.foundation.parties.tests.test_staffing import post
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Conflict, Invalid, Missing

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(cast) -> User:
    return account("lina", name="Lina", is_staff=True)


class TestPosts:
    def fill(self, user: User, days: tuple[int, int | None] = (0, None), acting: str = "") -> Holding:
        first, last = days
        today = clock.today()
        return staffing.post_fill(
            actor=SYSTEM,
            user=user,
            position=post(),
            since=today + timedelta(days=first),
            until=None if last is None else today + timedelta(days=last),
            acting=acting,
        )

    def test_a_post_gives_its_permissions_from_its_first_day_on(self, new, cast):
        self.fill(new, (3, 9), acting="plh")
        today = clock.today()
        held = {day: bool(grants_of(new, today + timedelta(days=day)).positions) for day in (2, 3, 9, 10)}
        assert held == {2: False, 3: True, 9: True, 10: False}

    def test_a_plt_and_a_holder_never_meet(self, new, cast):
        with pytest.raises(Conflict, match="kepala"):
            self.fill(new, acting="plt")
        staffing.post_leave(actor=SYSTEM, user=cast.head, position=post(), last_day=clock.today())
        assert self.fill(new, (1, None), acting="plt").acting == "plt"
        with pytest.raises(Conflict, match="lina"):
            self.fill(cast.asep if cast.asep.is_staff else cast.rudi, (5, None))

    def test_one_alone_acts_in_a_post(self, new, cast):
        self.fill(new, (0, 5), acting="plh")
        with pytest.raises(Conflict, match="lina"):
            self.fill(cast.rudi, (3, 8), acting="plh")

    def test_whose_account_is_closed_holds_nothing_up(self, new, cast):
        staffing.account_close(actor=SYSTEM, user=cast.head)
        assert self.fill(new, acting="plt").pk

    @pytest.mark.parametrize("days", [0, 90], ids=["begun today", "begun long ago"])
    @pytest.mark.parametrize("before", [1, 30])
    def test_a_mistyped_last_day_erases_nobody(self, cast, days, before):
        since = clock.today() - timedelta(days=days)
        Holding.objects.filter(user=cast.head).update(since=since)
        with pytest.raises(Invalid, match=str(since)):
            staffing.post_leave(
                actor=SYSTEM, user=cast.head, position=post(), last_day=since - timedelta(days=before)
            )
        assert cast.head.holdings.get().until is None
        assert not Row.objects.filter(verb__startswith="parties.post.", subject_id=post().id).exists()

    def test_the_same_last_day_twice_is_written_once(self, new, cast):
        for _time in range(2):
            staffing.post_leave(actor=SYSTEM, user=cast.head, position=post(), last_day=clock.today())
        assert Row.objects.filter(verb="parties.post.leave", subject_id=post().id).count() == 1

    def test_nobody_holds_a_post_twice_at_once(self, new):
        self.fill(new, (0, 5), acting="plh")
        with pytest.raises(Conflict, match="lina"):
            self.fill(new, (5, 8), acting="plh")
        assert self.fill(new, (6, 8), acting="plh").pk

    @pytest.mark.parametrize(
        "change", [{"days": (3, 2)}, {"acting": "pj"}], ids=["last before first", "no such kind"]
    )
    def test_what_does_not_fit_is_refused(self, new, change):
        with pytest.raises(Invalid):
            self.fill(new, **change)

    def test_a_closed_account_and_a_closed_post_take_nobody(self, new, cast):
        staffing.account_close(actor=SYSTEM, user=new)
        with pytest.raises(Invalid, match="lina"):
            self.fill(User.objects.get(pk=new.pk))
        Position.objects.filter(pk=post().pk).update(closed_on=date(2026, 1, 1))
        with pytest.raises(Invalid):
            self.fill(cast.rudi)

    def test_who_does_not_sit_there_cannot_leave(self, new):
        with pytest.raises(Missing, match="lina"):
            staffing.post_leave(actor=SYSTEM, user=new, position=post(), last_day=clock.today())

    def test_leaving_before_it_begins_cancels_it(self, new):
        coming = self.fill(new, (5, 9), acting="plh")
        staffing.post_leave(actor=SYSTEM, user=new, position=post(), last_day=clock.today())
        assert not Holding.objects.filter(pk=coming.pk).exists()
        assert Row.objects.filter(verb="parties.post.cancel", subject_id=post().id).count() == 1

    def test_leaving_twice_changes_nothing_the_second_time(self, new):
        self.fill(new, (0, 9), acting="plh")
        last = clock.today() + timedelta(days=2)
        staffing.post_leave(actor=SYSTEM, user=new, position=post(), last_day=last)
        with pytest.raises(Missing):
            staffing.post_leave(actor=SYSTEM, user=new, position=post(), last_day=last + timedelta(days=1))
        assert new.holdings.get().until == last

    def test_the_row_names_post_agency_and_days(self, new):
        held = self.fill(new, (0, 5), acting="plh")
        row = Row.objects.get(verb="parties.post.fill", subject_id=post().id)
        assert row.codes == {"agency": "PU", "post": "head", "acting": "plh"}
        assert row.payload == {
            "user": str(new.id),
            "since": held.since.isoformat(),
            "until": held.until.isoformat(),
        }
