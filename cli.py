"""``python cli.py …`` in a checkout is ``flowsim …``; it is not part of the wheel."""

from flowsim.entry import main

if __name__ == "__main__":
    main()
