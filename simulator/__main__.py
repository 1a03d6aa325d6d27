"""``python -m flowsim`` is the ``flowsim`` command."""

from .entry import main

main()
