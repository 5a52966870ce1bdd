"""Load for the door of devices: many connections in one process, one message in flight each or many."""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import time

QOS1, ACK = 0x32, 0x40


def connect(code: str, secret: str) -> bytes:
    """A CONNECT of MQTT 3.1.1."""
    parts = b"".join(
        struct.pack("!H", len(one)) + one for one in (code.encode(), code.encode(), secret.encode())
    )
    head = struct.pack("!H", 4) + b"MQTT" + bytes((4, 0xC2)) + struct.pack("!H", 600)
    return bytes((0x10,)) + varint(len(head) + len(parts)) + head + parts


def varint(value: int) -> bytes:
    made = bytearray()
    while True:
        value, low = divmod(value, 128)
        made.append(low | (0x80 if value else 0))
        if not value:
            return bytes(made)


class Device(asyncio.Protocol):
    """One connection that keeps `window` messages in flight; the time of each acknowledgement is kept."""

    def __init__(self, load: Load, code: str, secret: str) -> None:
        self.load, self.code, self.secret = load, code, secret
        self.number, self.acknowledged, self.rest = 0, 0, b""
        self.sent: dict[int, float] = {}
        topic = f"d/{code}/level".encode()
        self.head = struct.pack("!H", len(topic)) + topic

    def connection_made(self, transport) -> None:
        self.transport = transport
        transport.write(connect(self.code, self.secret))

    def data_received(self, data: bytes) -> None:
        data = self.rest + data
        count = len(data) // 4
        self.rest = data[count * 4 :]
        now = time.perf_counter()
        for at in range(0, count * 4, 4):
            if data[at] == ACK:
                mid = data[at + 2] << 8 | data[at + 3]
                self.load.times.append(now - self.sent.pop(mid))
                self.acknowledged += 1
            else:
                self.load.connected += 1
                if data[at + 3]:
                    raise SystemExit(f"{self.code} was refused ({data[at + 3]})")
        if self.load.running:
            self.fill()

    def fill(self) -> None:
        """Send until the window is full."""
        parts = []
        while len(self.sent) < self.load.window:
            self.number += 1
            mid = self.number % 65_535 + 1
            at = self.load.base + self.number
            payload = b"[[%d,%d.5]]" % (at, self.number % 40)
            body = self.head + struct.pack("!H", mid) + payload
            parts.append(bytes((QOS1,)) + varint(len(body)) + body)
            self.sent[mid] = time.perf_counter()
        if parts:
            self.transport.write(b"".join(parts))


class Load:
    """All connections of one run."""

    def __init__(self, window: int, base: int) -> None:
        self.window, self.base = window, base
        self.times: list[float] = []
        self.connected, self.running = 0, False

    async def run(self, port: int, devices: list[tuple[str, str]], seconds: float) -> dict[str, float]:
        loop = asyncio.get_running_loop()
        made = []
        for code, secret in devices:
            made.append(
                await loop.create_connection(lambda c=code, s=secret: Device(self, c, s), "127.0.0.1", port)
            )
        while self.connected < len(devices):
            await asyncio.sleep(0.05)
        began, self.running = time.perf_counter(), True
        for _transport, device in made:
            device.fill()
        await asyncio.sleep(seconds)
        self.running = False
        spent, count = time.perf_counter() - began, sum(device.acknowledged for _, device in made)
        await asyncio.sleep(1.0)  # what is in flight comes back
        total = sum(device.acknowledged for _, device in made)
        for transport, _device in made:
            transport.abort()
        times = sorted(self.times)
        return {
            "rate": count / spent,
            "acknowledged": total,
            "sent": sum(device.number for _, device in made),
            "p50": times[len(times) // 2] * 1000,
            "p99": times[int(len(times) * 0.99)] * 1000,
        }


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    load = Load(given["window"], given["base"])
    print(json.dumps(asyncio.run(load.run(given["port"], given["devices"], given["seconds"]))))
