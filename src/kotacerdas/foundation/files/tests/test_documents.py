"""What a stored document promises: a whole PDF by its content, kept as it came, handed out as a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kotacerdas.foundation.files import disk, queries
from kotacerdas.foundation.files.actions import store_document, store_upload, sweep
from kotacerdas.foundation.files.models import StoredFile
from kotacerdas.foundation.files.tests.test_photos import photo
from kotacerdas.foundation.files.urls import signed
from kotacerdas.kernel import clock
from kotacerdas.kernel.errors import Invalid

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_document_is_kept_as_it_came_and_equal_ones_once():
    one, two = store_document(PDF, draft_key="d"), store_document(PDF, draft_key="e")
    assert queries.path_of(one).read_bytes() == PDF
    assert one.sha256 == two.sha256
    assert (one.is_document, one.media_type, one.bytes) == (True, "application/pdf", len(PDF))


def test_sent_again_under_its_name_it_is_stored_once():
    assert store_document(PDF, draft_key="d", name="a") == store_document(PDF, draft_key="d", name="a")
    assert StoredFile.objects.count() == 1


def test_what_a_file_is_its_bytes_say():
    assert store_upload(PDF).is_document
    assert not store_upload(photo()).is_document
    with pytest.raises(Invalid):
        store_upload(b"MZ\x90\x00")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7 cut off",
        b"<html>%PDF-%%EOF",
        PDF.replace(b"trailer<<", b"trailer<</Encrypt 2 0 R"),
        PDF[:-6] + b"x" * (11 * 1024 * 1024) + b"%%EOF\n",
    ],
    ids=["empty", "cut off", "no pdf", "locked", "too large"],
)
def test_what_is_no_open_whole_pdf_is_refused(data):
    with pytest.raises(Invalid):
        store_document(data)
    assert not StoredFile.objects.exists()


def test_a_document_is_handed_out_as_a_file_that_no_page_shows(client):
    answer = client.get(signed(store_document(PDF)))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Disposition"].endswith('.pdf"')
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_one_that_no_case_claims_goes_with_its_bytes():
    one = store_document(PDF, draft_key="d")
    with clock.frozen(clock.now() + timedelta(hours=30)):
        assert sweep() == 1
    assert not disk.path_of(one.sha256, "document").exists()
