"""Clock, chance, event loop, defaults and the limits of the system."""
