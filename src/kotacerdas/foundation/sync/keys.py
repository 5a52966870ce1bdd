"""The keys that seal what stands on phones: kept here, and released to who forgot the PIN.

A phone seals its data with a key that its PIN opens. Whoever forgets the PIN would lose what is not sent; so the phone
gives the key to the server when the PIN is set. It is released to the phone's own user alone, each time with a row of
the journal, and never for a phone that was revoked.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.parties.models import User
from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.foundation.sync.models import Phone, PhoneKey
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Conflict, Invalid, Missing

MOST_KEYS = 20  # of one phone: each setting of a PIN that broke off in the middle leaves one
KEY_BYTES = 32
_LABEL = "sync.phone.key"
_NAME = re.compile(r"[0-9a-f]{32}")


def check_of(phone: Phone) -> str:
    """With what a locked phone asks whether it is still let in; it opens nothing."""
    return keyring().blind("sync.check", str(phone.pk))


def phone_of_check(named: str) -> Phone | None:
    """The phone that comes with `<id>.<check>`; None for nobody's."""
    phone_id, _dot, check = named.partition(".")
    try:
        phone = Phone.objects.select_related("user").filter(pk=UUID(phone_id)).first()
    except ValueError:
        return None
    if phone is None or not hmac.compare_digest(check_of(phone).encode(), check.encode()):
        return None
    return phone


@transaction.atomic
def key_keep(phone: Phone, name: Any, key: Any) -> None:
    """Keep the key of a phone under the phone's name for it. Invalid for what is no key; Conflict for too many.

    A name is never given another key: nothing that was kept is lost by what comes later.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not _is_key(key):
        raise Invalid(_("This is no key."), code="damaged")
    Phone.objects.select_for_update().get(pk=phone.pk)
    kept = PhoneKey.objects.filter(phone=phone)
    if kept.filter(name=name).exists():
        return
    if kept.count() >= MOST_KEYS:
        raise Conflict(
            _("A PIN was set too often on this phone."),
            remedy=_("Send what waits, then sign out of this phone and set it up anew."),
        )
    row = PhoneKey(id=ids.new_id(), phone=phone, name=name)
    row.key_sealed = keyring().seal(_LABEL, row.id, key)
    row.save()


def _is_key(key: Any) -> bool:
    try:
        return isinstance(key, str) and len(base64.b64decode(key, validate=True)) == KEY_BYTES
    except (ValueError, binascii.Error):
        return False


def own_phone(user: User, phone_id: UUID) -> Phone:
    """A phone of somebody's own that is in use. Missing for another's, and for one that was revoked."""
    found = Phone.objects.filter(pk=phone_id, user=user, user__is_active=True, revoked_at=None).first()
    if found is None:
        raise Missing(_("There is no such phone here."), remedy=_("Ask your desk to set it up anew."))
    return found


@transaction.atomic
def key_release(*, user: User, phone: Phone, name: str) -> str:
    """The key of that name (base64) for the phone's own user, journaled. Missing where there is none, Invalid for no name.

    The caller has made sure that the user signed in just now.
    """
    if not _NAME.fullmatch(name):
        raise Invalid(_("This is no key."), code="damaged")
    found = PhoneKey.objects.filter(phone=own_phone(user, phone.pk), name=name).first()
    if found is None:
        raise Missing(
            _("The server has no key of this phone."), remedy=_("Sign out of this phone and set it up anew.")
        )
    append(
        verb="sync.phone.release_key",
        subject=("sync.phone", phone.pk),
        actor=f"user:{user.pk}",
        codes={"user": user.pk},
    )
    return keyring().open(_LABEL, found.id, found.key_sealed)
