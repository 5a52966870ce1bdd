"""What happens when nobody fetches a book in time."""

from toy.library.actions import loan_lapse
from toy.library.lifecycles import KIND

EXPIRES = {(KIND, "lapse"): loan_lapse}
