"""A small MQTT client over the same codec: signs in, publishes with QoS 1, waits for the acknowledgement."""

from __future__ import annotations

import asyncio

from kotacerdas.foundation.telemetry.mqtt import packets as p
from kotacerdas.foundation.telemetry.mqtt.stream import Stream


class Gone(ConnectionError):
    """The other side closed, refused, or does not answer."""


class Client:
    """One connection of one device."""

    def __init__(self, host: str, port: int, code: str, secret: str) -> None:
        self.host, self.port, self.code, self.secret = host, port, code, secret
        self._stream = Stream(65_536)
        self._number = 0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def connect(self) -> None:
        """Open and sign in. Raises Gone when refused."""
        self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        self._stream = Stream(65_536)
        await self.send(
            p.Connect(self.code, keep_alive=120, username=self.code, password=self.secret.encode())
        )
        answer = await self.receive()
        if not isinstance(answer, p.ConnAck) or answer.code:
            raise Gone(f"{self.code} was refused ({getattr(answer, 'code', '?')})")

    async def publish(self, topic: str, payload: bytes, seconds: float = 15.0) -> None:
        """Publish and wait for the acknowledgement of this message."""
        self._number = self._number % 65_535 + 1
        await self.send(p.Publish(topic, payload, 1, self._number))
        async with asyncio.timeout(seconds):
            while True:
                answer = await self.receive()
                if isinstance(answer, p.PubAck) and answer.packet_id == self._number:
                    return

    async def ping(self) -> None:
        await self.send(p.PingReq())

    async def send(self, packet: p.Packet) -> None:
        if self._writer is None:
            raise Gone("not connected")
        self._writer.write(p.encode(packet, p.V3))
        await self._writer.drain()

    async def raw(self, data: bytes) -> None:
        """Bytes as they are, for faults."""
        if self._writer is not None:
            self._writer.write(data)
            await self._writer.drain()

    async def receive(self) -> p.Packet:
        """The next packet. Raises Gone at the end of the connection."""
        assert self._reader is not None
        while True:
            for packet in self._stream.packets(1):
                return packet
            data = await self._reader.read(65_536)
            if not data:
                raise Gone(f"{self.code}: the connection was closed")
            self._stream.feed(data)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
