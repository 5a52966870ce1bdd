"""Actions on staff accounts and posts, for the operator, each in the journal.

Nobody signs up as staff. An account begins without a password; its one-time link (three days, dead once
used) lets its owner choose one, and the second factor is set up right after it. What a post may do comes
with the post: see `grants`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.actors import Actor
from kotacerdas.foundation.parties.granting import (
    end_role,
    erases_nothing,
    let_end,
    must_be_in_order,
    must_be_open,
    must_be_staffs,
    operator_alone,
    operator_or_importer,
)
from kotacerdas.foundation.parties.models import Holding, Position, User
from kotacerdas.kernel import clock, phones
from kotacerdas.kernel.errors import Conflict, Invalid, Missing

_USERNAME = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_LONGEST_USERNAME, _LONGEST_NAME = 80, 120


def account_open(*, actor: Actor, username: str, name: str, email: str = "", phone: str = "") -> User:
    """A staff account without a password; give its owner `way_in`. Raises Invalid, Conflict."""
    operator_or_importer(actor)
    username, name = username.strip().lower(), " ".join(name.split())
    wrong = account_flaws(username=username, name=name, email=email, phone=phone)
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    with transaction.atomic():
        user = User(username=username, name=name, email=email, is_staff=True)
        user.set_unusable_password()
        if phone:
            user.set_phone(phone)
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            words = _("The user name %(name)s is taken.") % {"name": username}
            raise Conflict(words, remedy=_("Choose another one.")) from None
        _note("open", user, actor)
    return user


def account_change(
    *, actor: Actor, user: User, name: str | None = None, email: str | None = None, phone: str | None = None
) -> User:
    """Change an account's name and contact data; None leaves a value as it is, "" empties it.

    Raises Invalid for what cannot be taken and for a closed account, Missing for a citizen's.
    """
    operator_or_importer(actor)
    with transaction.atomic():
        locked = must_be_open(user)
        named = None if name is None else " ".join(name.split())
        wrong = account_flaws(name=named, email=email or "", phone=phone or "")
        if wrong:
            raise Invalid(" ".join(wrong.values()), fields=wrong)
        locked.name = locked.name if named is None else named
        locked.email = locked.email if email is None else email
        if phone is not None:
            locked.set_phone(phone)
        locked.save(update_fields=["name", "email", "phone_sealed", "phone_index"])
        _note("change", locked, actor)
    return locked


def account_close(*, actor: Actor, user: User) -> None:
    """Close an account: no more sign-ins, its sessions end; posts and roles end today."""
    operator_alone(actor)
    with transaction.atomic():
        locked = must_be_open(user)
        _begin_anew(locked)
        locked.is_active = False
        locked.save(update_fields=["password", "is_active"])
        _end_all(locked, actor, clock.today())
        _note("close", locked, actor)


def account_renew(*, actor: Actor, user: User) -> None:
    """Reset an account: remove password and second factor, end its sessions and unfinished sign-ins.

    For somebody who lost the phone or forgot the password: make sure who asks. Then give them `way_in`.
    """
    operator_alone(actor)
    with transaction.atomic():
        locked = must_be_open(user)
        _begin_anew(locked)
        locked.save(update_fields=["password"])
        _note("renew", locked, actor)


def account_reopen(*, actor: Actor, user: User) -> None:
    """Open a closed account again, without its posts and roles.

    A last day counts, so what closing ended today would be back: it ends yesterday; what began today is cancelled.
    Raises Conflict for an account that is open, Missing for a citizen's.
    """
    operator_alone(actor)
    with transaction.atomic():
        locked = must_be_staffs(user)
        if locked.is_active:
            raise Conflict(_("The account %(name)s is open.") % {"name": locked.username})
        _begin_anew(locked)
        _end_all(locked, actor, clock.today() - timedelta(days=1))
        locked.is_active = True
        locked.save(update_fields=["password", "is_active"])
        _note("reopen", locked, actor)


def way_in(user: User) -> str:
    """The one-time link by which the owner of an account chooses a password.

    It holds `PASSWORD_RESET_TIMEOUT` (three days) and dies with its use or with the next `account_renew`.
    """
    fresh = User.objects.get(pk=user.pk)
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(fresh)
    given = {"uidb36": user_pk_to_url_str(fresh), "key": key}
    path = reverse("account_reset_password_from_key", kwargs=given)
    return f"{settings.PUBLIC_URL}{path}"


def post_fill(
    *,
    actor: Actor,
    user: User,
    position: Position,
    since: date,
    until: date | None = None,
    acting: str = "",
    basis: str = "",
) -> Holding:
    """Put somebody in a post from a local day on, until the last day (both count) or without an end.

    acting  "" the holder; "plt" while the post has none; "plh" while its holder is away (BKN circular
            1/SE/I/2021)
    Several may hold a post together, as officers of an agency do; one alone acts in it, and a Plt and a holder never
    meet. A Plh's holder need not have an account. Raises Invalid where days or kinds do not fit, Conflict where
    somebody sits there already who may not.
    """
    operator_or_importer(actor)
    with transaction.atomic():
        locked = must_be_open(user)
        position = (
            Position.objects.select_for_update(of=("self",)).select_related("agency").get(pk=position.pk)
        )
        post_must_fit(locked, position, since, until, acting)
        holding = Holding.objects.create(
            user=locked, position=position, since=since, until=until, acting=acting, basis=basis.strip()[:200]
        )
        _note_post("fill", holding, actor)
    return holding


def post_leave(*, actor: Actor, user: User, position: Position, last_day: date) -> Holding:
    """End somebody's time in a post on a last day; later days are deleted.

    The last day still counts. Raises Missing where they sit there neither then nor later, Invalid for a day before
    the first one they sat there.
    """
    operator_or_importer(actor)
    with transaction.atomic():
        held = list(
            Holding.objects.select_for_update(of=("self",))
            .filter(Q(until=None) | Q(until__gte=last_day), user=user, position=position)
            .select_related("position__agency", "user")
            .order_by("since")
        )
        if not held:
            raise Missing(
                _("%(name)s does not hold this post on %(day)s.") % {"name": user.username, "day": last_day},
                remedy=_("See who holds what: ./run staff list"),
            )
        for one in held:
            erases_nothing(one.since, last_day)
            if one.until != last_day:
                _end(one, actor, last_day)
    return held[0]


def account_flaws(*, name: str | None, email: str, phone: str, username: str | None = None) -> dict[str, str]:
    """Errors of an account's values, by field; None is not checked."""
    wrong: dict[str, str] = {}
    if username is not None and not _USERNAME.fullmatch(username):
        wrong["username"] = _("A user name is letters a to z and digits, parted by single points or hyphens.")
    if username is not None and len(username) > _LONGEST_USERNAME:
        wrong["username"] = _("The user name is too long: at most 80 letters.")
    if name is not None and not 0 < len(name) <= _LONGEST_NAME:
        wrong["name"] = _("The name has 1 to 120 letters.")
    try:
        if email:
            User._meta.get_field("email").run_validators(email)
    except ValidationError:
        wrong["email"] = _("This is not an e-mail address.")
    if phone and not phones.normal(phone):
        wrong["phone"] = _("This is not one whole phone number. Examples: 0812-3456-7890, +886 912 345 678.")
    return wrong


