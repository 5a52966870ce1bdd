from django.db import migrations, models


def fill(apps, _editor):
    """What is in the last manifest that follows: the loads went on there."""
    manifests = apps.get_model("gopal", "Manifest").objects
    for refused in manifests.filter(state="refused", refused_l=None):
        last = refused
        while (following := manifests.filter(follows=last).first()) is not None:
            last = following
        refused.refused_l = sum(last.loads.values_list("litres", flat=True))
        refused.save(update_fields=["refused_l"])


class Migration(migrations.Migration):
    dependencies = [("gopal", "0005_orders_keep_base_litres")]
    operations = [
        migrations.AddField(
            model_name="manifest",
            name="refused_l",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
