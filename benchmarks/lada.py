"""Goods and their ledger beside plain SQL: import, approval, replay of two dates, a locked semester, search, stocktake, memory.

500,000 goods with 2,000,000 events. BENCH_QUICK=1 takes 2,000 goods, to see that it runs.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from _sheets import resident_mb
from _simda import FAULTS, HARMLESS, write
from _store import fresh
from django.db import connection, transaction

QUICK = bool(os.environ.get("BENCH_QUICK"))
GOODS = 2_000 if QUICK else 500_000
TABLE_ROWS = 1_000 if QUICK else 10_000
SEARCHES = 40 if QUICK else 400
ROOMS, IN_ROOM, SCANS = (5, 40, 100) if QUICK else (48, 100, 4_000)
DAYS = (date(2026, 1, 1), date(2026, 6, 30))
MOST_SEARCH_MS = 100
# Every good begins with an opening; then it is moved, kept up and every tenth is capitalised.
_ASSETS = """
INSERT INTO lada_asset (id, nibar, agency_id, goods_code, card, register_no, name, origin, acquired_on, owner, is_intra,
    value, accumulated, opened_on, condition, use, area_code, facts, certificate, is_active, has_photo, has_label,
    last_number, last_on, search, made_at)
SELECT md5('good' || n)::uuid, 'BENCH-' || lpad(n::text, 8, '0'), (%(agencies)s::uuid[])[n %% cardinality(%(agencies)s::uuid[]) + 1],
    '1.3.2.10.01.02.002', 'B', 1000000 + n, 'Laptop contoh ' || n, 'purchase', date '2023-03-01', '12', true,
    8000000 + CASE WHEN n %% 10 = 0 THEN 1000000 ELSE 0 END, 4000000, date '2025-12-31', 'good', '', '', '{}'::jsonb, '',
    true, false, false, 4, date '2026-05-01',
    lower('BENCH-' || lpad(n::text, 8, '0') || ' laptop contoh ' || n || ' merek ' || md5(n::text)), now()
FROM generate_series(1, %(goods)s) AS n
"""
_EVENTS = """
INSERT INTO lada_event (asset_id, number, kind, "on", data, amount, accumulated, agency_id, goods_code, is_intra,
    recorded_at, journal_id)
SELECT a.id, k, CASE WHEN k = 1 THEN 'opening' WHEN k = 4 AND a.register_no %% 10 = 0 THEN 'capitalise' WHEN k = 3
    THEN 'maintain' ELSE 'condition' END,
    CASE k WHEN 1 THEN date '2025-12-31' WHEN 2 THEN date '2026-02-01' WHEN 3 THEN date '2026-03-01' ELSE date '2026-05-01' END,
    CASE WHEN k = 1 THEN jsonb_build_object('agency', g.code, 'goods_code', a.goods_code, 'name', a.name, 'origin',
    'purchase', 'register_no', a.register_no, 'acquired_on', '2023-03-01') WHEN k = 3 OR (k = 4 AND a.register_no %% 10 = 0)
    THEN '{}'::jsonb ELSE '{"condition": "good"}'::jsonb END,
    CASE WHEN k = 1 THEN 8000000 WHEN k = 4 AND a.register_no %% 10 = 0 THEN 1000000 ELSE 0 END,
    CASE WHEN k = 1 THEN 4000000 ELSE 0 END, a.agency_id, a.goods_code, true, now(), gen_random_uuid()
