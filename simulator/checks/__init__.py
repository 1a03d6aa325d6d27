"""``flowsim check``: the catalogue of checks, what a check sends, sees and says, and the run.

The six YAML files are the catalogue, one file a group. No reports here: they are made elsewhere.
"""
