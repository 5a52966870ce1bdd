"""Papers: the same bytes at every reprint, numbers without gaps, a check page that knows, text that stays text."""

from __future__ import annotations

import hashlib
import io
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import typst
import zxingcpp
from django.utils.translation import override
from PIL import Image
from pypdf import PdfReader
from trials.cast import seat

from kotacerdas.foundation.documents import rendering
from kotacerdas.foundation.documents.actions import (
    document_issue,
    document_revoke,
    document_sign,
    path_of,
    preview,
)
from kotacerdas.foundation.documents.declarations import kinds
from kotacerdas.foundation.documents.models import Document
from kotacerdas.foundation.documents.rendering import Grid, Label, labels, pdf, template_of
from kotacerdas.foundation.documents.signing import Bsre
from kotacerdas.foundation.journal.models import Row
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.kernel import ids
from kotacerdas.kernel.errors import Conflict, Invalid, Refused, Unavailable

AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
DATA = {"lines": [["Nama", "Wati (contoh)"]], "body": "Telah menerima uang."}


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def issue(cast):
    """Issues a specimen of the agency PU."""

    def issued(**given) -> Document:
        usual = {
            "kind": "documents.specimen",
            "subject": ("toy.loan", ids.new_id()),
            "title": "Contoh surat",
            "data": DATA,
            "agency": cast.agency("PU"),
            "signer": ("Kepala Dinas", "Wati (contoh)"),
        }
        return document_issue(actor=SYSTEM, **{**usual, **given})

    return issued


def read(document: Document) -> PdfReader:
    return PdfReader(io.BytesIO(path_of(document.sha256).read_bytes()))


def test_a_paper_is_read_again_with_number_signer_and_metadata(issue, cast):
    document = issue()
    paper = read(document)
    text = paper.pages[0].extract_text()
    assert len(paper.pages) == 1
    for words in (
        document.number,
        "Wati (contoh)",
        "Kepala Dinas",
        "Telah menerima uang.",
        f"/periksa/{document.code}/",
    ):
        assert words in text
    assert cast.agency("PU").name.upper() in text
    assert paper.metadata.title == f"Contoh surat {document.number}"
    assert b"pdfaid:part>2<" in path_of(document.sha256).read_bytes()
    made = path_of(document.sha256).read_bytes()
    assert (hashlib.sha256(made).hexdigest(), len(made)) == (document.sha256, document.bytes)
    assert Row.objects.filter(verb="documents.document.issue", subject_id=document.id).count() == 1


def test_the_regencys_address_stands_on_its_own_papers_alone(issue, cast):
    address = "Jalan Contoh 1, Melati (contoh)"
    assert address in read(issue(agency=None)).pages[0].extract_text()
    assert address in read(issue(agency=cast.agency("KOMINFO"))).pages[0].extract_text()
    assert "Jalan Contoh" not in read(issue()).pages[0].extract_text()


def test_the_same_paper_is_the_same_bytes(db):
    template = template_of(kinds()["documents.specimen"])
    assert preview("documents.specimen", "id") != preview("documents.specimen", "en")
    data = {**DATA, **_head()}
    assert pdf(template, data, AT) == pdf(template, data, AT)


def test_numbers_have_no_gaps_where_a_paper_fails(issue):
    first = issue()
    with pytest.raises(Invalid):
        issue(data={})
    second = issue()
    assert [int(one.number[:6]) for one in (first, second)] == [1, 2]
    assert first.number.split("/")[1:3] == ["CTH", "PU"]
    assert Document.objects.count() == 2


def test_what_a_user_wrote_is_no_markup(issue):
    words = '#read("/etc/passwd") *tebal* $x$ <label> = judul // \\ "kutip"'
    text = read(issue(data={"lines": [], "body": words})).pages[0].extract_text()
    assert words.replace(" ", "") in text.replace("\n", "").replace(" ", "")


def test_a_broken_template_of_a_pack_says_what_is_wrong(db, settings, tmp_path, in_indonesian):
    data = {**DATA, **_head()}
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "documents.specimen.typ").write_text("#let x = (")
    settings.PACK = tmp_path
    with pytest.raises(Invalid, match="Templat tidak dapat disusun"):
        pdf(template_of(kinds()["documents.specimen"]), data, AT)


