"""Invented samples for `/gaya/`: the cast, no real person, no real figure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.translation import gettext as _

from kotacerdas.foundation.ui import shapes as s
from kotacerdas.foundation.ui.tags.words import number, percent
from kotacerdas.kernel import clock


class SampleForm(forms.Form):
    """A field of each kind; bound empty, each says what is wrong."""

    phone = forms.CharField(label="", help_text="")
    place = forms.CharField(label="", required=False)
    village = forms.CharField(label="")
    kind = forms.ChoiceField(label="", widget=forms.RadioSelect)
    secret = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words: dict[str, Any] = {
            "phone": (_("Phone number"), _("We call about this report only.")),
            "place": (_("Landmark"), ""),
            "village": (_("Village"), ""),
            "kind": (_("What is it about?"), ""),
            "secret": (_("Keep it secret"), _("Not shown on the public page.")),
        }
        for name, (label, hint) in words.items():
            self.fields[name].label, self.fields[name].help_text = label, hint
        self.fields["village"].error_messages["required"] = _("Choose a village from the list.")
        self.fields["kind"].error_messages["required"] = _("Choose one kind of problem.")
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("road", _("Damaged road")), ("drain", _("Blocked drain"))]


def everything() -> dict[str, Any]:
    """Context of the page: one sample of each piece in each of its states."""
    return {
        "badges": badges(),
        "tags": tags(),
        "chips": chips(),
        "channels": channels(),
        "steps": steps(),
        "rows": rows(),
        "entries": entries(),
        "public_timeline": [entry for entry in entries() if entry.kind != "inside"],
        "saved": s.Tag(text=_("Saved"), tone="padi", icon="check"),
        "head": head(),
        "form": SampleForm({"phone": "0812-3456-7890", "place": _("in front of the market")}),
        "tiles": tiles(),
        "chart": chart(),
        "line": trend(),
        "sparks": sparks(),
        "meters": meters(),
        "clock_bars": clock_bars(),
        "stages": stages(),
        "map": regions(),
        "pair": pair(),
        "empty": nothing(),
        "crumbs": (s.Crumb(text=_("Style"), url="/gaya/"), s.Crumb(text=_("Pieces of the interface"))),
        "toasts": (
            (_("Handed to the social agency"), "plain", "circle-check"),
            (_("Not sent. Sari has changed it already."), "terasi", "triangle-alert"),
            (_("No signal. 3 items are safe on the phone."), "kunyit", "wifi-off"),
        ),
        "photo": photos()[0],
    }


def badges() -> list[tuple[s.Badge, Any]]:
    """The six states of a clock, each with what it means."""
    due = clock.now() + timedelta(days=2)
    return [
        (
            s.Badge(state="running", text=_("2 days 3 hours"), share=0.4, due=due),
            _("running: working time left, the ring shows what is used"),
        ),
        (
            s.Badge(state="soon", text=_("1 hour 20 minutes"), share=0.92),
            _("soon: due today or under a tenth left"),
        ),
        (s.Badge(state="overdue", text=_("3 hours late")), _("overdue: the only thing in solid terasi")),
        (s.Badge(state="paused", text=_("Paused, 2 days left")), _("paused: dashed, the reason beside it")),
        (s.Badge(state="kept", text=_("Kept"), detail=_("4 hours 10 minutes")), _("done within the time")),
        (s.Badge(state="broken", text=_("Broken"), detail=_("1 hour late")), _("done after the time")),
    ]


def tags() -> list[s.Tag]:
    """The states of a report."""
    return [
        s.Tag(text=_("Unverified"), icon="circle-dashed"),
        s.Tag(text=_("Received"), icon="inbox"),
        s.Tag(text=_("In progress"), tone="laut", icon="loader"),
        s.Tag(text=_("Awaiting reporter"), tone="kunyit", icon="hourglass"),
        s.Tag(text=_("Postponed"), tone="kunyit", icon="clock"),
        s.Tag(text=_("Resolved"), tone="padi", icon="circle-check"),
        s.Tag(text=_("Closed"), icon="lock"),
        s.Tag(text=_("Rejected"), tone="terasi", icon="ban"),
        s.Tag(text=_("Not ours"), icon="corner-up-right"),
        s.Tag(text=_("Archived"), icon="archive"),
        s.Tag(text=_("Escalation"), tone="terasi", icon="chevrons-up"),
        s.Tag(text=_("Reopened"), tone="laut", icon="rotate-ccw"),
        s.Tag(text=_("Emergency"), tone="terasi", icon="siren"),
    ]


def channels() -> list[tuple[str, Any]]:
    """Ways a report comes in, as icon and word."""
    return [
        ("phone", _("Telephone")),
        ("smartphone", _("App")),
        ("globe", _("Website")),
        ("mail", _("E-mail")),
    ]


def chips() -> list[s.Chip]:
    """A filter that is on, one that is off, one that can be taken away."""
    return [
        s.Chip(text=_("All"), url="?", count=14, on=True),
        s.Chip(text=_("Overdue"), url="?overdue", count=2),
        s.Chip(text=_("Road section"), url="?section", on=True, removable=True),
    ]


def steps() -> list[s.Step]:
    """The likeliest step first, in mangga."""
    return [
        s.Step(name="resolve", label=_("Resolve"), icon="circle-check", key="s", primary=True),
        s.Step(name="ask", label=_("Ask the reporter"), icon="message-circle", key="t"),
        s.Step(name="return", label=_("Give back"), icon="undo-2", key="b"),
    ]


def rows() -> list[dict[str, Any]]:
    """Rows of a queue: plain, open, picked, new, without a holder."""
    clocks = [badge for badge, _meaning in badges()]
    titles = [
        _("Blocked drain"),
        _("Sunken culvert"),
        _("Pothole"),
        _("Pothole"),
        _("Overflowing drain"),
        _("Blocked drain"),
    ]
    marks = ["", "", "open", "picked", "new", ""]
    holders = ["Rudi", "Rudi", "Rudi", "Rudi", "", "Rudi"]
    order = [2, 1, 1, 0, 0, 3]
    return [
        {
            "badge": clocks[order[n]],
            "title": titles[n],
            "number": f"XYZ-2026-{4661 + n * 21:06d}-{'HBKPSG'[n]}",
            "mark": marks[n],
            "holder": holders[n],
            "channel": channels()[n % 3],
        }
        for n in range(6)
    ]


def entries() -> list[s.TimelineEntry]:
    """A reporter's words, events, an inside note, a public reply, and something not sent yet."""
    at = clock.now()
    return [
        s.TimelineEntry(
            kind="reporter", icon="phone", who="Wati", title=_("Received"), via=_("by telephone"), at=at - timedelta(days=7),
            body=_("A hole in the middle of the road in front of the market."), photos=photos()[:1],
        ),
        s.TimelineEntry(
            kind="event", icon="check", tone="padi", who="Sari", title=_("verified and assigned it"), at=at - timedelta(days=6)
        ),
        s.TimelineEntry(
            kind="inside", icon="lock", who="Rudi", title=_("Inside note"), at=at - timedelta(hours=5),
            body=_("Needs 6 sacks of cold asphalt."),
        ),
        s.TimelineEntry(
            kind="public", icon="send", who="Rudi", title=_("Reply to the reporter"), at=at - timedelta(hours=4),
            body=_("We patch it today after 13:00."), caption=_("SMS sent"),
        ),
        s.TimelineEntry(kind="system", icon="pause", tone="kunyit", title=_("The clock was paused"), at=at - timedelta(hours=1)),
    ]  # fmt: skip


