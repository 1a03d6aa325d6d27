"""The version of flowsim.

Modules read it here, not from the package. With an editable installation, a folder
``flowsim`` in the current directory, such as a checkout in another project, may hide the
package's own file ``__init__.py``.
"""

__version__ = "0.1.0"
