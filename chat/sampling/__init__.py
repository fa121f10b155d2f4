"""The request parameters. PURE.

parameters    the one list, of which form, validation, request body and panel are made
typed         from what a person types to a value, and back
reading_back  from a request to what was set
"""

from .parameters import BY_NAME, PARAMETERS, Parameter, contradiction, parameter_behind, payload
from .reading_back import settings_in

__all__ = [
    "BY_NAME",
    "PARAMETERS",
    "Parameter",
    "contradiction",
    "parameter_behind",
    "payload",
    "settings_in",
]
