"""The one address of stored files, and how a page makes one.

`signed(stored, size)` is called by pages alone whose reader passed `visible_to` (or holds the draft or the
secret link); the address then works for one to two hours and is the same within the hour, so that browsers
keep what they have.
"""

from __future__ import annotations

from django.core import signing
from django.urls import path, reverse

from kotacerdas.foundation.files import views
from kotacerdas.foundation.files.disk import Size
from kotacerdas.foundation.files.models import StoredFile

urlpatterns = [path("berkas/<str:token>", views.serve, name="stored_file")]


def signed(stored: StoredFile, size: Size = "full") -> str:
    """The short-lived address of a photo or its thumbnail."""
    letter = "t" if size == "thumb" else "f"
    text = f"{stored.id.hex}.{letter}.{views.this_hour():x}"
    return reverse("stored_file", args=[signing.Signer(salt=views.SALT).sign(text)])
