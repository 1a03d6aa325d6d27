"""``python -m flowsim`` is the ``flowsim`` command."""

from .commands import main

main()
