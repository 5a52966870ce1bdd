"""Drawn stand-ins for photos of goods. Nobody's car, nobody's building."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 480, 320
_GREY, _DARK, _GLASS, _TYRE = (168, 176, 182), (70, 78, 86), (190, 214, 226), (38, 42, 46)
Draw = ImageDraw.ImageDraw


def picture(kind: str) -> bytes:
    """A JPEG of a kind of good. Raises KeyError for one that is not drawn."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (206, 224, 232))
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 210, WIDTH, HEIGHT], fill=(176, 182, 168))
    _DRAWN[kind](draw)
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _wheels(draw: Draw, *places: int, size: int = 30) -> None:
    for x in places:
        draw.ellipse([x - size, 250 - size, x + size, 250 + size], fill=_TYRE)
        draw.ellipse([x - size // 2, 250 - size // 2, x + size // 2, 250 + size // 2], fill=_GREY)


def _car(draw: Draw) -> None:
    draw.polygon([(70, 240), (70, 180), (130, 120), (360, 120), (410, 180), (430, 240)], fill=_GREY)
    for left in (140, 220, 300):
        draw.rectangle([left, 132, left + 64, 176], fill=_GLASS)
    _wheels(draw, 140, 350)


def _motorcycle(draw: Draw) -> None:
    draw.line([(150, 250), (210, 190), (290, 190), (340, 250)], fill=(150, 56, 46), width=18)
    draw.line([(300, 200), (320, 130), (290, 124)], fill=_DARK, width=8)
    draw.ellipse([190, 166, 270, 196], fill=_DARK)
    _wheels(draw, 140, 340, size=40)


def _truck(draw: Draw) -> None:
    draw.rounded_rectangle([60, 120, 320, 220], 50, fill=(96, 130, 100))
    draw.rectangle([330, 130, 430, 240], fill=_GREY)
    draw.rectangle([350, 146, 420, 186], fill=_GLASS)
    draw.rectangle([60, 220, 430, 240], fill=_DARK)
    _wheels(draw, 120, 190, 380)


def _laptop(draw: Draw) -> None:
    draw.rectangle([0, 230, WIDTH, HEIGHT], fill=(160, 124, 88))
    draw.rounded_rectangle([130, 90, 350, 230], 8, fill=_DARK)
    draw.rectangle([142, 102, 338, 220], fill=(48, 104, 140))
    draw.polygon([(100, 256), (130, 230), (350, 230), (380, 256)], fill=_GREY)


def _building(draw: Draw) -> None:
    draw.polygon([(70, 140), (240, 70), (410, 140)], fill=(156, 82, 56))
    draw.rectangle([90, 140, 390, 240], fill=(226, 214, 190))
    for left in (110, 170, 280, 340):
        draw.rectangle([left, 160, left + 34, 194], fill=_GLASS)
    draw.rectangle([222, 170, 258, 240], fill=(110, 74, 50))


def _land(draw: Draw) -> None:
    draw.rectangle([0, 160, WIDTH, HEIGHT], fill=(124, 156, 86))
    draw.polygon([(70, 300), (150, 180), (340, 180), (420, 300)], fill=(150, 178, 104))
    for x, y in ((70, 300), (150, 180), (340, 180), (420, 300)):
        draw.rectangle([x - 4, y - 26, x + 4, y], fill=(240, 240, 236))


def _road(draw: Draw) -> None:
    draw.rectangle([0, 150, WIDTH, HEIGHT], fill=(120, 148, 86))
    draw.polygon([(220, 150), (260, 150), (420, HEIGHT), (60, HEIGHT)], fill=(112, 114, 118))
    draw.polygon([(238, 150), (242, 150), (250, HEIGHT), (230, HEIGHT)], fill=(226, 224, 214))


def _water(draw: Draw) -> None:
    draw.rectangle([0, 150, WIDTH, HEIGHT], fill=(120, 148, 86))
    draw.polygon([(200, 150), (280, 150), (440, HEIGHT), (40, HEIGHT)], fill=(150, 146, 138))
    draw.polygon([(214, 150), (266, 150), (390, HEIGHT), (90, HEIGHT)], fill=(118, 140, 136))


def _machine(draw: Draw) -> None:
    draw.rounded_rectangle([160, 80, 320, 250], 10, fill=(240, 240, 236))
    draw.rectangle([180, 104, 300, 150], fill=_GLASS)
    draw.ellipse([286, 190, 304, 208], fill=(46, 125, 79))


_DRAWN = {
    "car": _car,
    "motorcycle": _motorcycle,
    "truck": _truck,
    "laptop": _laptop,
    "building": _building,
    "land": _land,
    "road": _road,
    "water": _water,
    "machine": _machine,
}
