"""Doors beside MQTT: HTTP in batches, LoRaWAN servers' webhooks, Traccar's position forwarding. One writer behind all."""
