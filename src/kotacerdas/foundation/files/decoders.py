"""The decoder's other side: one process that decodes photos for this one, started when needed, ended when idle.

One photo at a time is decoded for each process of the house; others wait their turn, up to a limit. What takes too
long, too much memory, or kills its decoder is a photo that cannot be read; the next one gets a new decoder.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from kotacerdas.foundation.files.decoded import Decoded, Undecodable
from kotacerdas.kernel.errors import Unavailable

MOST_SECONDS = 60.0  # on a machine that has other work; of the processor itself see `decoding.py`
WAIT_SECONDS = 60.0
IDLE_SECONDS = 15.0
MOST_FILES = 50
_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


class Decoder:
    """One decoding process. Used by one thread at a time."""

    def __init__(self) -> None:
        clean = {name: value for name, value in os.environ.items() if name in _KEPT}
        self.files = 0
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-m", "kotacerdas.foundation.files.decoding"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                **clean,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "MALLOC_ARENA_MAX": "1",
                "OMP_NUM_THREADS": "1",
            },
            cwd="/",
        )

    def decode(self, data: bytes, spend: Callable[[int], None]) -> Decoded:
        """Raises Undecodable, what `spend` raises, and OSError or ValueError where the process died."""
        self.files += 1
        watch = threading.Timer(MOST_SECONDS, self.process.kill)
        watch.daemon = True
        watch.start()
        try:
            return self._decode(data, spend)
        finally:
            watch.cancel()

    def _decode(self, data: bytes, spend: Callable[[int], None]) -> Decoded:
        self._write(len(data).to_bytes(4, "big"), data)
        pixels = int(self._answer()["pixels"])
        try:
            spend(pixels)
        except BaseException:
            self._write(b"0")
            raise
        self._write(b"1")
        answer = self._answer()
        whole, thumb = self._read(answer.pop("bytes")), self._read(answer.pop("thumb_bytes"))
        return Decoded(data=whole, thumb=thumb, **answer)

    def _write(self, *parts: bytes) -> None:
        into = self.process.stdin
        if into is None:
            raise OSError("the decoder has no pipe")
        for part in parts:
            into.write(part)
        into.flush()

    def _read(self, size: int) -> bytes:
        out = self.process.stdout
        found = out.read(size) if out else b""
        if len(found) != size:
            raise OSError("the decoder ended")
        return found

    def _answer(self) -> dict[str, Any]:
        out = self.process.stdout
        line = out.readline() if out else b""
        if not line.endswith(b"\n"):
            raise OSError("the decoder ended")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise Undecodable(str(answer["error"]))
        return answer

    def end(self) -> None:
        """End it now, and take its memory back."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was still to be written is of no use
        self.process.wait()


class _Place:
    """Where the decoder of this process lives between two photos. A forked process begins with none."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.decoder: Decoder | None = None
        self.used_at = 0.0
        self.watched = False

    def decode(self, data: bytes, spend: Callable[[int], None]) -> Decoded:
        """With the lock held."""
        decoder = self._ready()
        try:
            return decoder.decode(data, spend)
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._end()
            raise Undecodable("photo_unreadable") from error
        finally:
            self.used_at = time.monotonic()
            if self.decoder and self.decoder.files >= MOST_FILES:
                self._end()

    def _ready(self) -> Decoder:
        if self.decoder is not None and self.decoder.process.poll() is not None:
            self._end()  # somebody killed it while it was idle
        if self.decoder is None:
            self.decoder = _started()
        if not self.watched:
            self.watched = True
            threading.Thread(target=self._watch, name="decoder", daemon=True).start()
        return self.decoder

    def _watch(self) -> None:
        """End the decoder once it is idle: a house at rest is small."""
        while True:
            time.sleep(IDLE_SECONDS / 3)
            with self.lock:
                if time.monotonic() - self.used_at > IDLE_SECONDS:
                    self._end()
                    self.watched = False
                    return

    def _end(self) -> None:
        if self.decoder is not None:
            self.decoder.end()
            self.decoder = None


_place = _Place()


def _started() -> Decoder:
    """A new decoder. Raises Unavailable where the machine has no room for one: the photo is not to blame."""
    try:
        return Decoder()
    except OSError as error:
        raise _later() from error


def _later() -> Unavailable:
    return Unavailable(
        _("Many photos are being prepared at this moment. This one was not stored."),
        remedy=_("Try again in a minute, or go on without the photo."),
        code="photos_wait",
        retry_after=60,
    )


def decode(data: bytes, spend: Callable[[int], None]) -> Decoded:
    """Decode one photo in the process beside this one; `spend` is asked with its pixels before, and may raise.

    Raises Undecodable, and Unavailable when the ones before take longer than a minute.
    """
    if not _place.lock.acquire(timeout=WAIT_SECONDS):
        raise _later()
    try:
        return _place.decode(data, spend)
    finally:
        _place.lock.release()


def _begin_anew() -> None:
    """In a forked process: the decoder is its parent's."""
    global _place
    _place = _Place()


def _end_with_this_process() -> None:
    if _place.decoder is not None:
        _place.decoder.process.kill()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(_end_with_this_process)
