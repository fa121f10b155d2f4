"""The request parameters. PURE.

parameters    the one list, of which form, validation, request body and panel are made
parameter     what each says of itself
typed         from what a person types to a value, and back
encoding      what a value becomes in a request, dialect by dialect
request       all that is set, in a request
reading_back  from a request to what was set
"""

from .parameter import Parameter
from .parameters import BY_NAME, PARAMETERS
from .reading_back import settings_in
from .request import contradiction, parameter_behind, payload

__all__ = [
    "BY_NAME",
    "PARAMETERS",
    "Parameter",
    "contradiction",
    "parameter_behind",
    "payload",
    "settings_in",
]
