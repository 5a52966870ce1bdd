"""The columns of goods with their opening balances, with the heads that exports of SIMDA and e-BMD give them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kotacerdas.kernel.sheets import Choice, Column, Kind
from kotacerdas.programs.lada import cards, codes, words

_MOST_RUPIAH = Decimal(10**15)
ALL = "ABCDEF"


def number_of(text: Any) -> str:
    """A register number with its seven digits. Raises ValueError for one that is none."""
    number = int(str(text).strip())
    if not 0 < number < 10**7:
        raise ValueError(text)
    return f"{number:07d}"


def _choices(known: Mapping[str, Any], aliases: Mapping[str, tuple[str, ...]]) -> tuple[Choice, ...]:
    return tuple(Choice(value=one, words=said, aliases=aliases.get(one, ())) for one, said in known.items())


_CONDITIONS = {"good": _("good"), "light": _("lightly damaged"), "heavy": _("heavily damaged")}
_CONDITION_ALIASES = {
    "good": ("b", "baik"),
    "light": ("rr", "kb", "kurang baik", "rusak ringan"),
    "heavy": ("rb", "rusak berat", "rusak"),
}
_ORIGIN_ALIASES = {
    "purchase": ("beli", "pembelian", "pengadaan", "apbd"),
    "grant": ("hibah", "sumbangan", "bantuan", "dropping"),
    "exchange": ("tukar menukar", "ruislag"),
    "found": ("inventarisasi",),
    "other": ("lain-lain", "lainnya", "warisan", "peninggalan"),
}
_BOOKS = {"intra": _("intra-comptable"), "extra": _("extra-comptable")}
_BOOK_ALIASES = {"intra": ("intra", "intrakomptabel", "01"), "extra": ("ekstra", "ekstrakomptabel", "02")}
_TRUE = (
    Choice(value="yes", words=_("yes"), aliases=("bertingkat", "beton", "ada")),
    Choice(value="no", words=_("no"), aliases=("tidak bertingkat", "bukan beton", "tidak ada", "-")),
)


def _text(name: str, said: Any, longest: int, *aliases: str, **more: Any) -> Column:
    return Column(name=name, words=said, longest=longest, aliases=aliases, **more)


def _number(name: str, said: Any, kind: Kind, most: int, *aliases: str, **more: Any) -> Column:
    least = Decimal(more.pop("least", 0))
    return Column(name=name, words=said, kind=kind, least=least, most=Decimal(most), aliases=aliases, **more)


COMMON = (
    _text(
        "goods_code",
        _("Goods code"),
        24,
        "kode barang",
        "kd barang",
        "nomor kode barang",
        kind=Kind.CODE,
        required=True,
        normal=codes.normal,
    ),
    _text(
        "register_no",
        _("Register number"),
        20,
        "nomor register",
        "no register",
        "no reg",
        "noreg",
        "register",
        kind=Kind.CODE,
        required=True,
        normal=number_of,
    ),
    _text(
        "name",
        _("Name of the good"),
        200,
        "nama barang",
        "nama barang jenis barang",
        "jenis barang nama barang",
        "jenis barang",
        "uraian",
        required=True,
    ),
    Column(
        name="acquired_on",
        words=_("Acquired on"),
        kind=Kind.DATE,
        aliases=("tgl perolehan", "tanggal perolehan", "tgl pembelian"),
    ),
    _number(
        "year",
        _("Year acquired"),
        Kind.WHOLE,
        2200,
        "tahun perolehan",
        "tahun pengadaan",
        "tahun pembelian",
        "tahun",
        "thn perolehan",
        least=1800,
        hint=_("where the day is not known: 31 December then"),
    ),
    Column(
        name="origin",
        words=_("Origin"),
        kind=Kind.CHOICE,
        required=True,
        aliases=("asal usul", "cara perolehan", "asal usul cara perolehan", "perolehan"),
        choices=_choices({k: v for k, v in words.ORIGINS.items() if k in _ORIGIN_ALIASES}, _ORIGIN_ALIASES),
    ),
    _number(
        "price",
        _("Acquisition value"),
        Kind.RUPIAH,
        int(_MOST_RUPIAH),
        "harga",
        "harga perolehan",
        "nilai perolehan",
        "nilai",
        "harga rp",
        required=True,
        total=True,
    ),
    _number(
        "accumulated",
        _("Accumulated depreciation, audited"),
        Kind.RUPIAH,
        int(_MOST_RUPIAH),
        "akumulasi penyusutan",
        "akm penyusutan",
        "nilai akumulasi penyusutan",
        "akumulasi penyusutan audited",
        total=True,
    ),
    Column(
        name="opened_on",
        words=_("Balance of"),
        kind=Kind.DATE,
        aliases=("per tanggal", "tanggal saldo", "tgl saldo", "saldo per"),
        hint=_("the last day of a semester; empty: 31 December of last year"),
    ),
    _number(
        "months_left",
        _("Months of life left"),
        Kind.WHOLE,
        1200,
        "sisa masa manfaat",
        "sisa umur",
        "sisa masa manfaat bulan",
        hint=_("where the audited table says it; else by the rules of the pack"),
    ),
    Column(
        name="condition",
        words=_("Condition"),
        kind=Kind.CHOICE,
        aliases=("kondisi", "keadaan barang", "kondisi b kb rb", "kondisi bangunan b kb rb"),
        choices=_choices(_CONDITIONS, _CONDITION_ALIASES),
    ),
    Column(
        name="book",
        words=_("Intra or extra"),
        kind=Kind.CHOICE,
        aliases=("intra ekstra", "intra/ekstra", "komptabel", "intrakomptabel ekstrakomptabel"),
        choices=_choices(_BOOKS, _BOOK_ALIASES),
        hint=_("empty: by the threshold of the pack"),
    ),
    _text("owner", _("Owner's code"), 2, "kode pemilik", "kd pemilik", "pemilik", kind=Kind.CODE),
    _text(
        "room", _("Room"), 20, "kode ruang", "kode ruangan", "kd ruang", "ruang", "ruangan", kind=Kind.CODE
    ),
    _text("area_code", _("Village code"), 16, "kode wilayah", "kode desa", kind=Kind.CODE),
    _number("lat", _("Latitude"), Kind.DECIMAL, 90, "lintang", "latitude", least=-90),
    _number("lng", _("Longitude"), Kind.DECIMAL, 180, "bujur", "longitude", least=-180),
    _text(
        "certificate",
        _("Certificate number"),
        60,
        "nomor sertifikat",
        "no sertifikat",
        "sertifikat nomor",
        "status tanah sertifikat nomor",
    ),
    Column(
        name="certified_on",
        words=_("Certified on"),
        kind=Kind.DATE,
        aliases=(
            "tanggal sertifikat",
            "tgl sertifikat",
            "sertifikat tanggal",
            "status tanah sertifikat tanggal",
        ),
    ),
)
_RIGHT_ALIASES = {"use": ("hak pakai", "pakai"), "manage": ("hak pengelolaan", "hpl"), "other": ("lainnya",)}
_STATE_ALIASES = {
    "own": ("tanah milik pemda", "milik pemda", "tanah pemda"),
    "state": ("tanah negara",),
    "village": ("tanah desa",),
    "customary": ("tanah ulayat", "tanah adat"),
    "other": ("tanah pihak lain", "lainnya"),
}
_BUILDING_ALIASES = {
    "permanent": ("p", "permanen"),
    "semi": ("sp", "semi permanen"),
    "light": ("d", "darurat"),
}


def _choice(name: str, said: Any, known: Any, others: Mapping[str, tuple[str, ...]], *aliases: str) -> Column:
    return Column(
        name=name, words=said, kind=Kind.CHOICE, aliases=aliases, choices=_choices(dict(known), others)
    )


# Facts of cards: which cards have them, and the column.
_LARGE = 1_000_000_000
FACTS: tuple[tuple[str, Column], ...] = (
    ("AD", _number("area_m2", _("Area (m²)"), Kind.DECIMAL, _LARGE, "luas", "luas m2", "luas tanah m2")),
    ("ACDF", _text("address", _("Address"), 200, "alamat", "letak", "letak alamat", "letak lokasi", "lokasi")),
    ("A", _choice("right", _("Right"), cards.LAND_RIGHTS, _RIGHT_ALIASES, "hak", "status tanah hak")),
    ("A", _text("land_use", _("Used for"), 120, "penggunaan", "peruntukan")),
    ("B", _text("brand", _("Brand and type"), 120, "merk", "merk type", "merk tipe", "merek", "merk/type")),
    ("BE", _text("size", _("Size"), 60, "ukuran", "ukuran cc", "ukuran/cc")),
    ("BE", _text("material", _("Material"), 60, "bahan")),
    ("BE", _number("made_year", _("Year made"), Kind.WHOLE, 2200, "tahun pembuatan", "tahun cetak", least=1800)),
    ("B", _text("factory_no", _("Factory number"), 60, "nomor pabrik", "no pabrik")),
    ("B", _text("chassis_no", _("Chassis number"), 60, "nomor rangka", "no rangka")),
    ("B", _text("engine_no", _("Engine number"), 60, "nomor mesin", "no mesin")),
    ("B", _text("plate_no", _("Plate"), 20, "nomor polisi", "no polisi", "nopol")),
    ("B", _text("bpkb_no", _("BPKB number"), 60, "nomor bpkb", "no bpkb", "bpkb")),
    ("B", Column(name="tax_until", words=_("Vehicle tax until"), kind=Kind.DATE, aliases=("pajak sampai",))),
    ("B", Column(name="plate_until", words=_("Plate and STNK until"), kind=Kind.DATE, aliases=("stnk sampai",))),
    ("B", Column(name="insured_until", words=_("Insured until"), kind=Kind.DATE, aliases=("asuransi sampai",))),
    ("F", _choice("building", _("Kind of building"), cards.BUILDINGS, _BUILDING_ALIASES, "bangunan", "bangunan p sp d")),
    ("CF", Column(name="storeyed", words=_("Several storeys"), kind=Kind.CHOICE, choices=_TRUE,
                  aliases=("bertingkat", "bertingkat tidak", "konstruksi bangunan bertingkat tidak"))),
    ("CF", Column(name="concrete", words=_("Concrete"), kind=Kind.CHOICE, choices=_TRUE,
                  aliases=("beton", "beton tidak", "konstruksi bangunan beton tidak"))),
    ("CF", _number("floor_m2", _("Floor area (m²)"), Kind.DECIMAL, _LARGE, "luas lantai", "luas lantai m2")),
    ("CDF", Column(name="document_on", words=_("Day of the document"), kind=Kind.DATE,
                   aliases=("tanggal dokumen", "tgl dokumen", "dokumen tanggal", "dokumen gedung tanggal"))),
    ("CDF", _text("document_no", _("Number of the document"), 60, "nomor dokumen", "no dokumen", "dokumen nomor",
                  "dokumen gedung nomor")),
    ("C", _number("land_m2", _("Area of the land (m²)"), Kind.DECIMAL, _LARGE, "luas tanah")),
    ("CDF", _choice("land_status", _("Status of the land"), cards.LAND_STATES, _STATE_ALIASES, "status tanah")),
    ("CDF", _text("land_code", _("Code of the land"), 60, "kode tanah", "nomor kode tanah")),
    ("D", _text("construction", _("Construction"), 120, "konstruksi")),
    ("D", _number("length_km", _("Length (km)"), Kind.DECIMAL, 10_000, "panjang", "panjang km")),
    ("D", _number("width_m", _("Width (m)"), Kind.DECIMAL, 10_000, "lebar", "lebar m")),
    ("E", _text("title", _("Title and author"), 120, "judul", "judul pencipta", "buku judul pencipta")),
    ("E", _text("spec", _("Specification"), 120, "spesifikasi", "buku spesifikasi")),
    ("E", _text("art_origin", _("Origin of the work of art"), 120, "asal daerah")),
    ("E", _text("creator", _("Made by"), 120, "pencipta")),
    ("E", _text("species", _("Kind of animal or plant"), 120, "jenis hewan", "hewan ternak tumbuhan jenis")),
    ("E", _number("quantity", _("How many"), Kind.WHOLE, _LARGE, "jumlah", "jml", least=1)),
    ("F", Column(name="started_on", words=_("Work began on"), kind=Kind.DATE, aliases=("tanggal mulai", "tgl mulai"))),
    ("F", _number("contract_value", _("Value of the contract"), Kind.RUPIAH, int(_MOST_RUPIAH), "nilai kontrak")),
    (ALL, _text("note", _("Note"), 300, "keterangan", "ket")),
)  # fmt: skip
CARDS_OF = {column.name: cards for cards, column in FACTS}
COLUMNS = (*COMMON, *(column for _cards, column in FACTS))
