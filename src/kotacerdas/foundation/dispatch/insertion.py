"""Puts a task into a route at the best place, with an unloading where the vehicle would be too full."""
