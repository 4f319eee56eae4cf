"""`python -m pilotline.config.command` is the same as the installed `pilotline`."""

import sys

from pilotline.config.command import main

sys.exit(main())
