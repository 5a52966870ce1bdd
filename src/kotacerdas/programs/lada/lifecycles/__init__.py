"""The life of a change, of a stocktake's finding, and of an alarm."""

from kotacerdas.programs.lada.lifecycles.alarms import ALARM
from kotacerdas.programs.lada.lifecycles.changes import CHANGE
from kotacerdas.programs.lada.lifecycles.findings import FINDING

LIFECYCLES = (CHANGE, FINDING, ALARM)
