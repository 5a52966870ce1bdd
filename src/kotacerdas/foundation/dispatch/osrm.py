"""Travel by road from an OSRM server: its table service (`/table/v1/driving`), version 5, as its HTTP documentation has it.

A server takes so many places at once (`--max-table-size`, 100 by default): larger tables are asked for in blocks. Where it does
not answer, or knows no road, the great circle stands in, and the matrix says so (`remark`).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import httpx
import structlog

from kotacerdas.foundation.dispatch.declarations import Matrix, Place
from kotacerdas.foundation.dispatch.travel import GreatCircle

BLOCK = 50  # sources, and destinations, of one request: together the 100 places that every server takes
CONNECT_SECONDS, ANSWER_SECONDS = 2.0, 10.0
log = structlog.get_logger(__name__)


class OSRM:
    """Asks one server; a pair of places that it knows no road for is estimated by `instead`."""

    def __init__(
        self,
        url: str,
        *,
        instead: GreatCircle | None = None,
        block: int = BLOCK,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.instead = instead or GreatCircle()
        self.block = block
        self.transport = transport

    def matrix(self, places: Sequence[Place]) -> Matrix:
        """By road, both rounded up. Remarks: "" all by road, osrm_no_road for some pairs, osrm_unreachable for all."""
        known = tuple(dict.fromkeys(places))
        estimate = self.instead.matrix(known)
        size = len(known)
        seconds = [list(row) for row in estimate.seconds]
        metres = [list(row) for row in estimate.metres]
        missing = 0
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        try:
            with httpx.Client(timeout=timeout, transport=self.transport) as client:
                for top in range(0, size, self.block):
                    for left in range(0, size, self.block):
                        rows = range(top, min(top + self.block, size))
                        columns = range(left, min(left + self.block, size))
                        missing += self._fill(client, known, rows, columns, seconds, metres)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError) as error:
            log.warning("osrm_unreachable", error=type(error).__name__)
            return Matrix(
                places=known,
                seconds=estimate.seconds,
                metres=estimate.metres,
                source=estimate.source,
                remark="osrm_unreachable",
            )
        return Matrix(
            places=known,
            seconds=tuple(map(tuple, seconds)),
            metres=tuple(map(tuple, metres)),
            source="osrm",
            remark="osrm_no_road" if missing else "",
        )

    def _fill(
        self,
        client: httpx.Client,
        places: Sequence[Place],
        rows: range,
        columns: range,
        seconds: list[list[int]],
        metres: list[list[int]],
    ) -> int:
        """Ask for one block and write it into the matrix; how many pairs have no road. Raises for any wrong answer."""
        answer = self._asked(client, [places[n] for n in rows], [places[n] for n in columns])
        durations, distances = answer["durations"], answer["distances"]
        missing = 0
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                if row == column:
                    continue
                duration, distance = durations[i][j], distances[i][j]
                if duration is None or distance is None:
                    missing += 1
                    continue
                seconds[row][column], metres[row][column] = ceil(duration), ceil(distance)
                if seconds[row][column] < 0 or metres[row][column] < 0:
                    raise ValueError("a negative duration or distance")
        return missing

    def _asked(
        self, client: httpx.Client, sources: Sequence[Place], destinations: Sequence[Place]
    ) -> dict[str, Any]:
        places = list(dict.fromkeys((*sources, *destinations)))
        number = {place: n for n, place in enumerate(places)}
        coordinates = ";".join(f"{one.lng:.6f},{one.lat:.6f}" for one in places)
        answer = client.get(
            f"{self.url}/table/v1/driving/{coordinates}",
            params={
                "sources": ";".join(str(number[one]) for one in sources),
                "destinations": ";".join(str(number[one]) for one in destinations),
                "annotations": "duration,distance",
            },
        )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        if found["code"] != "Ok":
            raise ValueError(f"OSRM answers {found['code']}")
        return found
