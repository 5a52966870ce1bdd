"""One device's connection: signs in, publishes beneath its own topic, listens to its own commands."""

from __future__ import annotations

import asyncio
import struct
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from kotacerdas.foundation.parties.limits import network_of
from kotacerdas.foundation.telemetry.ingest.batch import Aside
from kotacerdas.foundation.telemetry.ingest.payload import read
from kotacerdas.foundation.telemetry.ingest.registry import Known
from kotacerdas.foundation.telemetry.mqtt import packets as p
from kotacerdas.foundation.telemetry.mqtt.stream import Stream
from kotacerdas.foundation.telemetry.mqtt.wire import PROTOCOL, ProtocolError

if TYPE_CHECKING:
    from kotacerdas.foundation.telemetry.mqtt.server import Server

QUOTA = 400  # messages of one connection that may wait for a commit; then it is not read from
CONNECT_SECONDS = 10.0
LONGEST_KEEP_ALIVE = 3600
_PUBACK = struct.Struct("!BBH").pack
_NOT_AUTHORIZED = {p.V3: 5, p.V5: 0x87}
_BAD_PASSWORD = {p.V3: 4, p.V5: 0x86}
_UNAVAILABLE = {p.V3: 3, p.V5: 0x88}
_BAD_IDENTIFIER = {p.V3: 2, p.V5: 0x85}
FOREIGN_TOPIC, BAD_PAYLOAD = 0x87, 0x99
TAKEN_OVER, KEEP_ALIVE_OVER, STOPPING, TOO_MANY, NOT_YOURS = 0x8E, 0x8D, 0x8B, 0x97, 0x98


