"""The MQTT door before foreign clients: TLS, rights, limits, back-pressure, fairness, wills."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiomqtt
import paho.mqtt.client as paho
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection
from trials.house import free_port

from kotacerdas.foundation.telemetry.actions import credential_issue, credential_revoke
from kotacerdas.foundation.telemetry.ingest.registry import changed
from kotacerdas.foundation.telemetry.models import Credential, Presence, Quarantined
from kotacerdas.foundation.telemetry.mqtt import packets as p
from kotacerdas.foundation.telemetry.mqtt.connection import Connection
from kotacerdas.foundation.telemetry.mqtt.server import Doors, Server, serve
from kotacerdas.foundation.telemetry.simulate.client import Client, Gone
from kotacerdas.foundation.telemetry.tests.conftest import Listening, wait_for_port
from kotacerdas.kernel import clock

pytestmark = pytest.mark.django_db(transaction=True)


def stored() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM telemetry_observation")
        return cursor.fetchone()[0]


def reasons() -> set[str]:
    return set(Quarantined.objects.values_list("reason", flat=True))


def signed_in(port: int, code: str, secret: str, seconds: float = 10.0) -> tuple[Client, asyncio.Runner]:
    """Our own small client, connected; the door learns of a new device within a second."""
    runner, client = asyncio.Runner(), Client("127.0.0.1", port, code, secret)
    until = time.monotonic() + seconds
    while True:
        try:
            runner.run(client.connect())
            return client, runner
        except Gone:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


@pytest.fixture
def tls(plain_tables, certificate) -> Iterator[Listening]:
    """The door over TLS alone."""
    stop, port = threading.Event(), free_port()
    doors = Doors(port=0, tls_port=port, certificate=str(certificate[0]), key=str(certificate[1]))
    thread = threading.Thread(target=serve, args=(doors, stop), daemon=True)
    thread.start()
    wait_for_port(port)
    yield Listening(port)
    stop.set()
    thread.join(10)


def test_paho_publishes_over_tls_and_what_it_counts_is_there(tls, certificate, make_device):
    device, secret = make_device()
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="x", protocol=paho.MQTTv311)
    client.tls_set(ca_certs=str(certificate[0]))
    client.username_pw_set(device.code, secret)
    client.reconnect_delay_set(1, 1)
    client.connect("localhost", tls.port)
    client.loop_start()
    until = time.monotonic() + 10
    while not client.is_connected() and time.monotonic() < until:
        time.sleep(0.05)
    now = time.time()
    sent = [
        client.publish(f"d/{device.code}/level", json.dumps([[now - n, n / 100]]), qos=1) for n in range(300)
    ]
    for one in sent:
        one.wait_for_publish(10)
    assert stored() == 300
    client.disconnect()
    client.loop_stop()


def test_aiomqtt_publishes_over_tls_in_version_5(tls, certificate, make_device):
    device, secret = make_device()
    time.sleep(1.5)

    async def go() -> None:
        context = ssl.create_default_context(cafile=str(certificate[0]))
        async with aiomqtt.Client(
            "localhost",
            tls.port,
            username=device.code,
            password=secret,
            tls_context=context,
            protocol=aiomqtt.ProtocolVersion.V5,
        ) as client:
            for n in range(50):
                payload = json.dumps({"t": time.time() - n, "level": 1.0, "battery": 3.9})
                await client.publish(f"d/{device.code}", payload, qos=1)

    asyncio.run(go())
    assert stored() == 100


def test_repeats_and_reordering_leave_the_same_store(mqtt, make_device):
    device, secret = make_device()
    client, runner = signed_in(mqtt.port, device.code, secret)
    now = time.time()
    messages = [json.dumps({"t": now - n, "level": float(n % 7)}).encode() for n in range(20)]
    for message in [*messages, *reversed(messages), *messages[::3]]:
        runner.run(client.publish(f"d/{device.code}", message))
    assert stored() == 20
    two = [json.dumps({"t": now - 100, "level": level}).encode() for level in (2.0, 3.0)]
    for message in (*two, *reversed(two)):
        runner.run(client.publish(f"d/{device.code}", message))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(value), count(*) FROM telemetry_observation WHERE at < %s",
            [datetime.fromtimestamp(now - 90, UTC)],
        )
        assert cursor.fetchone() == (3.0, 1)


def test_a_message_with_an_id_is_taken_once(mqtt, make_device):
    device, secret = make_device()
    client, runner = signed_in(mqtt.port, device.code, secret)
    for _ in range(3):
        runner.run(client.publish(f"d/{device.code}", b'{"id": "17", "level": 1.5}'))
    runner.run(client.publish(f"d/{device.code}", b'{"id": "18", "level": 1.5}'))
    assert stored() == 2


BAD = [
    ("d/gauge-1", b"\xff\x00garbage", "garbage"),
    ("d/gauge-1", b"[" * 5000, "garbage"),
    ("d/gauge-1", b'{"level": NaN}', "not_finite"),
    ("d/gauge-1", b'{"level": 1e999}', "not_finite"),
    ("d/gauge-1", b'{"level": ' + b"9" * 400 + b"}", "not_finite"),
    ("d/gauge-1", b'{"level": 51}', "out_of_range"),
    ("d/gauge-1", b'{"level": "high"}', "garbage"),
    ("d/gauge-1", b'{"t": 4102444800, "level": 1}', "future"),
    ("d/gauge-1", b'{"t": 946684800, "level": 1}', "too_old"),
    ("d/gauge-1", b'{"t": "yesterday", "level": 1}', "garbage"),
    ("d/gauge-1", b'{"t": 1e300, "level": 1}', "future"),
    ("d/gauge-1", b'{"speed": 1}', "unknown_stream"),
    ("d/gauge-1/level/x", b"1", "topic"),
    ("d/gauge-2", b'{"level": 1}', "topic"),
    ("$SYS/x", b"1", "topic"),
    ("d/gauge-1/level", b"[[1,2,3]]", "garbage"),
]


def test_what_cannot_be_taken_is_quarantined_and_acknowledged(mqtt, make_device):
    device, secret = make_device()
    client, runner = signed_in(mqtt.port, device.code, secret)
    wrong = []
    for topic, payload, reason in BAD:
        runner.run(client.publish(topic, payload))
        if reasons() != {reason}:
            wrong.append((topic, payload[:40], reasons()))
        Quarantined.objects.all().delete()
    assert not wrong
    runner.run(client.publish(f"d/{device.code}/level", b"1.5"))
    assert stored() == 1


def test_a_message_is_taken_as_far_as_it_can_be(mqtt, make_device):
    device, secret = make_device()
    client, runner = signed_in(mqtt.port, device.code, secret)
    runner.run(client.publish(f"d/{device.code}", b'{"level": 1.5, "speed": 3}'))
    assert (stored(), reasons()) == (1, {"unknown_stream"})


@pytest.mark.parametrize("wrong", ["secret", "code"])
def test_a_stranger_does_not_get_in(mqtt, make_device, wrong):
    device, secret = make_device()
    client, _runner = signed_in(mqtt.port, device.code, secret)
    client.close()
    other = Client(
        "127.0.0.1",
        mqtt.port,
        device.code if wrong == "secret" else "nobody",
        "x" if wrong == "secret" else secret,
    )
    with pytest.raises(Gone):
        asyncio.run(other.connect())
    until = time.monotonic() + 5
    while wrong == "code" and reasons() != {"unknown_device"} and time.monotonic() < until:
        time.sleep(0.05)
    assert reasons() == ({"unknown_device"} if wrong == "code" else set())


def test_a_rotated_credential_works_beside_the_new_one_and_a_revoked_one_is_let_go(mqtt, make_device, sari):
    device, old = make_device()
    new = credential_issue(actor=sari, device=device)
    first, runner = signed_in(mqtt.port, device.code, old)
    second, _runner = signed_in(mqtt.port, device.code, new)
    second.close()
    credential_revoke(actor=sari, device=device)
    with pytest.raises(Gone):
        runner.run(asyncio.wait_for(first.receive(), 10))


def test_a_connection_ends_with_its_credential(mqtt, make_device, sari):
    device, old = make_device()
    new = credential_issue(actor=sari, device=device)
    Credential.objects.exclude(ends_at=None).update(ends_at=clock.now() + timedelta(seconds=5))
    changed()
    first, runner = signed_in(mqtt.port, device.code, old)
    runner.run(first.publish(f"d/{device.code}/level", b"1.5"))
    with pytest.raises((Gone, ConnectionError)):
        runner.run(asyncio.wait_for(first.receive(), 15))
    second, other = signed_in(mqtt.port, device.code, new)
    time.sleep(2.5)  # looked at twice
    other.run(second.publish(f"d/{device.code}/level", b"1.5"))
    assert stored() == 2


def test_an_oversize_message_closes_the_connection_with_a_reason(mqtt, make_device):
    device, secret = make_device()
    client, runner = signed_in(mqtt.port, device.code, secret)
    runner.run(client.raw(b"\x32\xff\xff\xff\x7f" + bytes(100)))
    with pytest.raises(Gone):
        runner.run(client.receive())
    until = time.monotonic() + 5
    while reasons() != {"too_large"} and time.monotonic() < until:
        time.sleep(0.05)
    assert reasons() == {"too_large"}


def test_a_device_listens_to_its_own_commands_alone(mqtt, make_device):
    device, secret = make_device()
    client, runner = signed_in(mqtt.port, device.code, secret)
    runner.run(client.send(p.Subscribe(7, ((f"d/{device.code}/cmd", 1), ("d/other/cmd", 1), ("#", 0)))))
    assert runner.run(client.receive()) == p.SubAck(7, (1, 0x80, 0x80))


def test_a_will_is_published_for_a_device_that_vanishes_and_not_after_a_goodbye(mqtt, make_device):
    device, secret = make_device()
    for goodbye in (True, False):
        client, runner = signed_in(mqtt.port, device.code, secret)
        client.close()
        will = p.Will(f"d/{device.code}/level", b"0.5", 1)

        async def again(client=client, will=will, goodbye=goodbye) -> None:
            client._reader, client._writer = await asyncio.open_connection("127.0.0.1", mqtt.port)
            await client.send(p.Connect("x", username=device.code, password=secret.encode(), will=will))
            assert isinstance(await client.receive(), p.ConnAck)
            if goodbye:
                await client.send(p.Disconnect())
            client._writer.transport.abort() if not goodbye else client.close()

        runner.run(again())
        time.sleep(0.5)
        assert stored() == (0 if goodbye else 1)
    assert Presence.objects.get().is_connected is False


def test_one_flood_does_not_starve_the_others(mqtt, make_device):
    """A device pushes as fast as it can without waiting; another one's message still takes its usual time."""
    flooding, its_secret = make_device("gauge-flood")
    quiet, secret = make_device("gauge-quiet")
    flood, _its_runner = signed_in(mqtt.port, flooding.code, its_secret)
    calm, runner = signed_in(mqtt.port, quiet.code, secret)
    stop, sent = threading.Event(), [0]

    def pour() -> None:
        link = socket.create_connection(("127.0.0.1", mqtt.port))
        link.sendall(p.encode(p.Connect("flood", username=flooding.code, password=its_secret.encode()), p.V3))
        now = time.time()
        link.settimeout(0.5)
        while not stop.is_set():
            sent[0] += 500
            part = b"".join(
                p.encode(
                    p.Publish(
                        f"d/{flooding.code}/level", b"[[%f,1]]" % (now - (sent[0] + n) / 1000), 1, n + 1
                    ),
                    p.V3,
                )
                for n in range(500)
            )
            try:
                link.sendall(part)
                link.recv(65_536)
            except TimeoutError:
                pass

    thread = threading.Thread(target=pour, daemon=True)
    thread.start()
    time.sleep(1.0)
    times = []
    for n in range(20):
        began = time.monotonic()
        runner.run(calm.publish(f"d/{quiet.code}/level", b"[[%f,2]]" % (time.time() - n)))
        times.append(time.monotonic() - began)
    stop.set()
    thread.join(5)
    flood.close()
    assert sent[0] > 2_000
    assert sorted(times)[10] < 1.0


