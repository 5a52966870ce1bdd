"""Drawn stand-ins for photos: a street with a trouble, and the same street without it. Nobody's photo."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 960, 640
SCENES = ("road", "drain", "waste", "light", "tree", "flood")
_HORIZON = 300


@lru_cache(maxsize=16)
def photo(scene: str, moment: str) -> bytes:
    """A JPEG of the scene, `before` with its trouble or `after` without. Raises LookupError for another scene."""
    if scene not in SCENES:
        raise LookupError(scene)
    picture = _street(dark=scene == "light" and moment == "before")
    draw = ImageDraw.Draw(picture)
    if moment == "before":
        _TROUBLES[scene](draw)
    else:
        _DONE[scene](draw)
    out = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(out, "JPEG", quality=84)
    return out.getvalue()


def _street(*, dark: bool) -> Image.Image:
    """Sky, houses, verge and a road that runs away from the eye."""
    top, low = ((24, 34, 58), (52, 60, 84)) if dark else ((150, 196, 222), (226, 236, 236))
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(picture)
    for y in range(_HORIZON):
        share = y / _HORIZON
        draw.line(
            [(0, y), (WIDTH, y)], fill=tuple(int(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        )
    random = Random(5)
    shade = 0.45 if dark else 1.0
    for x in range(-40, WIDTH, 170):
        height, width = random.randint(90, 140), random.randint(120, 160)
        wall = tuple(
            int(c * shade) for c in random.choice(((214, 190, 150), (196, 168, 140), (222, 210, 184)))
        )
        roof = tuple(int(c * shade) for c in (156, 82, 56))
        draw.rectangle([x, _HORIZON - height, x + width, _HORIZON + 12], fill=wall)
        draw.polygon(
            [
                (x - 14, _HORIZON - height),
                (x + width // 2, _HORIZON - height - 52),
                (x + width + 14, _HORIZON - height),
            ],
            fill=roof,
        )
    verge = tuple(int(c * shade) for c in (120, 148, 86))
    draw.rectangle([0, _HORIZON + 10, WIDTH, HEIGHT], fill=verge)
    asphalt = tuple(int(c * shade) for c in (112, 114, 118))
    draw.polygon([(400, _HORIZON + 10), (560, _HORIZON + 10), (900, HEIGHT), (60, HEIGHT)], fill=asphalt)
    for step in range(5):
        y = _HORIZON + 40 + step * 62
        half = 3 + step * 3
        draw.polygon(
            [(480 - half, y), (480 + half, y), (480 + half + 2, y + 34), (480 - half - 2, y + 34)],
            fill=(226, 224, 214),
        )
    return picture


def _hole(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse([350, 440, 640, 560], fill=(70, 66, 62))
    draw.ellipse([374, 456, 618, 548], fill=(96, 112, 122))
    draw.ellipse([640, 380, 740, 420], fill=(74, 70, 66))


def _patch(draw: ImageDraw.ImageDraw) -> None:
    draw.polygon([(350, 440), (640, 436), (668, 560), (322, 564)], fill=(78, 80, 86))


def _rubbish(draw: ImageDraw.ImageDraw) -> None:
    random = Random(9)
    for _ in range(150):
        x, y = int(random.gauss(250, 80)), int(random.gauss(500, 42))
        size = random.randint(10, 26)
        colour = random.choice(((240, 240, 236), (60, 110, 170), (190, 60, 50), (60, 62, 60), (216, 180, 60)))
        draw.polygon(
            [(x, y), (x + size, y - size // 3), (x + size + 6, y + size // 2), (x + 4, y + size)], fill=colour
        )


def _ditch(draw: ImageDraw.ImageDraw, water: tuple[int, int, int]) -> None:
    draw.polygon(
        [(610, _HORIZON + 14), (650, _HORIZON + 14), (960, 560), (960, 640), (900, 640)], fill=(150, 146, 138)
    )
    draw.polygon([(620, _HORIZON + 18), (640, _HORIZON + 18), (950, 590), (930, 640), (916, 640)], fill=water)


def _clogged(draw: ImageDraw.ImageDraw) -> None:
    _ditch(draw, (92, 86, 60))
    random = Random(3)
    for _ in range(46):
        share = random.random()
        x, y = 630 + share * 290, _HORIZON + 20 + share * 290
        colour = random.choice(((230, 228, 220), (52, 104, 60), (180, 64, 52)))
        draw.ellipse([x, y, x + 8 + share * 20, y + 6 + share * 14], fill=colour)


def _pole(draw: ImageDraw.ImageDraw, *, lit: bool) -> None:
    draw.rectangle([760, 90, 770, _HORIZON + 60], fill=(60, 62, 66))
    draw.rectangle([690, 90, 770, 98], fill=(60, 62, 66))
    draw.ellipse([672, 88, 708, 108], fill=(255, 232, 150) if lit else (44, 46, 50))
    if lit:
        draw.ellipse([600, 520, 780, 580], fill=(150, 150, 138))


def _fallen(draw: ImageDraw.ImageDraw) -> None:
    draw.polygon([(120, 470), (820, 400), (826, 426), (126, 512)], fill=(98, 70, 46))
    random = Random(4)
    for _ in range(60):
        x, y = random.gauss(640, 110), random.gauss(400, 36)
        draw.ellipse([x, y, x + 46, y + 34], fill=random.choice(((52, 104, 52), (70, 124, 60), (40, 88, 46))))


def _water(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle([0, 400, WIDTH, HEIGHT], fill=(126, 112, 84))
    for y in range(420, HEIGHT, 34):
        draw.line([(0, y), (WIDTH, y - 8)], fill=(150, 136, 108), width=5)


def _swept(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle([170, 430, 250, 520], fill=(46, 125, 79))
    draw.rectangle([164, 420, 256, 434], fill=(38, 100, 64))


_TROUBLES: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "road": _hole,
    "drain": _clogged,
    "waste": _rubbish,
    "light": lambda draw: _pole(draw, lit=False),
    "tree": _fallen,
    "flood": _water,
}
_DONE: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "road": _patch,
    "drain": lambda draw: _ditch(draw, (120, 168, 190)),
    "waste": _swept,
    "light": lambda draw: _pole(draw, lit=True),
    "tree": lambda draw: None,
    "flood": lambda draw: None,
}
