"""What can go wrong, as one small tree. Every error has a code, words for people, and a way out.

KotaError
├── Refused        the actor may not do this                        403
├── Missing        it is not there, or not theirs to see            404
├── Invalid        the input is wrong; `fields` says where          422
├── Conflict       somebody or something was faster                 409
│   ├── LostRace       the same step was taken a moment ago
│   ├── WrongStep      the life-cycle does not allow this step now
│   └── NotThen        it cannot have happened at the time that is given
├── TooMany        a limit of rate or size was met                  429
└── Unavailable    a part of the house does not answer              503
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Words = Any  # str or a lazy translation of one


class KotaError(Exception):
    """Base of all errors that a person may read.

    code     stable, for logs and machines
    message  what happened, in the user's language
    remedy   what to do now, in the user's language
    """

    status = 500
    code = "error"

    def __init__(self, message: Words, *, remedy: Words = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code or self.code

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Refused(KotaError):
    """The actor lacks the permission in this scope."""

    status = 403
    code = "refused"


class Missing(KotaError):
    """The thing is not there, or not visible to the one who asks: both answer alike."""

    status = 404
    code = "missing"


class Invalid(KotaError):
    """The input cannot be taken. `fields` maps field names to words; "" is the whole form."""

    status = 422
    code = "invalid"

    def __init__(
        self, message: Words, *, fields: Mapping[str, Words] | None = None, remedy: Words = "", code: str = ""
    ) -> None:
        super().__init__(message, remedy=remedy, code=code)
        self.fields: dict[str, Words] = dict(fields or {})


class Conflict(KotaError):
    """The state of things does not allow this now."""

    status = 409
    code = "conflict"


class LostRace(Conflict):
    """Another actor took a step on the same thing a moment earlier; nothing was written."""

    code = "lost_race"


class WrongStep(Conflict):
    """The life-cycle has no such step from the present state."""

    code = "wrong_step"


class NotThen(Conflict):
    """A step is dated before what happened since, too long ago, or in the future; nothing was written."""

    code = "event_time"


class TooMany(KotaError):
    """A limit was met. `retry_after` is in seconds."""

    status = 429
    code = "too_many"

    def __init__(self, message: Words, *, retry_after: int = 60, remedy: Words = "", code: str = "") -> None:
        super().__init__(message, remedy=remedy, code=code)
        self.retry_after = retry_after


class Unavailable(KotaError):
    """A needed part does not answer now; the input was not taken. `retry_after` is in seconds, 0 where nobody knows."""

    status = 503
    code = "unavailable"

    def __init__(self, message: Words, *, retry_after: int = 0, remedy: Words = "", code: str = "") -> None:
        super().__init__(message, remedy=remedy, code=code)
        self.retry_after = retry_after
