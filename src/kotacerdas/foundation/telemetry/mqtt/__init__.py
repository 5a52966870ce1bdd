"""MQTT 3.1.1 and 5: a codec that does no input or output, and the server over it."""
