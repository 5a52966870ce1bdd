"""What a foreign client counted as acknowledged is stored, once, though the door and the store are killed under it."""

from __future__ import annotations

import sys
from pathlib import Path

from trials import machines
from trials.soak import devices

FOREIGN = Path(__file__).with_name("foreign_device.py")


def test_nothing_acknowledged_is_lost_when_door_and_store_are_killed(tmp_path: Path) -> None:
    machines.copy_ready(tmp_path / "var")
    storm = devices.run(tmp_path, [sys.executable, str(FOREIGN)], kills=2, devices=2, seed=7)
    assert not storm.wrong, (tmp_path / "log").read_text()[-4000:]
    assert storm.seen["times the ingest was killed"] == storm.seen["times the store was killed"] == 2
    assert storm.seen["readings acknowledged to foreign clients"] > 100
