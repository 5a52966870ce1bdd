"""A regency's list of tanks through the tables: rows a second read and judged, and taken into the register."""

from __future__ import annotations

import os
import time
from typing import Any

from _store import fresh

ROWS = 2_000 if os.environ.get("BENCH_QUICK") else 20_000
MOST_SECONDS = 240  # for which one waits beside a progress bar
HEAD = "kode;kode desa;alamat;lintang;bujur;golongan;isi;selang;jiwa;sedot terakhir;bangunan\n"


def main() -> list[str]:
    """Lines for RESULTS.md."""
    with fresh():
        read, taken = _whole_way()
    if read + taken > MOST_SECONDS * ROWS / 20_000 + 10:
        raise AssertionError(f"longer than promised: {read:.1f} and {taken:.1f} s")
    return [
        f"{ROWS:,} tanks of two buildings each: read and every cell judged in {read:.1f} s ({ROWS / read:,.0f} rows/s), "
        f"taken into the register and the journal in {taken:.1f} s ({ROWS / taken:,.0f} rows/s)"
    ]


def _whole_way() -> tuple[float, float]:
    """Seconds to read the list and to take it, by the functions that the jobs call."""
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.parties.models import Holding, Position, User
    from kotacerdas.foundation.tables import actions, running
    from kotacerdas.foundation.territory.queries import villages
    from kotacerdas.kernel import clock
    from kotacerdas.programs.gopal.models import Tank
    from kotacerdas.programs.gopal.sheets import TANKS

    user = User.objects.create(username="bench-tanks", name="Bench", is_staff=True)
    position = Position.objects.filter(roles__contains=["desludging_planner"]).first()
    Holding.objects.create(user=user, position=position, since=clock.today())
    actor, places = staff(user), villages()
    data = (HEAD + "".join(_line(number, places[number % len(places)]) for number in range(ROWS))).encode()
    began = time.perf_counter()
    upload, _new = actions.upload_open(actor=actor, sheet=TANKS, file_name="tangki.csv", data=data)
    running.read_upload(str(upload.id))
    upload.refresh_from_db()
    if (upload.new, upload.wrong) != (ROWS, 0):
        raise AssertionError(f"{upload.new} good rows, {upload.wrong} wrong ones")
    was_read = time.perf_counter()
    actions.upload_take(actor=actor, upload=upload, wrong=0)
    running.take_upload(str(upload.id))
    ended = time.perf_counter()
    if Tank.objects.count() != ROWS:
        raise AssertionError(f"{Tank.objects.count()} tanks in the register")
    return was_read - began, ended - was_read


def _line(number: int, place: Any) -> str:
    where = f"{place.lat:.6f};{place.lng:.6f}".replace(".", ",")
    return f"C-{number:05d};{place.code};Jalan {number};{where};house_1;2.400;20;5;01/03/2024;G-{number}, H-{number}\n"


if __name__ == "__main__":
    print("\n".join(main()))
