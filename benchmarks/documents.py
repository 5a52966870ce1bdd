"""Papers a second: set by typst, issued with number, row and journal, and handed out again; a sheet of labels."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import time

from _store import fresh

COUNT = int(os.environ.get("BENCH_PAPERS", "200"))
LABELS = 240


def main() -> list[str]:
    """Lines for RESULTS.md."""
    from django.conf import settings

    with fresh(), tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        return [set_alone(), *issued(), label_sheets()]


def set_alone() -> str:
    """The specimen's bytes alone: no store, no disk."""
    from kotacerdas.foundation.documents.actions import preview

    first = preview("documents.specimen", "id")
    began = time.perf_counter()
    for _turn in range(COUNT):
        made = preview("documents.specimen", "id")
    spent = time.perf_counter() - began
    if not made.startswith(b"%PDF-") or len(made) < len(first) // 2:
        raise RuntimeError("no PDF was set")
    return f"set by typst alone (one page, PDF/A-2b, QR): {COUNT / spent:.0f} papers/s, {len(made) // 1024} KB each"


def issued() -> list[str]:
    """Issued by the action, and read again: every number, and every byte by its hash."""
    from kotacerdas.foundation.documents.actions import document_issue, path_of
    from kotacerdas.foundation.documents.models import Document
    from kotacerdas.foundation.parties.actors import SYSTEM
    from kotacerdas.foundation.parties.models import Agency
    from kotacerdas.kernel import ids

    agency, times = Agency.objects.order_by("code")[0], []
    for number in range(COUNT):
        began = time.perf_counter()
        document_issue(
            actor=SYSTEM,
            kind="documents.specimen",
            subject=("bench.paper", ids.new_id()),
            title="Contoh surat",
            data={"lines": [["Nama", f"Wati {number} (contoh)"]], "body": "Isi surat contoh."},
            agency=agency,
        )
        times.append(time.perf_counter() - began)
    papers = list(Document.objects.filter(kind="documents.specimen"))
    began = time.perf_counter()
    intact = sum(hashlib.sha256(path_of(one.sha256).read_bytes()).hexdigest() == one.sha256 for one in papers)
    read = time.perf_counter() - began
    if len({one.number for one in papers}) != COUNT or intact != COUNT:
        raise RuntimeError(f"{len(papers)} papers, {intact} intact")
    times.sort()
    return [
        f"issued (number, bytes on disk, row, journal row): {COUNT / sum(times):.0f} papers/s, p50 {times[COUNT // 2] * 1000:.0f} ms, "
        f"p99 {times[int(COUNT * 0.99)] * 1000:.0f} ms; all {COUNT} found with their own number and hash",
        f"handed out again, hash compared: {COUNT / read:,.0f} papers/s",
    ]


def label_sheets() -> str:
    """Ten A4 sheets of labels, each with its QR."""
    from pypdf import PdfReader

    from kotacerdas.foundation.documents.rendering import Label, labels
    from kotacerdas.kernel import clock

    given = [Label(code=f"https://kota.example/a/{n}", lines=(f"Barang {n}", "PU")) for n in range(LABELS)]
    began = time.perf_counter()
    made = labels(given, clock.now())
    spent = time.perf_counter() - began
    pages = len(PdfReader(io.BytesIO(made)).pages)
    if pages != 10:
        raise RuntimeError(f"{pages} sheets were set")
    return f"labels with QR on A4: {LABELS / spent:,.0f} labels/s ({LABELS} in {spent:.1f} s)"
