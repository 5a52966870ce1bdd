"""The box round Indonesia, in WGS 84 degrees."""

LAT_SOUTH, LAT_NORTH, LNG_WEST, LNG_EAST = -11.5, 6.5, 94.5, 141.5


def in_indonesia(lat: float, lng: float) -> bool:
    """Whether a position lies in the box round Indonesia."""
    return LAT_SOUTH <= lat <= LAT_NORTH and LNG_WEST <= lng <= LNG_EAST
