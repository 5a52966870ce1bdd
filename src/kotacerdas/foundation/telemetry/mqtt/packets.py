"""MQTT's packets as values, and their bytes. Without QoS 2 and AUTH, which this house does not speak."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kotacerdas.foundation.telemetry.mqtt.wire import (
    PROTOCOL,
    ProtocolError,
    Reader,
    binary,
    properties,
    read_properties,
    text,
    varint,
)

V3, V5 = 4, 5  # protocol levels
CONNECT, CONNACK, PUBLISH, PUBACK = 1, 2, 3, 4
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = 8, 9, 10, 11, 12, 13, 14
UNSUPPORTED_VERSION, BAD_QOS = 0x84, 0x9B
_SHORT = struct.Struct("!H")
Properties: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Will:
    """What is said for a client that vanishes."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connect:
    client_id: str
    version: int = V3
    clean: bool = True
    keep_alive: int = 60
    username: str | None = None
    password: bytes | None = None
    will: Will | None = None
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConnAck:
    code: int = 0
    session_present: bool = False
    properties: Properties = field(default_factory=dict)


@dataclass(slots=True)
class Publish:
    """`packet_id` is 0 with QoS 0."""

    topic: str
    payload: bytes
    qos: int = 0
    packet_id: int = 0
    dup: bool = False
    retain: bool = False
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PubAck:
    packet_id: int
    code: int = 0
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`filters` are pairs of topic filter and options (the lowest two bits: QoS)."""

    packet_id: int
    filters: tuple[tuple[str, int], ...]
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubAck:
    packet_id: int
    codes: tuple[int, ...]
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    packet_id: int
    filters: tuple[str, ...]
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnsubAck:
    """`codes` are written in MQTT 5 alone."""

    packet_id: int
    codes: tuple[int, ...] = ()
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PingReq:
    pass


@dataclass(frozen=True, slots=True)
class PingResp:
    pass


@dataclass(frozen=True, slots=True)
class Disconnect:
    code: int = 0
    properties: Properties = field(default_factory=dict)


Packet: TypeAlias = (
    Connect
    | ConnAck
    | Publish
    | PubAck
    | Subscribe
    | SubAck
    | Unsubscribe
    | UnsubAck
    | PingReq
    | PingResp
    | Disconnect
)


def encode(packet: Packet, version: int) -> bytes:
    """The bytes of a packet. ValueError for what cannot be written."""
    first: int
    body: bytes
    first, body = _WRITERS[type(packet)](packet, version)
    return bytes((first,)) + varint(len(body)) + body


def _more(given: Properties, version: int) -> bytes:
    return properties(given) if version == V5 else b""


def _connect(packet: Connect, version: int) -> tuple[int, bytes]:
    will, flags = packet.will, 0x02 if packet.clean else 0
    body = text(packet.client_id)
    if will is not None:
        flags |= 0x04 | will.qos << 3 | (0x20 if will.retain else 0)
        body += _more(will.properties, packet.version) + text(will.topic) + binary(will.payload)
    if packet.username is not None:
        flags |= 0x80
        body += text(packet.username)
    if packet.password is not None:
        flags |= 0x40
        body += binary(packet.password)
    head = text("MQTT") + bytes((packet.version, flags)) + _SHORT.pack(packet.keep_alive)
    return CONNECT << 4, head + _more(packet.properties, packet.version) + body


def _connack(packet: ConnAck, version: int) -> tuple[int, bytes]:
    return CONNACK << 4, bytes((packet.session_present, packet.code)) + _more(packet.properties, version)


def _publish(packet: Publish, version: int) -> tuple[int, bytes]:
    first = PUBLISH << 4 | packet.dup << 3 | packet.qos << 1 | packet.retain
    number = _SHORT.pack(packet.packet_id) if packet.qos else b""
    return first, text(packet.topic) + number + _more(packet.properties, version) + packet.payload


def _puback(packet: PubAck, version: int) -> tuple[int, bytes]:
    body = _SHORT.pack(packet.packet_id)
    if version == V5 and (packet.code or packet.properties):
        body += bytes((packet.code,)) + properties(packet.properties)
    return PUBACK << 4, body


def _subscribe(packet: Subscribe, version: int) -> tuple[int, bytes]:
    wanted = b"".join(text(name) + bytes((options,)) for name, options in packet.filters)
    return SUBSCRIBE << 4 | 2, _SHORT.pack(packet.packet_id) + _more(packet.properties, version) + wanted


def _suback(packet: SubAck, version: int) -> tuple[int, bytes]:
    return SUBACK << 4, _SHORT.pack(packet.packet_id) + _more(packet.properties, version) + bytes(
        packet.codes
    )


def _unsubscribe(packet: Unsubscribe, version: int) -> tuple[int, bytes]:
    names = b"".join(text(name) for name in packet.filters)
    return UNSUBSCRIBE << 4 | 2, _SHORT.pack(packet.packet_id) + _more(packet.properties, version) + names


def _unsuback(packet: UnsubAck, version: int) -> tuple[int, bytes]:
    more = properties(packet.properties) + bytes(packet.codes) if version == V5 else b""
    return UNSUBACK << 4, _SHORT.pack(packet.packet_id) + more


def _disconnect(packet: Disconnect, version: int) -> tuple[int, bytes]:
    if version == V5 and (packet.code or packet.properties):
        return DISCONNECT << 4, bytes((packet.code,)) + properties(packet.properties)
    return DISCONNECT << 4, b""


_WRITERS: dict[type, Any] = {
    Connect: _connect,
    ConnAck: _connack,
    Publish: _publish,
    PubAck: _puback,
    Subscribe: _subscribe,
    SubAck: _suback,
    Unsubscribe: _unsubscribe,
    UnsubAck: _unsuback,
    PingReq: lambda _packet, _version: (PINGREQ << 4, b""),
    PingResp: lambda _packet, _version: (PINGRESP << 4, b""),
    Disconnect: _disconnect,
}


def decode(first: int, body: bytes, version: int) -> Packet:
    """The packet of a fixed header's first byte and its body. Raises ProtocolError for everything else."""
    kind = first >> 4
    if kind == PUBLISH:
        return read_publish(first, body, version)
    known = _READERS.get(kind)
    if known is None:
        raise ProtocolError(f"a packet of kind {kind}", PROTOCOL)
    if first & 0x0F != (2 if kind in (SUBSCRIBE, UNSUBSCRIBE) else 0):
        raise ProtocolError("reserved flags")
    reader = Reader(body)
    packet: Packet = known(reader, version)
    reader.end()
    return packet


