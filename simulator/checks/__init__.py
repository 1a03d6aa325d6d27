"""``flowsim check``: the catalogue of checks, what a check sends, sees and says, and the run.

The YAML files are the catalogue, one file a group; ``no_check.yaml`` says what no check can find.
No reports here: they are made elsewhere.
"""
