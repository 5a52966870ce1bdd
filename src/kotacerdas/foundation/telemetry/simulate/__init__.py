"""Devices that are not there: they report over real MQTT, with faults on demand. For the demo and for trying."""
