"""What the demo provider refuses, in the form that OpenAI gives its errors."""


class ApiError(Exception):
    """An answer with an error status. `param` names the key of the request that is at fault."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.param = param
        self.code = code

    def body(self) -> dict[str, object]:
        error = {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}
        return {"error": error}


def unsupported(param: str, what: str) -> ApiError:
    return ApiError(f"This model does not support {what}.", param=param, code="unsupported_parameter")
