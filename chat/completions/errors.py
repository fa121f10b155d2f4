"""What can go wrong, one class for each thing that a person can act on.

CompletionError
├── Unreachable             no connection: name, port, certificate, or the peer hung up before it answered
├── AddressForbidden        the provider may only be at a public address, and is not
├── TimedOut                a limit of ours passed; `phase` is connect, write, first token, silence or total
├── NotAnApi                something answered, but no such API: a web page, a redirect, a wrong path
│   └── WrongBase           the same, and `suggestion` is a base URL that works
├── KeyRefused              the key is missing, wrong or not allowed
├── OutOfCredit             the account cannot pay
├── ModelUnknown            no such model for this key
├── ParameterRejected       `param` names a parameter that we sent
├── ContextTooLong          the conversation does not fit
├── RequestRefused          any other 4xx
├── RateLimited             too many requests; `retry_after` if the provider said when
├── ProviderFailed          5xx and its kin
├── StreamFailed            an error object inside the stream
├── EmptyAnswer             the provider answered with nothing at all
└── StreamInterrupted       the stream ended before the answer did; what came is right but not all
    ├── AnswerTooLong       ... because we stopped at the size limit
    └── AnswerDamaged       ... because pieces of it could not be read
"""


class CompletionError(Exception):
    """`message` is for a person; `said` is the provider's own text, `body` all of it, with secrets masked.

    `retryable` says whether the same request could succeed later.
    """

    retryable = False

    def __init__(
        self,
        message: str,
        *,
        said: str = "",
        status: int | None = None,
        code: str | None = None,
        param: str | None = None,
        retryable: bool | None = None,
        retry_after: float | None = None,
        request_id: str | None = None,
        body: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.said = said
        self.status = status
        self.code = code
        self.param = param
        self.retry_after = retry_after
        self.request_id = request_id
        # What came in place of an answer.
        self.body = body
        if retryable is not None:
            self.retryable = retryable


class Unreachable(CompletionError):
    retryable = True


class AddressForbidden(CompletionError):
    pass


class TimedOut(CompletionError):
    retryable = True

    def __init__(self, message: str, phase: str) -> None:
        super().__init__(message)
        self.phase = phase


class NotAnApi(CompletionError):
    pass


class WrongBase(NotAnApi):
    def __init__(self, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.suggestion = suggestion


class KeyRefused(CompletionError):
    pass


class OutOfCredit(CompletionError):
    pass


class ModelUnknown(CompletionError):
    pass


class ParameterRejected(CompletionError):
    pass


class ContextTooLong(CompletionError):
    pass


class RequestRefused(CompletionError):
    pass


class RateLimited(CompletionError):
    retryable = True


class ProviderFailed(CompletionError):
    retryable = True


class StreamFailed(CompletionError):
    retryable = True


class EmptyAnswer(CompletionError):
    retryable = True


class StreamInterrupted(CompletionError):
    retryable = True


class AnswerTooLong(StreamInterrupted):
    retryable = False


class AnswerDamaged(StreamInterrupted):
    pass
