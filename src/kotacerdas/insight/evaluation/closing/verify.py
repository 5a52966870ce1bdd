"""Checks a sealed evidence pack of a Kota Cerdas evaluation, by itself: `python3 verify.py PACK.zip`.

Needs Python 3.9 or newer and the library `cryptography`. Nothing else is asked: no store, no network. It prints
INTACT and what was checked, or DIFFERS and the first thing that does, and exits with 0 or 1. Whoever wants to be
sure of this file itself takes it from the project's source, not from the pack.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import zipfile
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = 1
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
DATE = (1980, 1, 1, 0, 0, 0)


class Differs(Exception):
    """The first thing that is not as it was sealed."""


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a value without fractions in it, as everything in a pack is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def zipped(files: dict[str, bytes]) -> bytes:
    """The one container that these files make: equal files, equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            pack.writestr(info, files[name])
    return out.getvalue()


def opened(data: bytes) -> dict[str, bytes]:
    """The files of a pack, by name. Differs when the container is not the one that they make."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            names = pack.namelist()
            files = {}
            for name in names:
                try:
                    files[name] = pack.read(name)
                except (zipfile.BadZipFile, OSError, EOFError) as error:
                    raise Differs(f"{name}: cannot be read ({error})") from None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Differs(f"the file is no readable pack ({error})") from None
    for name in (MANIFEST, SIGNATURE):
        if name not in files:
            raise Differs(f"{name} is missing")
    return files


def check_container(data: bytes, files: dict[str, bytes]) -> None:
    made = zipped(files)
    if made != data:
        pairs = enumerate(zip(made, data))  # noqa: B905 - Python 3.9
        at = next((n for n, (a, b) in pairs if a != b), min(len(made), len(data)))
        raise Differs(f"the container differs at byte {at} from the one that its files make")


def check_files(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    listed = manifest["files"]
    for name in sorted(set(files) - {MANIFEST, SIGNATURE} - set(listed)):
        raise Differs(f"{name} stands in the pack, but not in its manifest")
    for name, digest in sorted(listed.items()):
        if name not in files:
            raise Differs(f"{name} is missing")
        if sha256(files[name]) != digest:
            raise Differs(f"{name} is not the file that was sealed")


def check_signature(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    signed = json.loads(files[SIGNATURE])
    if signed.get("key") != manifest["round"]["public_key"]:
        raise Differs("signature.json: the key is not the round's")
    if canonical(signed) != files[SIGNATURE]:
        raise Differs("signature.json is not written as it was sealed")
    verify_signature(signed["key"], signed["signature"], hashlib.sha256(files[MANIFEST]).digest(), MANIFEST)


def verify_signature(key: str, signature: str, digest: bytes, what: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), digest)
    except (InvalidSignature, ValueError):
        raise Differs(f"{what}: the signature does not hold") from None


def leaf_hash(salt: str, text: str) -> bytes:
    """RFC 9162 leaf of a salted row."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(salt) + text.encode()).digest()


def root_from(leaf: bytes, index: int, size: int, path: list[str]) -> bytes:
    node, at, width, steps = leaf, index, size, [bytes.fromhex(one) for one in path]
    while width > 1:
        if at ^ 1 < width:
            if not steps:
                return b""
            other = steps.pop(0)
            node = hashlib.sha256(b"\x01" + (other + node if at % 2 else node + other)).digest()
        at, width = at // 2, (width + 1) // 2
    return b"" if steps else node


def check_journal(journal: dict[str, Any], keys: dict[str, str]) -> dict[int, dict[str, Any]]:
    """Every row stands in a signed block. Returns rows by position."""
    for height, block in journal["blocks"].items():
        digest = hashlib.sha256(canonical(block["header"])).digest()
        if block["key"] not in keys:
            raise Differs(f"journal.json: block {height} is signed by an unknown key")
        verify_signature(keys[block["key"]], block["signature"], digest, f"journal.json: block {height}")
        if str(block["header"]["height"]) != height:
            raise Differs(f"journal.json: block {height} bears another height")
    rows: dict[int, dict[str, Any]] = {}
    for row in journal["rows"]:
        where = f"journal.json: row at position {row['position']}"
        header = journal["blocks"][str(row["block"])]["header"]
        index = row["position"] - header["first"]
        if not 0 <= index < header["count"]:
            raise Differs(f"{where} does not lie in block {row['block']}")
        found = root_from(leaf_hash(row["salt"], row["row"]), index, header["count"], row["path"])
        if found.hex() != header["root"]:
            raise Differs(f"{where} is not the row that was sealed in block {row['block']}")
        rows[row["position"]] = json.loads(row["row"])
    return rows


