"""Indicators, declared by programs as pure functions of journal rows, and the engine that adds them up."""
