"""A foreign client as a process of its own: publishes numbered readings without end and writes down what was acknowledged.

    python foreign_device.py HOST PORT CODE SECRET FILE

It outlives the kill of everything else, connects again by itself, and sends again what was not acknowledged, as
paho does. Each line of FILE is the time of one reading, written only when its PUBACK has come. It stops at SIGTERM.
"""

from __future__ import annotations

import signal
import sys
import threading
import time

import paho.mqtt.client as paho

IN_FLIGHT = 50


def main(host: str, port: str, code: str, secret: str, file: str) -> None:
    """Publish until told to stop."""
    stop, room = threading.Event(), threading.Semaphore(IN_FLIGHT)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    client = paho.Client(
        paho.CallbackAPIVersion.VERSION2, client_id=code, clean_session=False, protocol=paho.MQTTv311
    )
    client.username_pw_set(code, secret)
    client.reconnect_delay_set(1, 1)
    client.max_inflight_messages_set(IN_FLIGHT)
    sent: dict[int, int] = {}
    early: set[int] = set()  # acknowledged before we had written down that it was sent
    lock = threading.Lock()  # never held while paho is called, which calls back under locks of its own
    with open(file, "w", buffering=1) as out:

        def note(number: int) -> None:
            out.write(f"{number}\n")
            room.release()

        def acknowledged(_client, _data, mid, _code=None, _more=None) -> None:
            with lock:
                number = sent.pop(mid, None)
                if number is None:
                    early.add(mid)
            if number is not None:
                note(number)

        client.on_publish = acknowledged
        client.connect_async(host, int(port))
        client.loop_start()
        base, number = int((time.time() - 86_400) * 1000), 0
        while not stop.is_set():
            if not room.acquire(timeout=0.2):
                continue
            number += 1
            mid = client.publish(f"d/{code}/level", b"[[%d,%d]]" % (base + number, number % 40), qos=1).mid
            with lock:
                was_early = mid in early
                early.discard(mid)
                if not was_early:
                    sent[mid] = base + number
            if was_early:
                note(base + number)
        until = time.monotonic() + 20
        while sent and time.monotonic() < until:
            time.sleep(0.1)
        client.loop_stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
