"""What has to be known of each SDK. As data: the names are those of its own documentation."""

from dataclasses import dataclass

OPENAI_PARAMETERS = frozenset({
    "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens",
    "max_tokens", "messages", "metadata", "modalities", "model", "n", "parallel_tool_calls", "prediction",
    "presence_penalty", "prompt_cache_key", "reasoning_effort", "response_format", "safety_identifier", "seed",
    "service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools",
    "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
})  # fmt: skip

TOGETHER_PARAMETERS = frozenset({
    "chat_template_kwargs", "compliance", "context_length_exceeded_behavior", "echo", "frequency_penalty",
    "function_call", "logit_bias", "logprobs", "max_tokens", "messages", "min_p", "model", "n", "presence_penalty",
    "reasoning", "reasoning_effort", "repetition_penalty", "response_format", "safety_model", "seed", "stop",
    "stream", "temperature", "tool_choice", "tools", "top_k", "top_p",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sdk:
    """`own_path` is the part of the address that it adds by itself, before /chat/completions."""

    package: str
    client: str
    base_url: str
    parameters: frozenset[str]
    own_path: str = ""

    def reaches(self, base_url: str) -> bool:
        return base_url.endswith(self.own_path)

    def base_url_to_name(self, base_url: str) -> str:
        """What its client must be told to call this address. Empty if it calls it unasked."""
        return "" if base_url == self.base_url else base_url.removesuffix(self.own_path)


PYTHON_OPENAI = Sdk("openai", "OpenAI", "https://api.openai.com/v1", OPENAI_PARAMETERS)
PYTHON_TOGETHER = Sdk(
    "together", "Together", "https://api.together.ai/v1", TOGETHER_PARAMETERS, own_path="/v1"
)
TYPESCRIPT_OPENAI = Sdk("openai", "OpenAI", "https://api.openai.com/v1", OPENAI_PARAMETERS)
TYPESCRIPT_TOGETHER = Sdk("together-ai", "Together", "https://api.together.ai/v1", TOGETHER_PARAMETERS)
# What SDKs that insist on a key are told where none is asked for.
NO_KEY = "none"
