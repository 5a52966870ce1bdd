"""What a view hands to a piece: frozen shapes with words already in the reader's language.

`Words` is a string or a lazy translation; a piece escapes it. Instants are aware. A `share` is 0 to 1.
An icon is a name of the installed `lucide` set. Nothing here knows a program, a model or a request.
"""

from .cases import (
    Badge,
    CaseHead,
    Chip,
    ClockBar,
    DocumentLink,
    Pair,
    Photo,
    Stage,
    Step,
    Tag,
    TimelineEntry,
    Tone,
)
from .charts import Bar, BarChart, BarGroup, Choropleth, LineChart, Meter, Point, Region, Sparkline, Tile
from .shell import Action, Bell, Brand, Crumb, EmergencyLine, Empty, NavItem, NavSection, Person, Search

__all__ = [
    "Action",
    "Badge",
    "Bar",
    "BarChart",
    "BarGroup",
    "Bell",
    "Brand",
    "CaseHead",
    "Chip",
    "Choropleth",
    "ClockBar",
    "Crumb",
    "DocumentLink",
    "EmergencyLine",
    "Empty",
    "LineChart",
    "Meter",
    "NavItem",
    "NavSection",
    "Pair",
    "Person",
    "Photo",
    "Point",
    "Region",
    "Search",
    "Sparkline",
    "Stage",
    "Step",
    "Tag",
    "Tile",
    "TimelineEntry",
    "Tone",
]
