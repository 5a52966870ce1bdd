"""What the serving role may do: what followers count is read alone, and observations are never deleted by it."""

READ_ONLY = (
    "telemetry_minute",
    "telemetry_hour",
    "telemetry_day",
    "telemetry_latest",
    "telemetry_cursor",
    "telemetry_rulestate",
    "telemetry_retention",
)
FOLLOW = dict.fromkeys(
    (
        "telemetry_minute",
        "telemetry_hour",
        "telemetry_day",
        "telemetry_latest",
        "telemetry_cursor",
        "telemetry_rulestate",
    ),
    "SELECT, INSERT, UPDATE, DELETE",
)
