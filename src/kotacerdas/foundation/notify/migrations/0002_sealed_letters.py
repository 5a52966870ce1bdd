from django.db import migrations, models

from kotacerdas.foundation.notify.models import ADDRESS_LABEL, BODY_LABEL
from kotacerdas.kernel.keyring import keyring


def seal(apps, schema_editor):
    """Letters of before are sealed; their readable words go with the columns."""
    ring = keyring()
    for one in apps.get_model("notify", "OutboxLetter").objects.iterator():
        one.address_sealed = ring.seal(ADDRESS_LABEL, one.id, one.address)
        one.body_sealed = ring.seal(BODY_LABEL, one.id, one.body)
        one.save(update_fields=["address_sealed", "body_sealed"])


class Migration(migrations.Migration):
    dependencies = [("notify", "0001_initial")]

    operations = [
        migrations.AddField(
            "outboxletter", "address_sealed", models.TextField(default=""), preserve_default=False
        ),
        migrations.AddField(
            "outboxletter", "body_sealed", models.TextField(default=""), preserve_default=False
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RemoveField("outboxletter", "address"),
        migrations.RemoveField("outboxletter", "body"),
    ]