def read_publish(first: int, body: bytes, version: int) -> Publish:
    """A PUBLISH: the packet that comes a million times."""
    qos = first >> 1 & 3
    if qos == 3:
        raise ProtocolError("QoS 3")
    size = len(body)
    if size < 2:
        raise ProtocolError("a packet that ends too early")
    at = 2 + (body[0] << 8 | body[1])
    if at + (2 if qos else 0) > size:
        raise ProtocolError("a packet that ends too early")
    try:
        topic = body[2:at].decode()
    except UnicodeDecodeError as error:
        raise ProtocolError("a topic that is no UTF-8") from error
    number = 0
    if qos:
        number = body[at] << 8 | body[at + 1]
        at += 2
        if not number:
            raise ProtocolError("packet number 0", PROTOCOL)
    more: Properties = {}
    if version == V5:
        reader = Reader(body, at)
        more, at = read_properties(reader), reader.at
    if "+" in topic or "#" in topic or "\x00" in topic:
        raise ProtocolError("a topic with wildcards", 0x90)
    return Publish(topic, body[at:], qos, number, bool(first & 8), bool(first & 1), more)


def _read_connect(reader: Reader, _version: int) -> Connect:
    if reader.text() not in ("MQTT", "MQIsdp"):
        raise ProtocolError("no MQTT", UNSUPPORTED_VERSION)
    version, flags, keep_alive = reader.byte(), reader.byte(), reader.short()
    if version not in (V3, V5):
        raise ProtocolError(f"protocol level {version}", UNSUPPORTED_VERSION)
    if flags & 1:
        raise ProtocolError("reserved flags")
    more = read_properties(reader) if version == V5 else {}
    client_id, will = reader.text(), None
    if flags & 0x04:
        given = read_properties(reader) if version == V5 else {}
        qos = flags >> 3 & 3
        if qos == 3:
            raise ProtocolError("QoS 3")
        will = Will(reader.text(), reader.binary(), qos, bool(flags & 0x20), given)
    elif flags & 0x38:
        raise ProtocolError("flags of a will without a will")
    username = reader.text() if flags & 0x80 else None
    password = reader.binary() if flags & 0x40 else None
    return Connect(client_id, version, bool(flags & 2), keep_alive, username, password, will, more)


def _read_connack(reader: Reader, version: int) -> ConnAck:
    flags, code = reader.byte(), reader.byte()
    return ConnAck(code, bool(flags & 1), read_properties(reader) if version == V5 else {})


def _read_puback(reader: Reader, version: int) -> PubAck:
    number = reader.short()
    code = reader.byte() if version == V5 and reader.left else 0
    return PubAck(number, code, read_properties(reader) if version == V5 and reader.left else {})


def _number(reader: Reader) -> int:
    number = reader.short()
    if not number:
        raise ProtocolError("packet number 0", PROTOCOL)
    return number


def _read_subscribe(reader: Reader, version: int) -> Subscribe:
    number = _number(reader)
    more = read_properties(reader) if version == V5 else {}
    wanted = []
    while reader.left:
        wanted.append((reader.text(), reader.byte()))
        if wanted[-1][1] & 3 == 3:
            raise ProtocolError("QoS 3", PROTOCOL)
    if not wanted:
        raise ProtocolError("a subscription to nothing", PROTOCOL)
    return Subscribe(number, tuple(wanted), more)


def _read_suback(reader: Reader, version: int) -> SubAck:
    number = reader.short()
    more = read_properties(reader) if version == V5 else {}
    return SubAck(number, tuple(reader.take(reader.left)), more)


def _read_unsubscribe(reader: Reader, version: int) -> Unsubscribe:
    number = _number(reader)
    more = read_properties(reader) if version == V5 else {}
    names = []
    while reader.left:
        names.append(reader.text())
    if not names:
        raise ProtocolError("an end of no subscription", PROTOCOL)
    return Unsubscribe(number, tuple(names), more)


def _read_unsuback(reader: Reader, version: int) -> UnsubAck:
    number = reader.short()
    if version != V5:
        return UnsubAck(number)
    more = read_properties(reader)
    return UnsubAck(number, tuple(reader.take(reader.left)), more)


def _read_disconnect(reader: Reader, version: int) -> Disconnect:
    code = reader.byte() if version == V5 and reader.left else 0
    return Disconnect(code, read_properties(reader) if version == V5 and reader.left else {})


_READERS: dict[int, Any] = {
    CONNECT: _read_connect,
    CONNACK: _read_connack,
    PUBACK: _read_puback,
    SUBSCRIBE: _read_subscribe,
    SUBACK: _read_suback,
    UNSUBSCRIBE: _read_unsubscribe,
    UNSUBACK: _read_unsuback,
    PINGREQ: lambda _reader, _version: PingReq(),
    PINGRESP: lambda _reader, _version: PingResp(),
    DISCONNECT: _read_disconnect,
}
