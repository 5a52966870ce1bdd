"""OGC SensorThings 1.1 over devices: read with query options, and create. Source: OGC 18-088, part 1 version 1.1."""
