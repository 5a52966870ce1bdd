"""Who has a good in custody: a member of staff, or somebody by name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.models import Agency, Holding, Person, User
from kotacerdas.foundation.parties.people import person_new
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid

LONGEST = 120


def staff_of(agency: Agency) -> list[User]:
    """Who holds a post of an agency today, by name."""
    held = Holding.objects.on(clock.today()).filter(position__agency=agency)
    return list(User.objects.filter(is_active=True, id__in=held.values("user")).order_by("name"))


def keeper(*, user: User | None, name: str) -> Person:
    """The person who gets a good: that of a member of staff, else somebody new by name. Raises Invalid for neither."""
    if user is not None:
        known = Person.objects.filter(user=user).first()
        if known is not None:
            if not known.name:
                known.set_name(user.name)
                known.save(update_fields=["name_sealed"])
            return known
        made = person_new(name=user.name)
        made.user = user
        made.save(update_fields=["user"])
        return made
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        words = _("Choose somebody, or write their name (at most 120 letters).")
        raise Invalid(words, fields={"holder_name": words})
    return person_new(name=name)