def of_verb(rows: dict[int, dict[str, Any]], verb: str) -> list[dict[str, Any]]:
    return [row for _position, row in sorted(rows.items()) if row["verb"] == verb]


def check_closing(manifest: dict[str, Any], rows: dict[int, dict[str, Any]], scores: dict[str, Any]) -> None:
    """The row that closed the round says the same index, position, instrument and key."""
    closed = of_verb(rows, "evaluation.round.closed")
    if len(closed) != 1:
        raise Differs("journal.json: there is not one row that closed the round")
    payload, round = closed[0]["payload"], manifest["round"]
    if closed[0]["codes"]["round"] != round["slug"]:
        raise Differs("journal.json: the closing row is another round's")
    pairs = (
        ("index", payload["index"], scores["index"]),
        ("frozen position", payload["position"], round["position"]),
        ("public key", payload["public_key"], round["public_key"]),
        ("instrument", payload["instrument"], sha256(canonical(manifest["instrument"]))),
    )
    for name, one, other in pairs:
        if one != other:
            raise Differs(f"the {name} is not the one that the closing row names")


def check_ballots(scores: dict[str, Any], rows: dict[int, dict[str, Any]]) -> None:
    """What each assessor had sent, as a hash, before any was opened, is what is shown now."""
    sent = {
        row["payload"]["seat"]: row["payload"]["commitment"]
        for row in of_verb(rows, "evaluation.ballot.sent")
    }
    opened = {row["payload"]["seat"]: row["payload"] for row in of_verb(rows, "evaluation.ballot.opened")}
    for seat in scores["seats"]:
        lines = sorted(
            [
                item["measure"],
                item["dimension"],
                score["value"],
                sha256(score["note"].encode()) if score["note"] else "",
            ]
            for item in scores["items"]
            for score in item["scores"]
            if score["seat"] == seat["number"]
        )
        where = f"scores.json: assessor {seat['number']}"
        if seat["id"] not in sent or seat["id"] not in opened:
            raise Differs(f"{where} has no ballot in the journal")
        if lines != opened[seat["id"]]["lines"]:
            raise Differs(f"{where}: the scores are not those of the ballot")
        found = hashlib.sha256(bytes.fromhex(opened[seat["id"]]["salt"]) + canonical(lines)).hexdigest()
        if found != sent[seat["id"]]:
            raise Differs(f"{where}: the ballot opened is not the one that was sent")


def check_rulings(
    scores: dict[str, Any], instrument: dict[str, Any], rows: dict[int, dict[str, Any]]
) -> None:
    low, high, step = (Fraction(one) for one in instrument["scale"])
    settled = {row["subject"]["id"]: row["payload"] for row in of_verb(rows, "evaluation.item.settled")}
    for item in scores["items"]:
        where = f"scores.json: {item['measure']} of {item['dimension']}"
        values = [Fraction(score["value"]) for score in item["scores"]]
        ruling, value = item["ruling"], Fraction(item["ruling"]["value"])
        if settled.get(item["id"]) != {"kind": ruling["kind"], "value": ruling["value"]}:
            raise Differs(f"{where}: the journal settled it otherwise")
        spread = max(values) - min(values)
        if ruling["kind"] == "chair":
            right = spread > step and low <= value <= high and (value - low) % step == 0
        else:
            right = value == sum(values) / len(values) and spread <= step
        if not right:
            raise Differs(f"{where}: its value does not follow from its scores")


def weights_in(instrument: dict[str, Any], year: int) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for measure in instrument["measures"]:
        past = [weight for first, weight in measure["weights"] if first <= year]
        if past:
            found[measure["code"]] = Fraction(past[-1]) / 100 if past[-1] else Fraction(0)
    return found if any(found.values()) else {code: Fraction(1, len(found)) for code in found}


def check_index(scores: dict[str, Any], instrument: dict[str, Any], year: int) -> Fraction:
    """The index follows from the items, the weights and the rounding."""
    weights = weights_in(instrument, year)
    by_measure: dict[str, list[Fraction]] = defaultdict(list)
    for item in scores["items"]:
        by_measure[item["measure"]].append(Fraction(item["ruling"]["value"]))
    means = {code: sum(values, Fraction(0)) / len(values) for code, values in by_measure.items()}
    for code, mean in means.items():
        if Fraction(scores["measures"][code]) != mean:
            raise Differs(f"scores.json: the mean of {code} is not that of its items")
    total = sum((weights[code] for code in means), Fraction(0))
    parts = sum((weights[code] * mean for code, mean in means.items()), Fraction(0))
    index: Fraction = parts / total * Fraction(instrument["factor"])
    if Fraction(scores["index"]) != index:
        raise Differs("scores.json: the index does not follow from its items")
    shown = rounded(index, instrument["places"], instrument["rounding"])
    if Decimal(scores["shown"]) != shown:
        raise Differs("scores.json: the index is not rounded as the instrument says")
    found = next((c for c, low, high in instrument["classes"] if Decimal(low) <= shown <= Decimal(high)), "")
    if found != scores["class"]:
        raise Differs("scores.json: the class is not that of the index")
    return index


