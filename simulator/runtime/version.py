"""The version of flowsim.

Modules read it here, not from the package. A folder ``flowsim`` in the place where Python is
started, such as a checkout in another project, may hide the package's own file ``__init__.py``
when flowsim is installed in editable mode.
"""

__version__ = "0.1.0"
