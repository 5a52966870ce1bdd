"""Reads the answer to one field as its clean value; else says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from kotacerdas.foundation.commands import typed
from kotacerdas.foundation.commands.vocabulary import Field, Problem
from kotacerdas.kernel import phones

LISTS = frozenset({"choices", "photos", "group"})
_DASHES = re.compile("[\u2010-\u2014\u2212]")
_ADDRESS = re.compile(r"https?://[^/?#]+/(?:[^/?#]+/)*([^/?#]+)/?", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*")
_UPLOAD = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_DOUBLE_PREFIX = re.compile(r"620(?!8[1-35-9][0-9]{7,10}$)")


class Wrong(Exception):
    """What is wrong with an answer."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.problem = Problem(code, params=params)


def is_blank(value: Any) -> bool:
    """Whether this is no answer: nothing, an empty list, or a text in which nothing is seen."""
    if isinstance(value, str):
        return typed.is_blank(value)
    return value is None or (isinstance(value, list | tuple) and not value)


def read(asked: Field, value: Any, today: str) -> Any:
    """The clean value of an answer that is not blank, of any type but a group. Raises Wrong."""
    return _READERS[asked.type](asked, value, today)


def must_be_so_many(asked: Field, count: int) -> None:
    """Raise Wrong for too few or too many members of a list."""
    if asked.least is not None and count < float(asked.least):
        raise Wrong("too_few", least=asked.least)
    if asked.most is not None and count > float(asked.most):
        raise Wrong("too_many", most=asked.most)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("type")
    return value


def _text(asked: Field, value: Any, today: str) -> str:
    given = _string(value)
    if typed.is_longer(given, asked.longest):
        raise Wrong("too_long", most=asked.longest)
    return _fitting(asked, typed.lines(given) if asked.lines > 1 else typed.line(given))


def _fitting(asked: Field, text: str) -> str:
    if len(text) < asked.shortest:
        raise Wrong("too_short", least=asked.shortest)
    if len(text) > asked.longest:
        raise Wrong("too_long", most=asked.longest)
    return text


def _number(asked: Field, value: Any, today: str) -> int | float:
    places = 0 if asked.type == "integer" else asked.places
    limit = typed.SURE_INTEGER if asked.type == "integer" else 10 ** (typed.SURE_DIGITS - places)
    scaled = _scaled(value, places, limit, asked)
    scale = int(10**places)
    number = scaled / scale if scaled % scale else scaled // scale
    _must_be_within(asked, number, {"least": asked.least, "most": asked.most})
    if asked.step and scaled % round(asked.step * 10**places):
        raise Wrong("step", step=asked.step)
    return number


def _scaled(value: Any, places: int, limit: int, asked: Field) -> int:
    """A number in units of its last place. Raises Wrong, for one beyond the limit too."""
    sign, whole, part = _parts(value, places, limit)
    magnitude = limit + 1 if len(whole) > len(str(limit)) else int(whole or "0")
    if magnitude > limit or (magnitude == limit and part):
        if sign == "-":
            raise Wrong("too_small", least=-limit if asked.least is None else asked.least)
        raise Wrong("too_big", most=limit if asked.most is None else asked.most)
    if len(part) > places:
        raise Wrong("places", places=places)
    scaled = int(f"{whole}{part:0<{places}}" or "0")
    return -scaled if sign == "-" else scaled


def _parts(value: Any, places: int, limit: int) -> tuple[str, str, str]:
    """Sign, whole digits and those after the comma of a number, or of a text in Indonesian notation."""
    if isinstance(value, str):
        found = typed.number_parts(value)
        if found is None:
            raise Wrong("number")
        return found
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("type")
    if value != value:
        raise Wrong("number")
    sign = "-" if value < 0 else "+"
    if abs(value) > limit:
        return sign, str(limit + 1), ""
    whole, _, part = f"{abs(value):.{places}f}".partition(".")
    if float(f"{whole}.{part or 0}") != abs(value):
        raise Wrong("places", places=places)
    return sign, whole.lstrip("0"), part.rstrip("0")


def _must_be_within(asked: Field, value: Any, bounds: Mapping[str, Any]) -> None:
    if bounds["least"] is not None and value < bounds["least"]:
        raise Wrong("too_small", least=bounds["least"])
    if bounds["most"] is not None and value > bounds["most"]:
        raise Wrong("too_big", most=bounds["most"])


def _boolean(asked: Field, value: Any, today: str) -> bool:
    if isinstance(value, bool):
        return value
    text = typed.short(_string(value))
    if text not in ("true", "false"):
        raise Wrong("type")
    return text == "true"


def _choice(asked: Field, value: Any, today: str) -> str:
    name = typed.short(_string(value))
    if name not in {one.name for one in asked.choices}:
        raise Wrong("choice")
    return name


def _choices(asked: Field, value: Any, today: str) -> list[str]:
    chosen = {_choice(asked, one, today) for one in _list(value)}
    must_be_so_many(asked, len(chosen))
    return [one.name for one in asked.choices if one.name in chosen]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Wrong("type")
    return list(value)


def _clock(code: str, reader: Callable[[str], str | None]) -> Callable[[Field, Any, str], str]:
    """A reader of dates, times or moments, which compare as texts."""

    def read(asked: Field, value: Any, today: str) -> str:
        found = reader(typed.short(_string(value)))
        if found is None:
            raise Wrong(code)
        bounds = {"least": asked.least, "most": asked.most}
        _must_be_within(asked, found, {name: today if at == "today" else at for name, at in bounds.items()})
        return found

    return read


def _phone(asked: Field, value: Any, today: str) -> str:
    text = _DASHES.sub("-", typed.short(_string(value)))
    digits = re.sub("[^0-9]", "", text)
    number = phones.normal(text) if text.isascii() and not _DOUBLE_PREFIX.match(digits) else ""
    if not number or (number.startswith("+62") and len(number) < len("+62") + 8):
        raise Wrong("phone")
    return number


def _position(asked: Field, value: Any, today: str) -> dict[str, float | None]:
    if not isinstance(value, Mapping):
        raise Wrong("type")
    accuracy = value.get("accuracy")
    return {
        "lat": _within(value.get("lat"), -90, 90),
        "lng": _within(value.get("lng"), -180, 180),
        "accuracy": None if accuracy is None else _within(accuracy, 0, 10**8),
    }


def _within(value: Any, least: int, most: int) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise Wrong("position")
    return float(value) + 0.0  # never -0


def _code(asked: Field, value: Any, today: str) -> str:
    text = _DASHES.sub("-", typed.short(_string(value))).replace(" ", "")
    if address := _ADDRESS.fullmatch(text):
        text = address[1]  # of a scanned address its last part is the code
    if not _CODE.fullmatch(text):
        raise Wrong("code")
    return _fitting(asked, text.upper())


def _upload(asked: Field, value: Any, today: str) -> str:
    name = typed.short(_string(value))
    if not _UPLOAD.fullmatch(name):
        raise Wrong("type")
    return name.lower()


def _photos(asked: Field, value: Any, today: str) -> list[str]:
    names = list(dict.fromkeys(_upload(asked, one, today) for one in _list(value)))
    must_be_so_many(asked, len(names))
    return names


_READERS: dict[str, Callable[[Field, Any, str], Any]] = {
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
    "date": _clock("date", typed.day),
    "time": _clock("time", typed.time),
    "moment": _clock("moment", typed.moment),
    "phone": _phone,
    "position": _position,
    "code": _code,
    "photos": _photos,
    "signature": _upload,
}
