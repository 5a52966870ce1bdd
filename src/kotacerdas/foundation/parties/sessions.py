"""Sessions at rest: sealed, and found by a keyed fingerprint of the cookie.

A session holds phone numbers on their way, codes that are still good, and who is signed in. Who reads the store
without its keys learns none of it, and has no cookie with which to go on as somebody else.
"""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from kotacerdas.kernel.fieldcrypt import CannotOpen
from kotacerdas.kernel.keyring import keyring

_LABEL, _KEY_LENGTH = "parties.session", 40


class SessionStore(DatabaseStore):
    """Django's sessions in the database, sealed, so that the database alone gives access to none."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The session's data, sealed for its row."""
        return keyring().seal(_LABEL, self._row, self.serializer().dumps(session_dict).decode("latin-1"))

    def decode(self, session_data: Any) -> dict[str, Any]:
        """The data of a sealed row; nothing for one that does not open."""
        try:
            opened = keyring().open(_LABEL, self._row, str(session_data))
            found: dict[str, Any] = self.serializer().loads(opened.encode("latin-1")) if opened else {}
        except (CannotOpen, ValueError):
            return {}
        return found

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of this session. Its key comes first: what is sealed is bound to it."""
        key = self._get_or_create_session_key()  # type: ignore[attr-defined]
        return self.model(
            session_key=_stored(key), session_data=self.encode(data), expire_date=self.get_expiry_date()
        )

    def exists(self, session_key: str) -> bool:
        return bool(self.model.objects.filter(session_key=_stored(session_key)).exists())

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=_stored(key)).delete()

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = self.model.objects.filter(
            session_key=_stored(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if found is None:
            self._session_key = None
        return found

    @property
    def _row(self) -> Any:
        return uuid5(NAMESPACE_OID, _stored(self.session_key or ""))


def forget_sessions() -> None:
    """Delete expired sessions."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()


def _stored(key: str) -> str:
    return keyring().blind("session", key)[:_KEY_LENGTH]
