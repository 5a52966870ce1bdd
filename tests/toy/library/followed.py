"""How a borrower follows a loan: by secret link, with its slip and the bills of its fines."""

from toy.library.desks import bills
from toy.library.lifecycles import BORROWER, KIND

from kotacerdas.foundation.following.declarations import Following

FOLLOWED = (
    Following(
        kind=KIND,
        acting=(BORROWER.name,),
        template="library/follow.html",
        context=lambda case, _party, _target: {"bills": bills(case)},
        papers=("library.slip",),
        link="library.link",
        first=frozenset({"library.asked"}),
        main_clock="back",
    ),
)
