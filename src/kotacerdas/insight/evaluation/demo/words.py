"""Invented words of the demo's rounds. None names a person or a village."""

from __future__ import annotations

from kotacerdas.insight.evaluation.models import IndicatorSheet, Item, PublishedFigure

QUESTION = "Mengapa dua dari empat pelatihan tidak berjalan? (peraga)"
ANSWER = "Anggaran perubahan baru terbit bulan Oktober; dua pelatihan digeser ke tahun berikutnya. (peraga)"
LACKING = "Daftar hadir pelatihan belum dilampirkan. (peraga)"
RULING = "Rencana berjalan sebagian besar, tetapi bukti pelatihannya belum lengkap. (peraga)"
ADVICE = (
    "Lengkapi daftar hadir pelatihan petugas dan lampirkan pada putaran berikutnya. (peraga)",
    "Tetapkan target tahunan untuk setiap indikator dalam rencana induk. (peraga)",
    "Terbitkan angka hasil program setiap triwulan beserta sumbernya. (peraga)",
)
REPORT = "Sudah dilengkapi dan dilampirkan. (peraga)"
_NOTES = (
    "Sebagian besar rencana berjalan menurut bukti. (peraga)",
    "Layanan berjalan rutin, datanya lengkap. (peraga)",
    "Bukti pelatihan belum lengkap. (peraga)",
    "Capaian mendekati rencana. (peraga)",
)
_CLAIMS = {
    "baseline": "Keadaan awal dicatat dari angka yang diterbitkan pada tahun pertama. (peraga)",
    "output": "Kebijakan, tim pelaksana, dan anggarannya tersedia. (peraga)",
    "outcome": "Sebagian besar kegiatan rencana induk tahun ini berjalan. (peraga)",
    "impact": "Warga menyatakan layanan lebih cepat daripada tahun sebelumnya. (peraga)",
    "quick_win": "Inovasi berjalan rutin di seluruh kecamatan. (peraga)",
}


def claim(item: Item) -> str:
    """What the agency says of its item."""
    return _CLAIMS.get(item.measure.code, "Berjalan sesuai rencana. (peraga)")


def note(place: int) -> str:
    """An assessor's note."""
    return _NOTES[place % len(_NOTES)]


def evidence_title(item: Item) -> str:
    """The title of the item's file."""
    return f"Ringkasan {item.measure.name_id} {item.round.year} (peraga)"


def evidence_text(item: Item) -> bytes:
    """A file of the demo: the published figures of the year, each with its source, and that it is a demo."""
    lines = [
        f"DATA PERAGA. Ringkasan {item.measure.name_id}, {item.dimension.name_id}, tahun {item.round.year}.",
        "Angka di bawah ini pernah diterbitkan; selebihnya karangan untuk peraga.",
        "",
    ]
    programmes = item.figures.values("indicator__programme")
    for one in PublishedFigure.objects.filter(programme__in=programmes, period_start__year=item.round.year):
        lines.append(
            f"{one.series}: {one.value:f} {one.unit}, {one.period_start} - {one.period_end}. {one.source}"
        )
    lines.append(f"Butir {item.id}")
    return "\n".join(lines).encode()


def source(code: str, year: int) -> str:
    """Where an indicator's figure of a year was published; else the live count."""
    sheet = IndicatorSheet.objects.filter(code=code).select_related("programme").first()
    found = (
        PublishedFigure.objects.filter(
            programme=sheet.programme, series=sheet.published_numerator, period_start__year=year
        ).first()
        if sheet and sheet.published_numerator
        else None
    )
    return found.source if found else "angka hidup sistem ini (peraga)"
