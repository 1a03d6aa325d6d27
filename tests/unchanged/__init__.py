"""What users see today, recorded in ``recorded/``: it stays the same while modules move.

A test runs a public command, or calls the served API, and compares what comes with its recorded
file. Times, ports, random ids and signatures of new keys are replaced first, where they differ
from run to run.

A test never records by itself. After an intended change, record anew and read the difference::

    FLOWSIM_RECORD=1 pytest tests/unchanged
    git diff tests/unchanged/recorded

Each recorded file is then reported as a skipped test. ``recorded/data`` is never recorded anew: it
is a data folder of the version before the move. ``data_folder.py`` says how it was made.
The keys in ``recorded/keys`` are for tests only, so that signatures are the same in every run.
"""
