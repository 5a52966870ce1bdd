"""The SensorThings door: `/sensorthings/v1.1/`, with a key that has the scope."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kotacerdas.foundation.telemetry.doors.keys import bearer
from kotacerdas.foundation.telemetry.doors.limits import count_address
from kotacerdas.foundation.telemetry.models import ApiKey
from kotacerdas.foundation.telemetry.sensorthings.create import create
from kotacerdas.foundation.telemetry.sensorthings.entities import ENTITIES, Entity, Reach
from kotacerdas.foundation.telemetry.sensorthings.language import BadQuery, Options, read_options
from kotacerdas.foundation.telemetry.sensorthings.rows import Rows
from kotacerdas.foundation.telemetry.sensorthings.show import Budget, address, listed, shown
from kotacerdas.kernel.errors import KotaError, Missing, TooMany

PATH = "/sensorthings/v1.1/"
DEEPEST_PATH = 6
MOST_BYTES = 262_144
_CONFORMANCE = [
    f"http://www.opengis.net/spec/iot_sensing/1.1/req/{one}"
    for one in (
        "datamodel",
        "resource-path/resource-path-to-entities",
        "request-data/order",
        "request-data/expand",
        "request-data/select",
        "request-data/filter",
        "request-data/top",
        "request-data/skip",
        "request-data/count",
        "request-data/pagination",
        "create-update-delete/create-entity",
    )
]
_SEGMENT = re.compile(r"([A-Za-z]+)(?:\((?:'((?:[^']|'')*)'|([^')]*))\))?")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Everything under the root. Errors are JSON with `code`, `type` and `message`."""
    try:
        count_address(request)
        key = bearer(request, "sensorthings.write" if request.method == "POST" else "sensorthings.read")
        base = request.build_absolute_uri(PATH)
        found = _Path(Reach(key.agency), unquote(rest))
        if request.method == "POST":
            return _post(request, key, base, found)
        return _get(request, base, found)
    except (BadQuery, RecursionError) as error:
        return _wrong(400, str(error))
    except KotaError as error:
        answer = _wrong(error.status, str(error), getattr(error, "fields", {}))
        if isinstance(error, TooMany):
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer


class _Path:
    """What an address names: a collection, one entity, or one property of it."""

    def __init__(self, reach: Reach, rest: str) -> None:
        self.reach = reach
        self.entity: Entity | None = None
        self.rows: Rows | None = None
        self.row: Any = None
        self.parent: tuple[Entity, Any] | None = None
        self.prop = ""
        self.value_only = False
        segments = [one for one in rest.strip("/").split("/") if one]
        if len(segments) > DEEPEST_PATH:
            raise BadQuery("the address is too deep")
        for segment in segments:
            self._step(segment)

    def _step(self, segment: str) -> None:
        if segment == "$value" and self.prop:
            self.value_only = True
            return
        if self.prop or self.value_only:
            raise _missing()
        match = _SEGMENT.fullmatch(segment)
        if match is None:
            raise _missing()
        name = match[1]
        key = match[2].replace("''", "'") if match[2] is not None else match[3]
        if self.entity is None:
            self._collection(name, None)
        elif self.row is not None and name in self.entity.leads:
            self._lead(name)
        elif self.row is not None and key is None and name in self.entity.body(self.row):
            self.prop = name
            return
        else:
            raise _missing()
        if key is not None:
            self._one(key)

    def _collection(self, name: str, rows: Rows | None) -> None:
        if name not in ENTITIES:
            raise _missing()
        self.entity = ENTITIES[name]
        self.rows, self.row = rows if rows is not None else self.entity.rows(self.reach), None

    def _lead(self, name: str) -> None:
        assert self.entity is not None
        kind, many, rows = self.entity.leads[name]
        there = rows(self.reach, self.row)
        self.parent = (self.entity, self.row)
        if many:
            self._collection(kind, there)
        elif there is None:
            raise _missing()
        else:
            self.entity, self.rows, self.row = ENTITIES[kind], None, there

    def _one(self, key: str) -> None:
        assert self.entity is not None
        if self.rows is None:
            raise _missing()
        found = self.entity.find(self.reach, key)
        if found is None:
            raise _missing()
        self.row, self.rows = found, None


def _get(request: HttpRequest, base: str, found: _Path) -> HttpResponse:
    if found.entity is None:
        links = [{"name": name, "url": f"{base}{name}"} for name in ENTITIES]
        return JsonResponse({"value": links, "serverSettings": {"conformance": _CONFORMANCE}})
    asked = {name: request.GET[name] for name in request.GET}
    options = read_options(asked)
    if found.prop:
        value = found.entity.body(found.row)[found.prop]
        if found.value_only:
            return HttpResponse(str(value), content_type="text/plain; charset=utf-8")
        return JsonResponse({found.prop: value})
    if found.row is not None:
        return JsonResponse(shown(base, found.reach, found.entity, found.row, options, Budget()))
    assert found.rows is not None
    own = request.build_absolute_uri(request.path)
    return JsonResponse(listed(base, found.reach, found.entity, found.rows, options, Budget(), own, asked))


def _post(request: HttpRequest, key: ApiKey, base: str, found: _Path) -> HttpResponse:
    if found.entity is None or found.rows is None:
        raise BadQuery("entities are created in a collection")
    if len(request.body) > MOST_BYTES:
        raise BadQuery("this is too large")
    try:
        body = json.loads(request.body.decode(), parse_constant=_refuse)
    except ValueError as error:
        raise BadQuery("the body is no JSON") from error
    under = (found.parent[0].one, found.parent[1]) if found.parent else None
    if under is not None and found.entity.name == "Locations":
        under = ("Things", under[1])
    row = create(key, found.entity.name, body, under)
    answer = JsonResponse(shown(base, found.reach, found.entity, row, Options(), Budget()), status=201)
    answer.headers["Location"] = address(base, found.entity, row)
    return answer


def _refuse(word: str) -> float:
    raise ValueError(word)


def _missing() -> Missing:
    return Missing(_("There is no such entity."))


def _wrong(status: int, message: str, fields: Any = None) -> JsonResponse:
    body: dict[str, Any] = {"code": status, "type": "error", "message": message}
    if fields:
        body["fields"] = {name: str(words) for name, words in fields.items()}
    answer = JsonResponse(body, status=status)
    if status == 403:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
