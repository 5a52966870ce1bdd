from django.db import migrations, models
from django.db.models import Q


def fill(apps, _editor):
    """What counts already: even when received, accepted, or evened by a late load; and the one fall of each difference."""
    manifests = apps.get_model("gopal", "Manifest").objects
    differences = apps.get_model("gopal", "SludgeDifference").objects
    counts = Q(received_l=None) | Q(decision="accepted") | Q(decision="", case__closed_at__isnull=False)
    counting = Q(difference=None) | Q(difference__in=differences.filter(counts).values("case"))
    manifests.filter(counting, state="received").update(is_complete=True)
    for one in differences.exclude(fell_at=None).exclude(fell_until=None):
        one.falls = [[one.fell_at.isoformat(), one.fell_until.isoformat(), one.fell_l or 0]]
        one.save(update_fields=["falls"])


class Migration(migrations.Migration):
    dependencies = [("gopal", "0006_refused_litres")]
    operations = [
        migrations.AddField(
            model_name="manifest",
            name="is_complete",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="sludgedifference",
            name="falls",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
