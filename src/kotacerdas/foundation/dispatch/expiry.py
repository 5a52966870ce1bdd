"""What is looked after by date: askings whose worker is gone, and drafts that nobody published."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError

from kotacerdas.foundation.dispatch.actions.runs import run_end
from kotacerdas.foundation.dispatch.models import Plan, SolveRun
from kotacerdas.foundation.dispatch.queries import LOST_AFTER
from kotacerdas.kernel import clock

KEPT_DAYS = 30
_AT_ONCE = 50


def fail_lost_runs() -> None:
    """Write down that a run has failed whose worker wrote nothing for too long; it may be asked for again."""
    lost = SolveRun.objects.filter(state=SolveRun.State.RUNNING, seen_at__lt=clock.now() - LOST_AFTER)
    for run in lost[:_AT_ONCE]:
        run_end(run, SolveRun.State.FAILED, error="lost")


def forget_drafts() -> None:
    """Delete drafts of days that are thirty days past, and the askings that made them. What others refer to stays."""
    old = Plan.objects.filter(
        state=Plan.State.DRAFT, day__lt=clock.today() - timedelta(days=KEPT_DAYS), next=None
    )
    for plan in old.order_by("-made_at")[:_AT_ONCE]:
        try:
            with transaction.atomic():
                SolveRun.objects.filter(plan=plan).delete()
                plan.delete()
        except ProtectedError:
            continue


TICKS = (fail_lost_runs, forget_drafts)
