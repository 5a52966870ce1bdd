"""What no request may do: carry a NUL to the store, or leave a secret of an address in the log."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog
from django.test import Client
from django.urls import reverse
from trials.cast import client_of

from kotacerdas.config.logs import configure, mask
from kotacerdas.foundation.cases.links import link_token

NUL = "\0"


def test_a_secret_link_and_a_photos_address_are_masked_in_words():
    assert mask("Not Found: /l/abc123def456/jawab/") == "Not Found: /l/***/jawab/"
    assert mask("/berkas/eyJhIjoxfQ:sig") == "/berkas/***"
    assert (
        mask("<WSGIRequest: GET '/desk/iceta/cari/?q=Wati&x=1'>")
        == "<WSGIRequest: GET '/desk/iceta/cari/?***'>"
    )
    assert mask("GET /akun/kata-sandi/baru/0123abcd-c9x-key/") == "GET /akun/kata-sandi/baru/***/"
    assert mask("Is this so? Yes: 1/2") == "Is this so? Yes: 1/2"


@pytest.mark.parametrize("form", ["json", "words"])
def test_no_line_of_the_log_holds_a_secret_link_or_a_query(form):
    root, kept = logging.getLogger(), logging.getLogger().handlers[:]
    level, out = root.level, io.StringIO()
    try:
        configure({"format": form, "level": "INFO"})
        root.handlers[0].stream = out
        structlog.get_logger("house").info("refused", path="/l/0123456789abcdef/nilai/")
        django = logging.getLogger("django.request")
        django.warning("%s: %s", "Not Found", "/l/0123456789abcdef/")
        try:
            raise ValueError("/berkas/0123456789abcdef?x=0123456789abcdef")
        except ValueError:
            django.exception("Internal Server Error: %s", "/l/0123456789abcdef/?q=0123456789abcdef")
    finally:
        root.handlers[:] = kept
        root.setLevel(level)
        structlog.reset_defaults()
    said = out.getvalue()
    assert "0123456789" not in said
    assert said.count("/l/***/") == 3
    if form == "json":
        assert all(json.loads(line) for line in said.splitlines())


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/lapor/ikut/%00/", "/l/%00/", "/lapor/tempat/cari/?q=%00", "/?%00=1"])
def test_a_nul_in_an_address_is_answered_in_words(cast, address):
    answer = Client().get(address)
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


@pytest.mark.django_db
def test_a_nul_at_a_desk_is_answered_in_words(cast):
    client = client_of(cast.sari)
    assert client.get("/desk/iceta/cari/?q=%00").status_code == 400
    case = cast.report().case
    for name in ("report_class", "urgency"):
        address = reverse("iceta:verify_disposition", args=[case.number])
        assert (
            client.get(address, {"category": "jetty", "filled_for": "jetty", name: "nonsense"}).status_code
            == 422
        )
    decide = reverse("iceta:verify_decide", args=[case.number])
    for step in ("preview", "verify"):
        given = {"step": step, "category": "jetty", "filled_for": "jetty", "report_class": "nonsense"}
        assert client.post(decide, given).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["multipart", "urlencoded"])
def test_a_nul_in_a_form_is_answered_in_words_and_a_file_may_hold_one(cast, kind):
    link = reverse("following:act", args=[link_token(cast.verified().party), "jawab"])
    given = {"body": f"Timur{NUL}"}
    if kind == "multipart":
        answer = Client().post(link, given)
    else:
        answer = Client().post(link, "body=Timur%00", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    photo = io.BytesIO(NUL.encode() * 20)
    photo.name = "foto.jpg"
    assert Client().post(reverse("iceta:report_photo"), {"photo": photo, "go": "upload"}).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/lapor/foto/", "/bahasa/", "/l/abc/jawab/"])
def test_a_forms_address_opened_by_hand_says_so_with_a_way_out(client, path):
    answer = client.get(path)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "hanya menerima kiriman formulir" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()