def rounded(value: Fraction, places: int, rounding: str) -> Decimal:
    scaled = value * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest - scaled.denominator
    up = rounding != "down" and (twice > 0 or (twice == 0 and (rounding == "half_up" or whole % 2 == 1)))
    return Decimal(whole + up).scaleb(-places)


def check_evidence(evidence: list[dict[str, Any]], rows: dict[int, dict[str, Any]]) -> None:
    hashes = {}
    for verb in ("evaluation.evidence.added", "evaluation.evidence.replaced"):
        for row in of_verb(rows, verb):
            hashes[row["payload"]["evidence"]] = row["payload"]["sha256"]
    for piece in evidence:
        if hashes.get(piece["id"]) != piece["sha256"]:
            raise Differs(
                f"evidence.json: {piece['id']} ({piece['kind']}) has not the hash that the journal has"
            )


def check_figures(figures: list[dict[str, Any]], rows: dict[int, dict[str, Any]], top: int) -> None:
    """Each frozen figure is the sum of what its rows added, and no row came after the frozen position."""
    for figure in figures:
        where = f"figures.json: {figure['indicator']}"
        for position, _numerator, _denominator in figure["rows"]:
            if position > top:
                raise Differs(f"{where} counts the row at position {position}, which came later")
            if position not in rows:
                raise Differs(f"{where} counts a row at position {position} that the pack does not hold")
        sums = [sum(row[n] for row in figure["rows"]) for n in (1, 2)]
        if sums != [figure["numerator"], figure["denominator"]]:
            raise Differs(f"{where} is not the sum of its rows")


def check(data: bytes, journal_key: str = "") -> dict[str, Any]:
    """Check a pack's bytes; what was found. Raises Differs with the first thing that is not as it was sealed."""
    files = opened(data)
    try:
        manifest = json.loads(files[MANIFEST])
        check_signature(files, manifest)
        if manifest["format"] != FORMAT:
            raise Differs(f"manifest.json: format {manifest['format']} is not known here")
        check_files(files, manifest)
        check_container(data, files)
        read = {name: json.loads(files[name]) for name in files if name.endswith(".json")}
        rows = check_journal(read["journal.json"], manifest["journal_keys"])
        if journal_key and journal_key not in manifest["journal_keys"].values():
            raise Differs("the journal's key is not the one that was published")
        scores, instrument = read["scores.json"], manifest["instrument"]
        check_closing(manifest, rows, scores)
        check_ballots(scores, rows)
        check_rulings(scores, instrument, rows)
        index = check_index(scores, instrument, manifest["round"]["year"])
        check_evidence(read["evidence.json"], rows)
        check_figures(read["figures.json"], rows, manifest["round"]["position"])
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise Differs(f"something is missing or not readable: {type(error).__name__} {error}") from None
    return {
        "regency": manifest["regency"],
        "round": manifest["round"]["slug"],
        "index": index,
        "shown": scores["shown"],
        "rows": len(rows),
        "evidence": len(read["evidence.json"]),
        "journal_keys": sorted(manifest["journal_keys"].values()),
        "scores": scores,
        "instrument": instrument,
        "year": manifest["round"]["year"],
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Check a sealed evidence pack without a store.")
    parser.add_argument("pack", help="the pack's file")
    parser.add_argument("--journal-key", default="", help="the published public key of the journal (hex)")
    given = parser.parse_args(arguments)
    try:
        with open(given.pack, "rb") as file:
            found = check(file.read(), given.journal_key)
    except OSError as error:
        print(f"CANNOT BE READ / TIDAK TERBACA: {error}")
        return 1
    except Differs as error:
        print(f"DIFFERS / BERBEDA: {error}")
        return 1
    print(
        f"INTACT / UTUH: {found['regency']}, round {found['round']}: index {found['shown']} ({found['index']}), "
        f"{found['rows']} journal rows, {found['evidence']} pieces of evidence"
    )
    print("journal key / kunci jurnal:", ", ".join(found["journal_keys"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
