"""Photos of every kind that phones and programs write: their colours stay, and a refusal says the true reason."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from kotacerdas.foundation.files import pictures
from kotacerdas.foundation.files.decoded import Decoded, Undecodable
from kotacerdas.foundation.files.decoding import decode, pixels_of
from kotacerdas.foundation.files.tests.heics import heic
from kotacerdas.kernel.errors import Invalid

NEAR = 6  # of 255: what WebP and JPEG lose


def written(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def middle(made: Decoded) -> tuple[int, ...]:
    image = Image.open(io.BytesIO(made.data)).convert("RGB")
    return image.getpixel((image.width // 2, image.height // 2))


def is_near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


def wide_profile() -> bytes:
    """A profile whose red, green and blue lie further out than those of sRGB (Display P3), in matrix and curve."""

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*parts: float) -> bytes:
        return b"XYZ " + bytes(4) + b"".join(map(fixed, parts))

    curve = b"curv" + bytes(4) + struct.pack(">IHH", 1, round(2.2 * 256), 0)
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"wide\0" + bytes(78) + bytes(3)
    tags = {
        b"desc": text,
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2919, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1572, 0.0666, 0.7841),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(
        ">I4sI4s4s4s12x4s", start + len(body), bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp"
    )
    head += bytes(68 - len(head)) + xyz(0.9642, 1.0, 0.8249)[8:]
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (25, 2), (26, 2), (2, 26), (30, 30)])
def test_a_heic_of_any_size_and_number_of_pictures_is_read(columns, rows, count):
    made = decode(heic(columns, rows, count))
    share = min(1.0, 25 / max(columns, rows))
    assert (made.width, made.height) == (round(columns * 64 * share), round(rows * 64 * share))
    corner = Image.open(io.BytesIO(made.data)).convert("RGB").getpixel((4, 4))
    assert is_near(corner, (91, 129, 159))


@pytest.mark.parametrize("pictures_in_it", [2, 3])
@pytest.mark.parametrize("size", [(80, 60), (8000, 6000), (6000, 8000)])
def test_a_jpeg_with_further_pictures_is_taken_as_the_same_jpeg_alone(size, pictures_in_it):
    first, others = Image.new("RGB", size, (10, 200, 10)), [Image.new("RGB", (80, 60))] * (pictures_in_it - 1)
    many = written(first, "MPO", save_all=True, append_images=others)
    assert Image.open(io.BytesIO(many)).format == "MPO"
    made, alone = decode(many), decode(written(first, "JPEG"))
    assert (made.width, made.height, middle(made)) == (alone.width, alone.height, middle(alone))


@settings(max_examples=40, deadline=None)
@given(value=st.integers(0, 65535), key=st.none() | st.integers(0, 65535), is_large=st.booleans())
def test_grey_of_sixteen_bits_stays_as_bright_as_it_is(value, key, is_large):
    options = {} if key is None else {"transparency": key}
    data = written(Image.new("I;16", (1700, 20) if is_large else (20, 20), value), **options)
    shown = 255 if key == value else value // 256
    assert is_near(middle(decode(data)), (shown,) * 3)


@settings(max_examples=60, deadline=None)
@given(
    mode=st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA"]),
    kind=st.sampled_from(["PNG", "WEBP"]),
    side=st.sampled_from([1, 2, 40, 1700, 3300]),
    is_hidden=st.booleans(),
)
def test_what_is_transparent_is_white_and_nothing_else(mode, kind, side, is_hidden):
    image = Image.new(mode, (side, 8), 0)
    if mode in ("LA", "RGBA") and not is_hidden:
        image.putalpha(255)
    key = {"RGB": (0, 0, 0)}.get(mode, 0)
    options = {"transparency": key} if is_hidden and mode not in ("LA", "RGBA") else {}
    is_white = is_hidden and (kind == "PNG" or mode in ("LA", "RGBA"))
    if kind == "WEBP":
        options = {"lossless": True}
    assert is_near(middle(decode(written(image, kind, **options))), (255 if is_white else 0,) * 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "colour", [(210, 60, 60), (200, 100, 50), (60, 160, 60), (128, 128, 128), (255, 255, 255)]
)
def test_colours_of_another_profile_are_converted(kind, colour):
    profile = wide_profile()
    image = Image.new("RGB", (40, 40), colour)
    wanted = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    ).getpixel((9, 9))
    options = {"lossless": True} if kind == "WEBP" else {"quality": 98} if kind == "JPEG" else {}
    made = decode(written(image, kind, icc_profile=profile, **options))
    assert is_near(middle(made), wanted)
    assert (colour[0] == colour[1]) or not is_near(wanted, colour)
    assert "icc_profile" not in Image.open(io.BytesIO(made.data)).info


@settings(max_examples=60, deadline=None)
@given(
    mode=st.sampled_from(["1", "L", "P", "RGB", "RGBA", "LA", "CMYK"]),
    cut=st.integers(0, 600),
    noise=st.binary(max_size=40),
)
def test_a_profile_that_is_broken_or_of_other_colours_is_passed_over(mode, cut, noise):
    profile = wide_profile()[:cut] + noise
    image = Image.new(mode, (9, 9), 0)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert decode(written(image, kind, icc_profile=profile or b"x")).width == 9


@pytest.mark.parametrize(
    "data",
    [
        written(Image.new("1", (20000, 10000))),
        written(Image.new("1", (14000, 14000))),
        heic(2, 2, announced=(20000, 10000)),
        heic(2, 2, 2, announced=(16000, 12500)),
        written(Image.new("L", (16000, 12500)), "JPEG"),
        written(Image.new("L", (5000, 5000)), "WEBP", lossless=True, method=0, quality=0),
    ],
    ids=["png 200", "png 196", "heic 200", "heic of two 200", "jpeg 200", "webp 25"],
)
def test_a_photo_of_too_many_pixels_is_told_so(data, in_indonesian):
    with pytest.raises(Undecodable, match="photo_pixels"):
        pixels_of(data)
    with pytest.raises(Invalid, match="terlalu banyak piksel"):
        pictures.make(data, most_mb=20)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_whose_end_is_missing_is_told_damaged_not_no_photo(kind, share, in_indonesian):
    data = written(Image.effect_noise((300, 300), 90).convert("RGB"), kind)
    with pytest.raises(Invalid) as told:
        pictures.make(data[: int(len(data) * share)], most_mb=10)
    assert told.value.code in ("photo_damaged", "photo_unreadable" if kind == "WEBP" else "")


@settings(max_examples=60, deadline=None)
@given(block=st.binary(max_size=60), kind=st.sampled_from(["JPEG", "PNG", "WEBP"]), head=st.booleans())
def test_a_photo_whose_words_of_the_camera_are_broken_is_taken_without_them(block, kind, head):
    exif = b"Exif\0\0" + (b"II*\0\x08\0\0\0" if head else b"") + block
    assert decode(written(Image.new("RGB", (40, 30)), kind, exif=exif)).width in (40, 30)
