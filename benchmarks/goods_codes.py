"""A code list of goods at its real size through the pack's check and loader; a wrong level is named by its line."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from _store import fresh

ROWS, WRONG_AT = 20_000, 15_000


def main() -> list[str]:
    """Lines for RESULTS.md."""
    from kotacerdas.config.pack import check_pack, load_pack
    from kotacerdas.kernel.pack import PackError
    from kotacerdas.programs.lada.models import GoodsCode

    with tempfile.TemporaryDirectory() as folder, fresh():
        pack = Path(shutil.copytree(_own_pack(), Path(folder) / "pack"))
        lines = _longer((pack / "goods_codes.csv").read_text(encoding="utf-8").splitlines())
        (pack / "goods_codes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        began = time.perf_counter()
        check_pack(pack)
        checked = time.perf_counter()
        load_pack(pack)
        loaded = time.perf_counter()
        count = GoodsCode.objects.count()
        if count != len(lines) - 1 or count < ROWS:
            raise AssertionError(f"{count} codes of {len(lines) - 1}")
        code, _comma, name = lines[WRONG_AT - 1].partition(",")
        lines[WRONG_AT - 1] = f"{code}1,{name}"
        (pack / "goods_codes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            check_pack(pack)
        except PackError as error:
            if not any(one.line == WRONG_AT for one in error.problems):
                raise AssertionError(f"line {WRONG_AT} is not named: {error}") from error
        else:
            raise AssertionError("a code of a wrong level was taken")
    return [
        f"{count:,} goods codes: every level judged with the whole pack in {checked - began:.1f} s, loaded in "
        f"{loaded - checked:.1f} s; a wrong level in line {WRONG_AT:,} is named"
    ]


def _own_pack() -> Path:
    """The pack of the instance, which the store was made with."""
    from django.conf import settings

    return Path(settings.PACK)


def _longer(lines: list[str]) -> list[str]:
    """The list with invented codes of the last level behind it, each with the levels above."""
    found, number = list(lines), 0
    while len(found) <= ROWS:
        group, kind = divmod(number, 99)
        above = f"1.3.2.90.{group + 1:02d}"
        if kind == 0:
            found += [] if group else ["1.3.2.90,Invented (contoh)"]
            found.append(f"{above},Invented group {group} (contoh)")
        found.append(f"{above}.{kind + 1:02d},Invented kind {number} (contoh)")
        found += [
            f"{above}.{kind + 1:02d}.{last:03d},Invented {number}-{last} (contoh)" for last in range(1, 6)
        ]
        number += 1
    return found


if __name__ == "__main__":
    print("\n".join(main()))