def head() -> s.CaseHead:
    """Head of a case."""
    return s.CaseHead(
        number="XYZ-2026-004772-K", title=_("Pothole"), tag=tags()[2], badge=badges()[1][0],
        place=_("near the market, first district"), holder="Rudi",
    )  # fmt: skip


def tiles() -> list[s.Tile]:
    """Fresh, stale, and without data."""
    at = clock.now()
    return [
        s.Tile(
            label=_("Overdue"),
            value=9,
            at=at - timedelta(seconds=12),
            tone="terasi",
            comparison=_("of 81 open"),
        ),
        s.Tile(label=_("Villages online"), value=1204, at=at - timedelta(minutes=7)),
        s.Tile(label=_("Hours on air"), value=""),
    ]


def chart() -> s.BarChart:
    """Missing, published alone, published beside live."""
    both = (
        s.Bar(value=97.5, shown=percent(0.975), kind="published"),
        s.Bar(value=97.2, shown=percent(0.972)),
    )
    return s.BarChart(
        title=_("Resolved reports by year"),
        source=_("Invented figures."),
        groups=(
            s.BarGroup(label="2023", missing=_("the number resolved was not published"), target_text=_("no target yet")),
            s.BarGroup(
                label="2024", bars=(s.Bar(value=100, shown="100%", kind="published"),),
                notes=("845 / 845",), target=90, target_text=_("target 90%"),
            ),
            s.BarGroup(label="2025", bars=both, notes=("676 / 693",), target=90, target_text=_("target 90%")),
            s.BarGroup(label="2026", bars=both[1:], notes=("871 / 929",), target=95, target_text=_("target 95%")),
        ),
    )  # fmt: skip


