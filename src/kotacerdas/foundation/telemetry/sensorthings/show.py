"""Rows as the JSON of SensorThings: links, selected properties, expanded neighbours, pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from kotacerdas.foundation.telemetry.sensorthings.entities import ENTITIES, Entity, Reach
from kotacerdas.foundation.telemetry.sensorthings.language import BadQuery, Options
from kotacerdas.foundation.telemetry.sensorthings.rows import Rows

MOST_ENTITIES = 5_000  # of one answer, expanded ones too


class Budget:
    """How many entities an answer may still hold."""

    def __init__(self) -> None:
        self.left = MOST_ENTITIES

    def spend(self, count: int) -> None:
        """Raises BadQuery when it is used up."""
        self.left -= count
        if self.left < 0:
            raise BadQuery(f"$expand makes more than {MOST_ENTITIES} entities: ask for fewer at once")


def address(base: str, entity: Entity, row: Any) -> str:
    """The entity's own link."""
    key = entity.key(row)
    return f"{base}{entity.name}({key})" if isinstance(key, int) else f"{base}{entity.name}('{key}')"


def shown(
    base: str, reach: Reach, entity: Entity, row: Any, options: Options, budget: Budget
) -> dict[str, Any]:
    """One entity."""
    own = address(base, entity, row)
    body = entity.body(row)
    if options.select:
        unknown = [one for one in options.select if one not in body and one not in ("@iot.id", "id")]
        if unknown:
            raise BadQuery(f"no property {unknown[0][:60]} of {entity.one}")
        body = {name: value for name, value in body.items() if name in options.select}
    found: dict[str, Any] = {"@iot.id": entity.key(row), "@iot.selfLink": own, **body}
    for name, (kind, many, rows) in entity.leads.items():
        found[f"{name}@iot.navigationLink"] = f"{own}/{name}"
        if name in options.expand:
            inner, there = options.expand[name], rows(reach, row)
            if many:
                page = listed(base, reach, ENTITIES[kind], there, inner, budget, f"{own}/{name}", {})
                found[name] = page["value"]
                if "@iot.count" in page:
                    found[f"{name}@iot.count"] = page["@iot.count"]
                if "@iot.nextLink" in page:
                    found[f"{name}@iot.nextLink"] = page["@iot.nextLink"]
            elif there is not None:
                budget.spend(1)
                found[name] = shown(base, reach, ENTITIES[kind], there, inner, budget)
    for name in options.expand:
        if name not in entity.leads:
            raise BadQuery(f"{entity.one} does not lead to {name[:60]}")
    return found


def listed(
    base: str,
    reach: Reach,
    entity: Entity,
    rows: Rows,
    options: Options,
    budget: Budget,
    own: str,
    asked: dict[str, str],
) -> dict[str, Any]:
    """A page of a collection, with the link to the next one where there is more."""
    found = rows.narrowed(options.filter, options.order)
    page = found.page(options.skip, options.top + 1)
    more, page = len(page) > options.top, page[: options.top]
    budget.spend(len(page))
    answer: dict[str, Any] = {}
    if options.count:
        answer["@iot.count"] = found.count()
    if more:
        parameters = {**asked, "$top": str(options.top), "$skip": str(options.skip + options.top)}
        answer["@iot.nextLink"] = f"{own}?{urlencode(parameters, safe='$')}"
    answer["value"] = [shown(base, reach, entity, row, options, budget) for row in page]
    return answer
