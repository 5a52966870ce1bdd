"""The round up to its panel: opened, filled in by agencies, proven, verified."""