def trend() -> s.LineChart:
    """A line with a gap and a target."""
    values = (62, 71, None, 80, 84, 91, 90)
    return s.LineChart(
        title=_("On time by month"), ticks=(0, 50, 100), unit="%", target=90, target_text=_("target 90%"),
        points=tuple(s.Point(label=str(n + 1), value=v, shown=f"{v}%" if v else "") for n, v in enumerate(values)),
    )  # fmt: skip


def sparks() -> list[s.Sparkline]:
    """Without a goal, with one, with a gap."""
    return [
        s.Sparkline(values=(9, 8, 8.5, 7, 6.5, 6, 5), label=_("falls from 9 to 5")),
        s.Sparkline(
            values=(80, 84, 82, 88, 90, 93, 92), goal=90, tone="padi", label=_("rises from 80 to 92, goal 90")
        ),
        s.Sparkline(values=(3, 4, None, 2, 5), label=_("with a gap")),
    ]


def meters() -> list[s.Meter]:
    """Over the target, under it, not assessed."""
    return [
        s.Meter(
            label=_("Fire service"),
            value=0.986,
            shown=percent(0.986),
            note=f"{number(1187)} / {number(1204)}",
            target=0.95,
            tone="padi",
        ),
        s.Meter(
            label=_("Public works"),
            value=0.848,
            shown=percent(0.848),
            note="341 / 402",
            target=0.95,
            tone="kunyit",
        ),
        s.Meter(label=_("Social agency"), value=None, shown="–", note=_("not assessed")),
    ]


def clock_bars() -> list[s.ClockBar]:
    """A kept promise, a paused one, and one by working days."""
    return [
        s.ClockBar(label=_("Verification"), budget=_("3 working days"), badge=badges()[4][0], used=0.16),
        s.ClockBar(
            label=_("Resolution"), budget=_("14 working days"), badge=badges()[3][0], used=0.41, paused=0.06,
            note=_("Waiting for a photo of the place. Goes on when the reporter answers."),
        ),
        s.ClockBar(label=_("Answer"), budget=_("5 working days"), badge=badges()[0][0], used=0.47, cells=5),
    ]  # fmt: skip


def stages() -> list[s.Stage]:
    """Two done, one now, one to come."""
    return [
        s.Stage(label=_("Photo"), state="done"),
        s.Stage(label=_("Place"), state="done"),
        s.Stage(label=_("Story"), state="now"),
        s.Stage(label=_("Check"), state="next"),
    ]


def regions() -> s.Choropleth:
    """Six invented districts of a map, one without data, one chosen."""
    paths = (
        "M10 20L70 8 92 40 60 66 14 58z", "M70 8L142 14 150 46 92 40z", "M142 14L214 30 206 74 150 46z",
        "M14 58L60 66 72 112 22 118z", "M60 66L92 40 150 46 146 104 72 112z", "M150 46L206 74 196 122 146 104z",
    )  # fmt: skip
    centres = ((50, 38), (112, 26), (178, 42), (42, 88), (106, 76), (174, 86))
    levels: tuple[int | None, ...] = (0, 1, 2, 3, 4, None)
    return s.Choropleth(
        title=_("Resolved in time, by district"), box=(0, 0, 224, 128), label_size=7, unit="%",
        legend=("< 88", "88–91", "91–94", "94–97", "97–100"),
        regions=tuple(
            s.Region(
                code=str(n), label=_("District %(letter)s") % {"letter": "ABCDEF"[n]}, d=path, level=levels[n], at=centres[n],
                shown="" if levels[n] is None else f"{86 + 3 * n}", href="?d=" + str(n), on=n == 1,
            )
            for n, path in enumerate(paths)
        ),
    )  # fmt: skip


def photos() -> tuple[s.Photo, ...]:
    """Two drawn stand-ins."""
    return tuple(
        s.Photo(url=static(f"kotacerdas/gaya/{name}.svg"), width=320, height=240, alt=words)
        for name, words in (("before", _("A road with a hole")), ("after", _("The same road, patched")))
    )


def pair() -> s.Pair:
    """Before and after."""
    before, after = photos()
    return s.Pair(
        before=before, after=after, note=_("places match, 6 m apart"),
        before_caption="Rudi", after_caption="Rudi",
    )  # fmt: skip


def nothing() -> s.Empty:
    """An empty queue."""
    return s.Empty(
        icon="circle-check", title=_("Your queue is empty"), text=_("63 reports of the agency are unassigned."),
        action=s.Action(label=_("Take one"), url="?take", key="g"),
    )  # fmt: skip
