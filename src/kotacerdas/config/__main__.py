"""`python -m kotacerdas.config`: what `./run` hands over to."""

import sys

from kotacerdas.config.cli import main

sys.exit(main(sys.argv[1:]))
