"""A journal row names a post by codes that every instance knows; rows of before named it by its id."""

from __future__ import annotations

import pytest
from django.db import transaction

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import staff
from kotacerdas.foundation.parties.models import Position
from kotacerdas.foundation.parties.posts import post_name, posts_named
from kotacerdas.kernel import ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(cast) -> Position:
    return cast.agency("PU").positions.get(code="head")


def test_an_actor_is_journaled_by_the_codes_of_agency_and_post(cast, head):
    assert staff(cast.head, position=head).code == post_name(head) == "post:PU.head"


def test_rows_of_before_are_still_the_actors_own(cast, head):
    assert staff(cast.head, position=head).codes == ("post:PU.head", f"position:{head.id}")


def test_names_of_now_and_of_before_lead_to_the_same_post(head):
    names = ["post:PU.head", f"position:{head.id}", str(head.id)]
    assert posts_named(names) == dict.fromkeys(names, head)


def test_a_renamed_post_keeps_its_rows(head):
    Position.objects.filter(id=head.id).update(title_id="Direktur", title_en="Director")
    assert posts_named(["post:PU.head"])["post:PU.head"].title_en == "Director"


def test_a_closed_post_keeps_its_rows(head):
    Position.objects.filter(id=head.id).update(closed_on="2026-01-01")
    assert posts_named(["post:PU.head"]) == {"post:PU.head": head}


def test_a_post_that_moved_is_told_by_its_old_codes(cast, head):
    Position.objects.filter(id=head.id).update(agency=cast.agency("KOMINFO"), code="head_of_works")
    told = posts_named(["post:PU.head", f"position:{head.id}"])
    old = told["post:PU.head"]
    assert (old.title_en, old.agency.short_name) == ("head", cast.agency("PU").short_name)
    assert told[f"position:{head.id}"] == head


def test_what_names_no_post_is_left_out(head):
    assert posts_named(["system", "reporter", "", f"user:{ids.new_id()}", f"position:{ids.new_id()}"]) == {}


def test_the_longest_name_fits_in_the_journal(db):
    with transaction.atomic():
        row = append(verb="a.b.c", subject=("a.b", ids.new_id()), actor=f"post:{'A' * 40}.{'b' * 40}")
    row.refresh_from_db()
    assert len(row.actor) == 86
