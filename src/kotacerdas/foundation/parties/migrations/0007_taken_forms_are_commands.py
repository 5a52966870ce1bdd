"""Forms that were taken stand in the room of commands now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_sealed_at_rest"), ("commands", "0001_initial")]
    operations = [migrations.DeleteModel(name="TakenForm")]