def test_who_trickles_bytes_and_does_not_sign_in_is_let_go(plain_tables, monkeypatch):
    monkeypatch.setattr("kotacerdas.foundation.telemetry.mqtt.connection.CONNECT_SECONDS", 2.0)
    with (
        listening(Doors(port=free_port(), tls_port=0)) as port,
        socket.create_connection(("127.0.0.1", port)) as link,
    ):
        began = time.monotonic()
        with pytest.raises(ConnectionError):
            trickle(link)
        assert time.monotonic() - began < 6


def test_strangers_leave_places_for_devices(make_device, plain_tables):
    """Eight places: two for strangers, the newest of whom stay; the others are for who signs in."""
    device, secret = make_device()
    with listening(Doors(port=free_port(), tls_port=0, most_connections=8)) as port:
        strangers = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        client, runner = signed_in(port, device.code, secret)
        runner.run(client.publish(f"d/{device.code}/level", b"1.5"))
        assert sum(is_open(one) for one in strangers) < 3
        for one in strangers:
            one.close()
    assert stored() == 1


def test_strangers_of_one_address_are_limited():
    server = Server(Doors())

    def knock(address: str) -> Connection | None:
        one = Connection(server)
        one.address = address
        return one if server.enter(one) else None

    found = [knock("203.0.113.9") for _ in range(300)]
    let_in = [one for one in found if one is not None]
    assert len(let_in) == 200
    assert knock("203.0.113.10")
    server.leave(let_in[0])
    assert knock("203.0.113.9")
    assert not knock("203.0.113.9")
    assert all(knock("127.0.0.1") for _ in range(300))


def trickle(link: socket.socket) -> None:
    """A CONNECT, byte by byte, that takes its time."""
    for byte in b"\x10\x7f" + bytes(100):
        link.sendall(bytes([byte]))
        time.sleep(0.2)


def is_open(link: socket.socket) -> bool:
    """Whether the other side has not closed; it has nothing to say."""
    link.settimeout(0.1)
    try:
        return bool(link.recv(1))
    except TimeoutError:
        return True
    except OSError:
        return False


@contextmanager
def listening(doors: Doors) -> Iterator[int]:
    """A door of one's own."""
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(doors, stop), daemon=True)
    thread.start()
    wait_for_port(doors.port)
    yield doors.port
    stop.set()
    thread.join(10)
