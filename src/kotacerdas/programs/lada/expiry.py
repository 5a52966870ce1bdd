"""What comes up by itself: goods with a device are looked at."""

from kotacerdas.programs.lada.watching import watch_goods

TICKS = (watch_goods,)
