"""From bytes as they come to whole packets, whatever the network cut them into."""

from __future__ import annotations

from collections.abc import Iterator

from kotacerdas.foundation.telemetry.mqtt.packets import CONNECT, V3, Connect, Packet, decode
from kotacerdas.foundation.telemetry.mqtt.wire import TOO_LARGE, ProtocolError, read_varint


class Stream:
    """The incoming half of one connection.

    version   the protocol level; a CONNECT that comes sets it
    most      the largest packet in bytes that is read; a longer one raises ProtocolError before it has come
    """

    __slots__ = ("_buffer", "most", "version")

    def __init__(self, most: int, version: int = V3) -> None:
        self.most = most
        self.version = version
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Take in what came."""
        self._buffer += data

    @property
    def waiting(self) -> int:
        """Bytes that came and are not read yet."""
        return len(self._buffer)

    def packets(self, count: int = 1_000_000) -> Iterator[Packet]:
        """The whole packets that have come, at most `count`; what is left stays for the next call.

        Raises ProtocolError at the first that is none; the connection must then be closed.
        """
        buffer, at = self._buffer, 0
        try:
            while count > 0 and len(buffer) - at >= 2:
                first, size = buffer[at], buffer[at + 1]
                if size < 0x80:  # nearly all are this short
                    body = at + 2
                else:
                    found = read_varint(buffer, at + 1)
                    if found is None:
                        return
                    size, body = found
                    if size > self.most:
                        raise ProtocolError(f"a packet of {size} bytes", TOO_LARGE)
                end = body + size
                if end > len(buffer):
                    return
                packet = decode(first, bytes(buffer[body:end]), self.version)
                if first >> 4 == CONNECT and isinstance(packet, Connect):
                    self.version = packet.version
                at = end
                count -= 1
                yield packet
        finally:
            if at:
                del buffer[:at]