def test_a_template_reaches_no_file_of_the_machine(db, settings, tmp_path):
    data = {**DATA, **_head()}
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "documents.specimen.typ").write_text('#read("/etc/passwd")')
    settings.PACK = tmp_path
    with pytest.raises(Invalid):
        pdf(template_of(kinds()["documents.specimen"]), data, AT)


def test_a_packs_template_and_emblem_are_used(db, settings, tmp_path):
    data = {**DATA, **_head()}
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "documents.specimen.typ").write_text("#letterhead\nIsi lain")
    (tmp_path / "documents" / "emblem.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'
    )
    plain = template_of(kinds()["documents.specimen"])
    settings.PACK = tmp_path
    own = template_of(kinds()["documents.specimen"])
    assert own.digest != plain.digest
    assert "Isi lain" in PdfReader(io.BytesIO(pdf(own, data, AT))).pages[0].extract_text()


def test_the_check_page_knows_a_paper_a_revoked_one_and_none(client, issue, in_indonesian):
    document = issue()
    page = client.get(f"/periksa/{document.code}/")
    assert page.status_code == 200
    assert document.number in page.text
    assert document.sha256 in page.text
    assert "Wati" not in page.text
    assert "Telah menerima" not in page.text
    spoken = document.code.lower().replace("1", "l").replace("0", "o")
    typed = f"{spoken[:4]} {spoken[4:8]}-{spoken[8:]}"
    for given in (typed, f"https://kota.example/periksa/{document.code}/", f"/{document.code}"):
        assert client.get("/periksa/", {"kode": given}, follow=True).status_code == 200
    for odd in ("a/b", "/", "☃"):
        assert client.get("/periksa/", {"kode": odd}, follow=True).status_code in (200, 404)
    with pytest.raises(Invalid):
        document_revoke(actor=SYSTEM, document=document, why=" ")
    document_revoke(actor=SYSTEM, document=document, why="Salah nama")
    page = client.get(f"/periksa/{document.code}/")
    assert "jangan terima surat ini" in page.text
    assert "Salah nama" in page.text
    with pytest.raises(Conflict):
        document_revoke(actor=SYSTEM, document=document, why="Lagi")
    none = client.get("/periksa/AAAAAAAAAAAA/")
    assert none.status_code == 404
    assert "Tidak ada surat dengan kode ini" in none.text


