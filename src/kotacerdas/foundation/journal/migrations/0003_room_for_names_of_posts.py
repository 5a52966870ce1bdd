from django.db import migrations, models


class Migration(migrations.Migration):
    """The actor's column holds the longest `post:<AGENCY>.<code>`."""

    dependencies = [("journal", "0002_rows_never_change")]

    operations = [
        migrations.AlterField(model_name="row", name="actor", field=models.CharField(max_length=100)),
    ]
