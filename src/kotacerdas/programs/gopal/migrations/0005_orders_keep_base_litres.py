"""An order keeps the litres that its price is for, so that a tariff that changes later changes no extra charge."""

from typing import Any

from django.db import migrations, models


def fill(apps: Any, _schema: Any) -> None:
    """The litres of the row that priced an order; where it is gone, the cubic metres begun of what was ordered."""
    rows = apps.get_model("gopal", "TariffRow").objects
    for order in apps.get_model("gopal", "Order").objects.iterator():
        row = rows.filter(
            valid_from=order.tariff_from,
            tank_class=order.tank_class,
            from_m__lte=order.distance_m,
            to_m__gt=order.distance_m,
        ).first()
        order.base_l = row.base_l if row is not None else -(-order.litres // 1000) * 1000
        order.save(update_fields=["base_l"])


class Migration(migrations.Migration):
    dependencies = [
        ("gopal", "0004_why_it_was_received"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="base_l",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
