"""The pages of devices, alerts and rules. They hold no rule."""
