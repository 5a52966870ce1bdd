"""The sealed, append-only record of every action: audit trail and fact table in one."""
