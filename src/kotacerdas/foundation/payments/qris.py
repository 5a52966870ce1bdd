"""QRIS codes: the merchant-presented EMVCo format, written and read (EMV QRCPS 1.1; Bank Indonesia's QRIS).

A code is a sequence of fields: two digits of id, two of length, the value. The last one is the CRC over all before
it. A code proves no payment; only the provider's notice does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from kotacerdas.kernel import money

NATIONAL = "ID.CO.QRIS.WWW"
LONGEST_NAME, LONGEST_CITY, LONGEST_REFERENCE = 25, 15, 25
SIZES = ("UMI", "UKE", "UME", "UBE", "URE")


class NotQris(ValueError):
    """The text is no QRIS code, or its check does not fit."""


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """Who is paid, as the provider registered them.

    issuer  reverse domain of the acquirer (`COM.EXAMPLE.WWW`); pan  93600…; nmid  the national merchant id
    size    UMI | UKE | UME | UBE | URE; category  ISO 18245, four digits
    """

    issuer: str
    pan: str
    merchant_id: str
    nmid: str
    size: str
    category: str
    name: str
    city: str
    postcode: str


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, start FFFF) of the bytes, four hexadecimal digits in capitals."""
    value = 0xFFFF
    for byte in text.encode("utf-8"):
        value ^= byte << 8
        for _bit in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


def dynamic(merchant: Merchant, *, amount: int, reference: str) -> str:
    """The code for one payment of a whole amount of rupiah. Raises ValueError for what a code cannot carry."""
    if not money.is_amount(amount):
        raise ValueError("an amount is a whole number of rupiah from 1 on")
    if not reference or len(reference) > LONGEST_REFERENCE or not reference.isascii():
        raise ValueError(f"a reference has 1 to {LONGEST_REFERENCE} plain letters and digits")
    issuer = {"00": merchant.issuer, "01": merchant.pan, "02": merchant.merchant_id, "03": merchant.size}
    national = {"00": NATIONAL, "02": merchant.nmid, "03": merchant.size}
    fields = {
        "00": "01",
        "01": "12",  # dynamic: for one payment
        "26": _joined(issuer),
        "51": _joined(national),
        "52": merchant.category,
        "53": "360",  # rupiah, ISO 4217
        "54": str(amount),
        "58": "ID",
        "59": _plain(merchant.name, LONGEST_NAME),
        "60": _plain(merchant.city, LONGEST_CITY),
        "61": merchant.postcode,
        "62": _joined({"05": reference}),
    }
    text = _joined(fields) + "6304"
    return text + crc(text)


def fields_of(code: str) -> dict[str, str]:
    """The fields of a code by id. Raises NotQris for a broken sequence or a check that does not fit."""
    found = _split(code)
    if "63" not in found or code[-8:-4] != "6304" or crc(code[:-4]) != code[-4:].upper():
        raise NotQris("the check of the code does not fit")
    return found


def amount_of(code: str) -> int | None:
    """The amount in whole rupiah that a code asks for; None where the payer types it. Raises NotQris."""
    text = fields_of(code).get("54")
    if text is None:
        return None
    whole, _dot, rest = text.partition(".")
    if not (whole.isascii() and whole.isdigit()) or rest.strip("0"):
        raise NotQris("the amount of the code is no whole number of rupiah")
    return int(whole)


def _joined(fields: Mapping[str, str]) -> str:
    return "".join(_field(name, value) for name, value in fields.items())


def _field(name: str, value: str) -> str:
    if not 1 <= len(value) <= 99:
        raise ValueError(f"field {name} of a code has 1 to 99 letters")
    return f"{name}{len(value):02d}{value}"


def _split(code: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(code):
        name, length = code[at : at + 2], code[at + 2 : at + 4]
        if not (name.isascii() and name.isdigit() and length.isascii() and length.isdigit()):
            raise NotQris("the fields of the code cannot be told apart")
        value = code[at + 4 : at + 4 + int(length)]
        if len(value) != int(length) or name in found:
            raise NotQris("a field of the code is cut off, or stands there twice")
        found[name] = value
        at += 4 + int(length)
    return found


def _plain(text: str, most: int) -> str:
    """A name as codes carry it: plain letters, in one line, cut to what fits."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.split())[:most].strip() or "-"
