"""The box round Indonesia, in WGS 84 degrees."""

LAT_SOUTH, LAT_NORTH, LNG_WEST, LNG_EAST = -11.5, 6.5, 94.5, 141.5