def test_guessing_codes_is_slowed(client, db, settings):
    settings.RATE_LIMITS = True
    answers = [client.get("/periksa/AAAAAAAAAAAA/").status_code for _ in range(40)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_templates_are_shown_to_the_operator(client, cast):
    user = seat("operator", "KOMINFO", "operator")
    user.is_demo = True
    user.save()
    client.force_login(user)
    assert "documents.specimen" in client.get("/desk/dokumen/").text
    paper = client.get("/desk/dokumen/documents.specimen/?bahasa=en")
    assert paper["Content-Type"] == "application/pdf"
    assert "SAMPLE" in PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert client.get("/desk/dokumen/none.such/").status_code == 404


def test_labels_skip_the_used_places_and_their_codes_are_read(db):
    given = [Label(code=f"https://kota.example/a/{n}", lines=(f"Barang {n}", "PU")) for n in range(30)]
    sheets = PdfReader(io.BytesIO(labels(given, AT, used=5)))
    assert [page.extract_text().count("Barang") for page in sheets.pages] == [19, 11]
    for used in (-1, 24):
        with pytest.raises(Invalid):
            labels(given, AT, used=used)
    with pytest.raises(Invalid):
        labels([], AT)


def test_a_labels_code_is_read(monkeypatch):
    one, grid = Label(code="https://kota.example/a/7", lines=("Barang 7",)), Grid(columns=2, rows=4)
    assert _seen_by_a_camera(monkeypatch, lambda: labels([one], AT, grid=grid)) == one.code


def test_a_papers_code_leads_to_its_check_page(issue, settings, monkeypatch):
    issued = []
    read = _seen_by_a_camera(monkeypatch, lambda: issued.append(issue()))
    assert read == f"{settings.PUBLIC_URL}/periksa/{issued[0].code}/"


@dataclass
class Recording:
    """A signer that writes down what it was given."""

    fails: Exception | None = None
    asked: list[tuple[bytes, str]] = field(default_factory=list)

    def sign(self, pdf: bytes, *, nik: str, passphrase: str) -> bytes:
        self.asked.append((pdf, nik))
        if self.fails:
            raise self.fails
        return pdf + b"\n% signed"


def test_a_signed_paper_is_kept_beside_the_issued_one(client, issue):
    document, signer = issue(), Recording()
    document = document_sign(
        actor=SYSTEM, document=document, signer=signer, nik="0" * 16, passphrase="rahasia"
    )
    assert signer.asked[0][0] == path_of(document.sha256).read_bytes()
    assert path_of(document.signed_sha256).read_bytes().endswith(b"% signed")
    assert document.signed_sha256 in client.get(f"/periksa/{document.code}/").text
    with pytest.raises(Conflict):
        document_sign(actor=SYSTEM, document=document, signer=signer, nik="0" * 16, passphrase="x")


def test_a_refused_signature_changes_nothing(issue):
    document = issue()
    with pytest.raises(Refused):
        document_sign(
            actor=SYSTEM, document=document, signer=Recording(Refused("tidak")), nik="0" * 16, passphrase="x"
        )
    document.refresh_from_db()
    assert document.signed_at is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"%PDF-1.7 signed", None),
        (401, b"", Refused),
        (500, b"", Unavailable),
        (200, b"<html>", Unavailable),
    ],
)
def test_the_service_is_asked_as_its_documentation_says(status, body, error):
    seen: dict[str, object] = {}

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            given = self.rfile.read(int(self.headers["Content-Length"]))
            seen.update(path=self.path, auth=self.headers["Authorization"], given=given)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        Thread(target=server.handle_request, daemon=True).start()
        service = Bsre(f"http://127.0.0.1:{server.server_port}", "kota", "sandi")
        if error:
            with pytest.raises(error):
                service.sign(b"%PDF-", nik="0" * 16, passphrase="rahasia")
        else:
            assert service.sign(b"%PDF-", nik="0" * 16, passphrase="rahasia") == body
    assert seen["path"] == "/api/sign/pdf"
    assert seen["auth"] == "Basic " + b64encode(b"kota:sandi").decode()
    fields = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in message_from_bytes(
            b"Content-Type: " + _kind_of(seen["given"]) + b"\n\n" + seen["given"]
        ).get_payload()
    }
    assert fields == {"nik": b"0" * 16, "passphrase": b"rahasia", "tampilan": b"invisible", "file": b"%PDF-"}


def test_a_service_that_is_not_there_is_said_so():
    with pytest.raises(Unavailable):
        Bsre("http://127.0.0.1:9", "", "").sign(b"%PDF-", nik="", passphrase="")


def test_a_kind_without_its_template_stops_the_start(monkeypatch, tmp_path):
    from types import SimpleNamespace

    from kotacerdas.foundation.documents import declarations

    lost = replace(kinds()["documents.specimen"], template=tmp_path / "none.typ")
    monkeypatch.setattr(declarations, "discover", lambda name: [SimpleNamespace(KINDS=(lost,))])
    with pytest.raises(LookupError):
        declarations.kinds.__wrapped__()


def _head() -> dict:
    from kotacerdas.foundation.documents.actions import _head as head

    with override("id"):
        return head(
            kinds()["documents.specimen"], "Contoh", "000001/CTH/2026", "A" * 12, None, "id", AT, ("", "")
        )


def _kind_of(given: bytes) -> bytes:
    """The multipart head of a body, by its first line."""
    return b"multipart/form-data; boundary=" + given.split(b"\r\n", 1)[0][2:]


def _seen_by_a_camera(monkeypatch, make) -> str:
    """What is read off the first page that `make` sets, drawn as a picture by the same arguments."""
    asked: list[tuple] = []
    real = typst.compile

    def compile(source, **given):
        asked.append((source, given))
        return real(source, **given)

    monkeypatch.setattr(rendering.typst, "compile", compile)
    make()
    source, given = asked[-1]
    wanted = {name: given[name] for name in ("ignore_system_fonts", "sys_inputs")}
    drawn = real(source, format="png", ppi=200.0, **wanted)
    first = drawn if isinstance(drawn, bytes) else drawn[0]
    return zxingcpp.read_barcode(Image.open(io.BytesIO(first)).convert("L")).text
