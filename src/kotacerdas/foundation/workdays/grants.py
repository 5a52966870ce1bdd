"""What the serving role may do with the calendar's tables: whoever wrote them would move every due time."""

READ_ONLY = (
    "workdays_almanacpage",
    "workdays_calendarday",
    "workdays_officehours",
    "workdays_season",
    "workdays_trainingclock",
)

SEAL = {"workdays_trainingclock": "SELECT"}