def post_must_fit(
    user: User | None, position: Position, since: date, until: date | None, acting: str
) -> None:
    """Check that somebody may hold a post then; None stands for an account that does not exist yet.

    Raises Invalid where days or kinds do not fit, Conflict where somebody sits there already who may not.
    """
    if position.closed_on is not None:
        raise Invalid(_("This post is closed."), remedy=_("Choose one of those in ./run staff posts"))
    must_be_in_order(since, until)
    if acting and acting not in Holding.Acting.values:
        raise Invalid(_("Acting is plt or plh."))
    then = Holding.objects.filter(Q(until=None) | Q(until__gte=since), position=position)
    if until is not None:
        then = then.filter(since__lte=until)
    if user is not None and (same := then.filter(user=user).first()):
        raise Conflict(
            _("%(name)s holds this post from %(day)s already.") % {"name": user.username, "day": same.since},
            remedy=_("End that first: ./run staff leave"),
        )
    others = then.filter(user__is_active=True).select_related("user")
    if acting and (other := others.exclude(acting="").first()) is not None:
        raise Conflict(
            _("Somebody is acting in this post then: %(name)s.") % {"name": other.user.username},
            remedy=_("End that first: ./run staff leave"),
        )
    if acting == Holding.Acting.PLT and (holder := others.filter(acting="").first()) is not None:
        raise Conflict(
            _("The post has a holder then: %(name)s.") % {"name": holder.user.username},
            remedy=_(
                "While a holder is away it is a Plh; where they left, enter that first: ./run staff leave"
            ),
        )
    if not acting and (plt := others.filter(acting=Holding.Acting.PLT).first()) is not None:
        raise Conflict(
            _("A Plt is in this post then: %(name)s.") % {"name": plt.user.username},
            remedy=_("A Plt ends when the holder comes: ./run staff leave"),
        )


def _end_all(user: User, actor: Actor, last_day: date) -> None:
    """End every post and role of an account on a last day."""
    longer = Q(until=None) | Q(until__gt=last_day)
    for held in user.holdings.filter(longer).select_related("position__agency"):
        _end(held, actor, last_day)
    for given in user.memberships.filter(longer).select_related("agency"):
        end_role(given, actor, last_day)


def _end(held: Holding, actor: Actor, last_day: date) -> None:
    let_end(held, last_day, "leave", lambda step: _note_post(step, held, actor))


def _begin_anew(user: User) -> None:
    """Remove the password, so that older links and all sessions end."""
    user.set_unusable_password()
    Authenticator.objects.filter(user=user).delete()


def _note(step: str, user: User, actor: Actor) -> None:
    append(verb=f"parties.account.{step}", subject=("user", user.id), actor=actor.code)


def _note_post(step: str, holding: Holding, actor: Actor) -> None:
    post = holding.position
    days: dict[str, Any] = {
        "since": holding.since.isoformat(),
        "until": holding.until.isoformat() if holding.until else "",
    }
    append(
        verb=f"parties.post.{step}",
        subject=("position", post.id),
        actor=actor.code,
        codes={"agency": post.agency.code, "post": post.code, "acting": holding.acting},
        payload={"user": str(holding.user_id), **days},
    )