FROM lada_asset a JOIN parties_agency g ON g.id = a.agency_id, generate_series(1, 4) AS k WHERE a.nibar LIKE 'BENCH-%%'
"""


def main() -> list[str]:
    """Lines for RESULTS.md."""
    lines: list[str] = []
    with fresh():
        for measure in (
            _table,
            _filled,
            *(partial(_replayed, day) for day in DAYS),
            _locked,
            _searched,
            _paged,
            _counted,
        ):
            found = measure()
            lines += [found] if isinstance(found, str) else found
            print(lines[-1], flush=True)  # the whole takes a while
    lines.append(f"peak memory of the process: {resident_mb('VmHWM'):.0f} MB")
    return lines


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.monotonic()
    found = act()
    return time.monotonic() - begun, found


def _people() -> tuple[Any, Any]:
    """An asset officer and somebody of the asset office, by the posts of the pack."""
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.parties.models import Holding, Position, User
    from kotacerdas.kernel import clock

    found = []
    for role in ("asset_officer", "asset_approver"):
        position = Position.objects.filter(roles__contains=[role]).first()
        if position is None:
            raise AssertionError(f"no post of the pack has the role {role}")
        user = User.objects.create(username=f"bench-{role}", name="Bench", is_staff=True)
        Holding.objects.create(user=user, position=position, since=clock.today())
        found.append(staff(user))
    return found[0], found[1]


def _table() -> list[str]:
    """A table as SIMDA exports it: read with every wrong cell shown, taken as one change, approved."""
    from kotacerdas.foundation.tables import actions, running
    from kotacerdas.programs.lada.actions.changes import change_approve
    from kotacerdas.programs.lada.models import Asset, Change
    from kotacerdas.programs.lada.sheets import OPENINGS

    officer, office = _people()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kib-b.xlsx"
        write(path, TABLE_ROWS)
        data = path.read_bytes()
    upload, _had = actions.upload_open(actor=officer, sheet=OPENINGS, file_name="kib-b.xlsx", data=data)
    reading, _none = _timed(lambda: running.read_upload(str(upload.id)))
    upload.refresh_from_db()
    if upload.state != "ready":
        raise AssertionError(f"the table is {upload.state}: {upload.refusal}")
    actions.upload_take(actor=officer, upload=upload, wrong=upload.wrong)
    taking, _none = _timed(lambda: running.take_upload(str(upload.id)))
    case = Change.objects.select_related("case").get().case
    approving, _none = _timed(lambda: change_approve(actor=office, case=case))
    count = Asset.objects.count()
    if count != upload.good:
        raise AssertionError(f"{count} goods of {upload.good} good rows")
    wrong = sum(share for name, (share, _place) in FAULTS.items() if name not in HARMLESS)
    return [
        f"a SIMDA-like table of {TABLE_ROWS:,} rows (faults in about {wrong} of 1,000): read and judged in {reading:.1f} s "
        f"({TABLE_ROWS / reading:,.0f} rows/s, {upload.wrong:,} rows with wrong cells shown), proposed as one change in "
        f"{taking:.1f} s, approved in {approving:.1f} s ({count / approving:,.0f} openings/s: event, register, journal)"
    ]


def _filled() -> list[str]:
    """The rest of the goods and events by plain SQL, which is what bulk writing is compared with."""
    from kotacerdas.foundation.parties.models import Agency

    given = {"goods": GOODS, "agencies": list(Agency.objects.values_list("id", flat=True))}
    with transaction.atomic(), connection.cursor() as cursor:
        assets, _none = _timed(lambda: cursor.execute(_ASSETS, given))
        events, _none = _timed(lambda: cursor.execute(_EVENTS, given))
        cursor.execute("SELECT count(*) FROM lada_event")
        count = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE lada_asset, lada_event")
    return [
        f"{GOODS:,} goods by plain SQL in {assets:.0f} s ({GOODS / assets:,.0f}/s), {count:,} events in {events:.0f} s "
        f"({count / events:,.0f}/s): nothing checked, nothing in the journal"
    ]


def _replayed(day: date) -> str:
    """The books on a day by replay, beside the sum of amounts by plain SQL; both must agree to the rupiah."""
    from kotacerdas.programs.lada.books.replay import goods_on

    def summed() -> int:
        with connection.cursor() as cursor:
            cursor.execute('SELECT sum(amount) FROM lada_event WHERE "on" <= %s', [day])
            return int(cursor.fetchone()[0])

    took, value = _timed(lambda: sum(one.state.value for one in goods_on(day)))
    plain, wanted = _timed(summed)
    if value != wanted:
        raise AssertionError(f"{day}: the replay says {value}, the ledger {wanted}")
    return (
        f"replay of the books on {day}: {took:.1f} s ({GOODS / took:,.0f} goods/s); the sum of amounts by plain SQL, "
        f"without states: {plain:.2f} s; both Rp{value:,}"
    )


def _locked() -> str:
    """A semester locked: a figure with its lines for every good."""
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.parties.models import User
    from kotacerdas.programs.lada.actions.locking import period_lock
    from kotacerdas.programs.lada.depreciation import Semester
    from kotacerdas.programs.lada.models import Depreciation

    office = staff(User.objects.get(username="bench-asset_approver"))
    took, period = _timed(lambda: period_lock(actor=office, one=Semester(2026, 1)))
    count = Depreciation.objects.filter(period=period).count()
    return f"semester 1 of 2026 locked: {count:,} explained figures in {took:.1f} s ({count / took:,.0f}/s)"


def _searched() -> str:
    """The first page of a search over all goods, beside the bare statement."""
    from kotacerdas.programs.lada import queries
    from kotacerdas.programs.lada.models import Asset

    ours, bare = [], []
    for n in range(SEARCHES):
        number = 1 + n * 7919 % GOODS
        words = (f"contoh {number}", f"laptop {number}", f"bench-{number:08d}")[n % 3]
        shown = queries.found(Asset.objects.filter(is_active=True).select_related("agency", "room"), words)
        took, found = _timed(lambda shown=shown: list(shown[:50]))
        if not found:
            raise AssertionError(f"nothing was found for {words}")
        ours.append(took * 1000)
        with connection.cursor() as cursor:
            likes = [f"%{word}%" for word in words.split()]
            where = " AND ".join(["search LIKE %s"] * len(likes))
            text = f"SELECT * FROM lada_asset WHERE is_active AND {where} ORDER BY nibar LIMIT 50"  # noqa: S608
            took, _none = _timed(lambda c=cursor, t=text, g=likes: (c.execute(t, g), c.fetchall()))
        bare.append(took * 1000)
    slow, plain = statistics.quantiles(ours, n=20)[-1], statistics.quantiles(bare, n=20)[-1]
    if slow > MOST_SEARCH_MS and not QUICK:
        raise AssertionError(f"a search takes {slow:.0f} ms at the 95th percentile")
    return f"a search's first page over {GOODS:,} goods: p95 {slow:.1f} ms; the bare statement {plain:.1f} ms"


def _paged() -> str:
    """The register's whole page over all goods, as the asset office asks for it: without words, and with some."""
    from django.test import Client

    from kotacerdas.foundation.parties.models import User

    user = User.objects.get(username="bench-asset_approver")
    user.is_demo = True  # spares the second factor
    user.save()
    client, times = Client(), []
    client.force_login(user)
    for n in range(SEARCHES // 4):
        number = 1 + n * 7919 % GOODS
        asked = ("", f"?q=bench-{number:08d}", f"?q=contoh+{number}", "?kib=B")[n % 4]
        took, answer = _timed(lambda asked=asked: client.get(f"/desk/barang/{asked}"))
        if answer.status_code != 200 or b"BENCH-" not in answer.content:
            raise AssertionError(f"{answer.status_code} for {asked}, or no good on the page")
        times.append(took * 1000)
    return (
        f"the register's page over {GOODS:,} goods, drawn in this process: median {statistics.median(times):.0f} ms, "
        f"p95 {statistics.quantiles(times, n=20)[-1]:.0f} ms ({len(times)} pages, every second with words)"
    )


def _counted() -> str:
    """A stocktake of rooms with 100 goods each: opened, scanned one by one, counted, closed."""
    from kotacerdas.foundation.parties.actors import staff
    from kotacerdas.foundation.parties.models import User
    from kotacerdas.kernel import clock
    from kotacerdas.programs.lada.actions.scans import Seen, scan_take
    from kotacerdas.programs.lada.actions.stocktake import Team, session_close, session_open
    from kotacerdas.programs.lada.models import Asset, Room
    from kotacerdas.programs.lada.stocktake import counting

    officer = staff(User.objects.get(username="bench-asset_officer"))
    assert officer.position is not None
    assert officer.user is not None
    agency = officer.position.agency
    ids = list(Asset.objects.filter(agency=agency).values_list("id", flat=True)[: ROOMS * IN_ROOM])
    rooms = [Room.objects.create(agency=agency, code=f"B{n}", name=f"Ruang {n}") for n in range(ROOMS)]
    for n, room in enumerate(rooms):
        Asset.objects.filter(id__in=ids[n * IN_ROOM : (n + 1) * IN_ROOM]).update(room=room)
    given = {"agency": agency, "name": "Bench", "due_on": clock.today(), "rooms": rooms}
    opening, session = _timed(lambda: session_open(actor=officer, teams=[Team(officer.user)], **given))
    times = []
    for asset in Asset.objects.filter(id__in=ids[:SCANS]).select_related("room"):
        seen = Seen(code=asset.nibar, room=asset.room, condition=asset.condition)
        took, _none = _timed(lambda seen=seen: scan_take(actor=officer, session=session, seen=seen))
        times.append(took * 1000)
    counting_s, rows = _timed(lambda: counting.results(session))
    if counting.sums(rows)["found"] != SCANS:
        raise AssertionError(f"{counting.sums(rows)} of {SCANS} scans")
    closing, _none = _timed(lambda: session_close(actor=officer, session=session, rest="missing"))
    left = len(rows) - SCANS
    marks = statistics.quantiles(times, n=100)
    return (
        f"a stocktake of {len(rows):,} goods in {ROOMS} rooms opened in {opening:.1f} s; {SCANS:,} scans accepted, p50 "
        f"{marks[49]:.1f} ms, p99 {marks[98]:.1f} ms; its sums in {counting_s * 1000:.0f} ms; closed with {left:,} findings "
        f"in {closing:.1f} s"
    )
