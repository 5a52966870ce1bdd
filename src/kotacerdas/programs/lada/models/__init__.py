"""Everything of goods that is stored."""

from kotacerdas.programs.lada.models.books import Depreciation, Locking, LockingLine, Period
from kotacerdas.programs.lada.models.goods import (
    Asset,
    AssetFile,
    Change,
    ChangeLine,
    Counter,
    Event,
    Label,
    Notice,
    Room,
)
from kotacerdas.programs.lada.models.rules import GoodsCode, LifeRule, OverhaulBand, Threshold, WorkUnit
from kotacerdas.programs.lada.models.stocktakes import Expected, Finding, Scan, Session, SessionTeam
from kotacerdas.programs.lada.models.tracking import Alarm, Fence, Service, TrackDay, TrackLook

__all__ = [
    "Alarm",
    "Asset",
    "AssetFile",
    "Change",
    "ChangeLine",
    "Counter",
    "Depreciation",
    "Event",
    "Expected",
    "Fence",
    "Finding",
    "GoodsCode",
    "Label",
    "LifeRule",
    "Locking",
    "LockingLine",
    "Notice",
    "OverhaulBand",
    "Period",
    "Room",
    "Scan",
    "Service",
    "Session",
    "SessionTeam",
    "Threshold",
    "TrackDay",
    "TrackLook",
    "WorkUnit",
]