class Connection(asyncio.Protocol):
    """The protocol's side of one socket. It holds no rule of what a message means."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.stream = Stream(server.most_bytes)
        self.transport: asyncio.Transport | None = None
        self.known: Known | None = None
        self.secret = ""
        self.ends_at: datetime | None = None  # its credential
        self.client_id = ""
        self.will: p.Will | None = None
        self.address = ""
        self.keep_alive = 0.0
        self.heard_at = self.made_at = time.monotonic()
        self.in_flight = 0
        self.is_paused = False
        self.is_choked = False  # the other side does not read what it is sent
        self.has_left = False
        self.undecided: p.Connect | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.address = network_of(str((transport.get_extra_info("peername") or ("",))[0]))
        if not self.server.enter(self):
            self.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        self.server.leave(self)

    def data_received(self, data: bytes) -> None:
        self.heard_at = time.monotonic()
        self.stream.feed(data)
        self.go_on()

    def pause_writing(self) -> None:
        self.is_choked = True
        self._pause()

    def resume_writing(self) -> None:
        self.is_choked = False
        self.go_on()

    def committed(self, acknowledgements: bytes) -> None:
        """What was gathered of this connection is in the store."""
        self.in_flight = 0
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(acknowledgements)
            if self.is_paused or self.stream.waiting:
                self.go_on()

    def go_on(self) -> None:
        """Treat what has come, up to the quota; then read no more until it is committed."""
        if self.transport is None or self.transport.is_closing() or self.undecided is not None:
            return
        room = QUOTA - self.in_flight
        if room <= 0 or self.is_choked or self.server.gatherer.is_full:
            self._pause()
            return
        try:
            for packet in self.stream.packets(room):
                if type(packet) is p.Publish and self.known is not None:
                    self._publish(packet, self.known)
                else:
                    self._treat(packet)
                if self.transport.is_closing() or self.undecided is not None:
                    return
        except ProtocolError as error:
            self._wrong(error)
            return
        if self.in_flight >= QUOTA:
            self._pause()
        elif self.is_paused:
            self.is_paused = False
            self.transport.resume_reading()

    def _pause(self) -> None:
        if not self.is_paused and self.transport is not None and not self.transport.is_closing():
            self.is_paused = True
            self.transport.pause_reading()

    def _publish(self, packet: p.Publish, known: Known) -> None:
        if packet.qos == 2:
            raise ProtocolError("QoS 2", p.BAD_QOS)
        self.in_flight += 1
        code = self._take(known, packet.topic, packet.payload)
        if not packet.qos:
            self.server.gatherer.acknowledge(self, b"")
        elif code and self.stream.version == p.V5:
            self.server.gatherer.acknowledge(self, p.encode(p.PubAck(packet.packet_id, code), p.V5))
        else:
            self.server.gatherer.acknowledge(self, _PUBACK(0x40, 2, packet.packet_id))

    def _take(self, known: Known, topic: str, payload: bytes) -> int:
        """Gather a message; the reason code with which MQTT 5 acknowledges it."""
        server = self.server
        base, _slash, rest = topic.partition("/")
        code, _slash, stream = rest.partition("/")
        if base != "d" or code != known.code or "/" in stream:
            server.set_aside(Aside("mqtt", known.code, "topic", "", topic, payload, known.agency_id))
            return FOREIGN_TOPIC
        message = read(known.streams, stream, payload, server.window)
        batch = server.gatherer.batch
        if message.readings:
            batch.take(known.id, message)
        batch.seen[known.id] = True
        for reason, detail in message.problems[:3]:
            server.set_aside(Aside("mqtt", known.code, reason, detail, topic, payload, known.agency_id))
        return BAD_PAYLOAD if message.problems and not message.readings else 0

    def _treat(self, packet: p.Packet) -> None:
        if isinstance(packet, p.Connect):
            self._connect(packet)
        elif self.known is None:
            raise ProtocolError("no CONNECT first", PROTOCOL)
        elif isinstance(packet, p.PingReq):
            self.send(p.PingResp())
        elif isinstance(packet, p.Subscribe):
            self.send(p.SubAck(packet.packet_id, tuple(self._granted(*one) for one in packet.filters)))
        elif isinstance(packet, p.Unsubscribe):
            self.send(p.UnsubAck(packet.packet_id, (0,) * len(packet.filters)))
        elif isinstance(packet, p.Disconnect):
            self.has_left = packet.code != 0x04  # 4: "publish my will all the same"
            self.close()
        elif not isinstance(packet, p.PubAck):
            raise ProtocolError(f"{type(packet).__name__} from a device", PROTOCOL)

    def _granted(self, topic: str, options: int) -> int:
        """The QoS of a subscription to the device's own commands; anything else is refused."""
        if self.known is not None and topic == f"d/{self.known.code}/cmd":
            return min(options & 3, 1)
        return 0x80 if self.stream.version == p.V3 else FOREIGN_TOPIC

    def _connect(self, packet: p.Connect) -> None:
        if self.known is not None:
            raise ProtocolError("a second CONNECT", PROTOCOL)
        known, code = self._signed_in(packet)
        if known is None and code in (_NOT_AUTHORIZED[packet.version], _BAD_PASSWORD[packet.version]):
            self.undecided = packet
            self._pause()
            self.server.decide_later(self)
        else:
            self._answer(packet, known, code)

    def decide(self) -> None:
        """Let in or refuse who had to wait for the registry."""
        packet, self.undecided = self.undecided, None
        if packet is not None and self.transport is not None and not self.transport.is_closing():
            known, code = self._signed_in(packet)
            if code == _NOT_AUTHORIZED[packet.version]:
                self.server.knocked(packet.username or "")
            self._answer(packet, known, code)
            self.go_on()

    def _answer(self, packet: p.Connect, known: Known | None, code: int) -> None:
        if known is None:
            self.send(p.ConnAck(code))
            self.has_left = True
            self.close()
            return
        self.secret = (packet.password or b"").decode()
        self.now_known(known)
        self.client_id = packet.client_id or f"auto-{id(self):x}"
        asked = packet.keep_alive or LONGEST_KEEP_ALIVE
        self.keep_alive = 1.5 * min(asked, LONGEST_KEEP_ALIVE)
        self.will = packet.will
        self.server.signed_in(self)
        self.send(p.ConnAck(0, False, self._abilities(packet) if packet.version == p.V5 else {}))

    def now_known(self, known: Known) -> None:
        """What the registry says of the device that is signed in."""
        self.known, self.ends_at = known, known.end_of(self.secret)

    def _signed_in(self, packet: p.Connect) -> tuple[Known | None, int]:
        """The device, or the code with which it is refused."""
        version, server = packet.version, self.server
        if packet.will is not None and (packet.will.qos > 1 or not self._own(packet)):
            return None, 0x9B if version == p.V5 and packet.will.qos > 1 else _NOT_AUTHORIZED[version]
        if not packet.client_id and not packet.clean and version == p.V3:
            return None, _BAD_IDENTIFIER[version]
        if not server.registry.version:
            return None, _UNAVAILABLE[version]
        known = server.registry.known.get(packet.username or "")
        try:
            secret = (packet.password or b"").decode()
        except UnicodeDecodeError:
            return None, _BAD_PASSWORD[version]
        if known is None:
            return None, _NOT_AUTHORIZED[version]
        return (known, 0) if known.accepts(secret, server.now()) else (None, _BAD_PASSWORD[version])

    @staticmethod
    def _own(packet: p.Connect) -> bool:
        own = f"d/{packet.username}"
        return packet.will is None or packet.will.topic == own or packet.will.topic.startswith(own + "/")

    def _abilities(self, packet: p.Connect) -> dict[str, Any]:
        """What this server can and cannot (MQTT 5, 3.2.2.3)."""
        given: dict[str, Any] = {
            "receive_maximum": QUOTA,
            "maximum_qos": 1,
            "retain_available": 0,
            "maximum_packet_size": self.server.most_bytes,
            "topic_alias_maximum": 0,
            "wildcard_available": 0,
            "subscription_identifier_available": 0,
            "shared_available": 0,
            "session_expiry": 0,
        }
        if not packet.client_id:
            given["assigned_client_id"] = self.client_id
        if not 0 < packet.keep_alive <= LONGEST_KEEP_ALIVE:
            given["server_keep_alive"] = LONGEST_KEEP_ALIVE
        return given

    def _wrong(self, error: ProtocolError) -> None:
        """Say why in MQTT 5, write it down, and close."""
        if self.known is not None:
            reason = "too_large" if error.code == 0x95 else "protocol"
            self.server.set_aside(
                Aside("mqtt", self.known.code, reason, str(error), agency_id=self.known.agency_id)
            )
            if self.stream.version == p.V5:
                self.send(p.Disconnect(error.code))
        elif error.code == p.UNSUPPORTED_VERSION:
            self.send(p.ConnAck(1))
        self.close()

    def is_silent(self, now: float) -> bool:
        """Whether nothing was heard for one and a half times the agreed time; not while we do not listen.

        Who has not signed in has CONNECT_SECONDS for it, whatever else it says.
        """
        if self.known is None:
            return not self.is_paused and now - self.made_at > CONNECT_SECONDS
        return not self.is_paused and now - self.heard_at > self.keep_alive

    def abort(self) -> None:
        """Close without a word."""
        if self.transport is not None:
            self.transport.abort()

    def is_over(self, now: datetime) -> bool:
        """Whether the credential that it signed in with has ended."""
        return self.ends_at is not None and self.ends_at <= now

    def dismiss(self, code: int) -> None:
        """Close for a reason of ours, said in MQTT 5."""
        if self.known is not None and self.stream.version == p.V5:
            self.send(p.Disconnect(code))
        self.close()

    def send(self, packet: p.Packet) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(p.encode(packet, self.stream.version))

    def close(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.close()

    def last_words(self) -> None:
        """Publish the will of a device that vanished."""
        if self.will is not None and self.known is not None and not self.has_left:
            self._take(self.known, self.will.topic, self.will.payload)
            self.server.gatherer.note()
