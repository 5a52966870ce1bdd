"""Codes on photos are read for phones whose browser reads none."""

from __future__ import annotations

import io
from typing import Any

import pytest
import segno
from django.test import Client
from PIL import Image

from kotacerdas.foundation.sync.declarations import Item
from kotacerdas.kernel import ids

pytestmark = pytest.mark.django_db


def code(text: str) -> bytes:
    """A photo of a code, as a phone sends it."""
    drawn, photo = io.BytesIO(), io.BytesIO()
    segno.make(text, micro=False).save(drawn, kind="png", scale=6)
    Image.open(drawn).convert("RGB").save(photo, "JPEG")
    return photo.getvalue()


def sent(handset: Any, body: bytes) -> Any:
    return handset.client.post("/lapangan/pindai/", body, content_type="image/jpeg", **handset.headers)


def test_a_code_on_a_photo_is_read(handset: Any) -> None:
    assert sent(handset, code("TML-2026-000001")).json() == {"text": "TML-2026-000001"}


def test_a_photo_without_a_code_is_empty(handset: Any) -> None:
    plain = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(plain, "JPEG")
    assert sent(handset, plain.getvalue()).json() == {"text": ""}


def test_what_is_no_photo_is_refused_in_words(handset: Any) -> None:
    answer = sent(handset, b"no photo")
    assert answer.status_code == 422
    assert answer.json()["words"]


def test_only_an_enrolled_phone_may_scan(db: None) -> None:
    assert Client().post("/lapangan/pindai/", b"x", content_type="image/jpeg").status_code == 401


def test_a_record_tells_the_phone_what_names_it_and_what_it_belongs_in():
    row = Item(id=ids.new_id(), title="A", codes=("AB-1", "XY2"), inside=("7", "Ruang A")).as_fields()
    assert row["codes"] == ["AB-1", "XY2"]
    assert row["inside"] == ["7", "Ruang A"]
    assert {"codes", "inside"} & Item(id=ids.new_id(), title="B").as_fields().keys() == set()
