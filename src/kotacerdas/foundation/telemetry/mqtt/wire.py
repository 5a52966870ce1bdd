"""The small parts of MQTT packets: numbers, texts, properties. Source: OASIS MQTT 3.1.1 and 5.0, section 1.5 and 2.2.2."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

MOST_VARINT = 268_435_455
MALFORMED, PROTOCOL, TOO_LARGE = 0x81, 0x82, 0x95
_SHORT = struct.Struct("!H")
_LONG = struct.Struct("!I")


class ProtocolError(Exception):
    """The bytes are no MQTT. `code` is the reason code of MQTT 5 (2.4) with which the connection is closed."""

    def __init__(self, words: str, code: int = MALFORMED) -> None:
        super().__init__(words)
        self.code = code


def varint(value: int) -> bytes:
    """A variable byte integer, 0 to 268,435,455, in one to four bytes. ValueError beyond."""
    if not 0 <= value <= MOST_VARINT:
        raise ValueError(f"{value} does not fit a variable byte integer")
    made = bytearray()
    while True:
        value, low = divmod(value, 128)
        made.append(low | (0x80 if value else 0))
        if not value:
            return bytes(made)


def read_varint(data: bytes | bytearray | memoryview, at: int) -> tuple[int, int] | None:
    """(value, the place after it); None when the data end within it. Raises ProtocolError beyond four bytes."""
    value, shift = 0, 0
    for place in range(at, at + 4):
        if place >= len(data):
            return None
        byte = data[place]
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, place + 1
        shift += 7
    raise ProtocolError("a length of more than four bytes")


def text(words: str) -> bytes:
    """A UTF-8 string with its length. ValueError when it is longer than 65,535 bytes or holds a NUL."""
    raw = words.encode()
    if len(raw) > 65_535 or "\x00" in words:
        raise ValueError("no MQTT string")
    return _SHORT.pack(len(raw)) + raw


def binary(raw: bytes) -> bytes:
    """Binary data with its length, at most 65,535 bytes."""
    return _SHORT.pack(len(raw)) + raw


class Reader:
    """Reads a packet's body from its beginning. What is not there, or no UTF-8, raises ProtocolError."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        """So many bytes."""
        end = self.at + count
        if end > len(self.data):
            raise ProtocolError("a packet that ends too early")
        found = self.data[self.at : end]
        self.at = end
        return found

    def byte(self) -> int:
        return self.take(1)[0]

    def short(self) -> int:
        return int(_SHORT.unpack(self.take(2))[0])

    def long(self) -> int:
        return int(_LONG.unpack(self.take(4))[0])

    def varint(self) -> int:
        found = read_varint(self.data, self.at)
        if found is None:
            raise ProtocolError("a packet that ends within a length")
        value, self.at = found
        return value

    def binary(self) -> bytes:
        return self.take(self.short())

    def text(self) -> str:
        """A string: UTF-8 without NUL and without halves of surrogate pairs (1.5.4)."""
        try:
            words = self.binary().decode()
        except UnicodeDecodeError as error:
            raise ProtocolError("a string that is no UTF-8") from error
        if "\x00" in words:
            raise ProtocolError("a string with a NUL")
        return words

    def end(self) -> None:
        """Raises ProtocolError when something is left."""
        if self.left:
            raise ProtocolError("a packet that is too long")


# id → (name, how it is written); 2.2.2.2 of MQTT 5
PROPERTIES: dict[int, tuple[str, str]] = {
    0x01: ("payload_format", "byte"),
    0x02: ("message_expiry", "long"),
    0x03: ("content_type", "text"),
    0x08: ("response_topic", "text"),
    0x09: ("correlation_data", "binary"),
    0x0B: ("subscription_identifier", "varint"),
    0x11: ("session_expiry", "long"),
    0x12: ("assigned_client_id", "text"),
    0x13: ("server_keep_alive", "short"),
    0x15: ("authentication_method", "text"),
    0x16: ("authentication_data", "binary"),
    0x17: ("request_problem_information", "byte"),
    0x18: ("will_delay", "long"),
    0x19: ("request_response_information", "byte"),
    0x1A: ("response_information", "text"),
    0x1C: ("server_reference", "text"),
    0x1F: ("reason", "text"),
    0x21: ("receive_maximum", "short"),
    0x22: ("topic_alias_maximum", "short"),
    0x23: ("topic_alias", "short"),
    0x24: ("maximum_qos", "byte"),
    0x25: ("retain_available", "byte"),
    0x26: ("user", "pair"),
    0x27: ("maximum_packet_size", "long"),
    0x28: ("wildcard_available", "byte"),
    0x29: ("subscription_identifier_available", "byte"),
    0x2A: ("shared_available", "byte"),
}
_BY_NAME = {name: (number, form) for number, (name, form) in PROPERTIES.items()}
_MANY = ("user", "subscription_identifier")  # may stand several times: lists


def properties(given: Mapping[str, Any]) -> bytes:
    """The properties with their length in front. KeyError for an unknown name."""
    made = bytearray()
    for name, value in given.items():
        number, form = _BY_NAME[name]
        for one in value if name in _MANY else (value,):
            made.append(number)
            made += _written(form, one)
    return varint(len(made)) + bytes(made)


def _written(form: str, value: Any) -> bytes:
    if form == "byte":
        return bytes((value,))
    if form == "short":
        return _SHORT.pack(value)
    if form == "long":
        return _LONG.pack(value)
    if form == "varint":
        return varint(value)
    if form == "binary":
        return binary(value)
    return text(value[0]) + text(value[1]) if form == "pair" else text(value)


def read_properties(reader: Reader) -> dict[str, Any]:
    """Properties by name. Raises ProtocolError for an unknown one, or one that stands twice and may not."""
    length = reader.varint()
    if length == 0:
        return {}
    if length > reader.left:
        raise ProtocolError("properties that end too early")
    part = Reader(reader.data[: reader.at + length], reader.at)
    reader.at += length
    found: dict[str, Any] = {}
    while part.left:
        known = PROPERTIES.get(part.varint())
        if known is None:
            raise ProtocolError("an unknown property")
        name, form = known
        value = (part.text(), part.text()) if form == "pair" else getattr(part, form)()
        if name in _MANY:
            found.setdefault(name, []).append(value)
        elif name in found:
            raise ProtocolError(f"the property {name} twice", PROTOCOL)
        else:
            found[name] = value
    return found
