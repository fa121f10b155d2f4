"""Serves an ASGI application under daphne or uvicorn, as the playground is served."""

from typing import Any


def serve(application: Any, server: str, port: str) -> None:
    {"daphne": under_daphne, "uvicorn": under_uvicorn}[server](application, int(port))


def under_daphne(application: Any, port: int) -> None:
    from daphne.endpoints import build_endpoint_description_strings
    from daphne.server import Server

    endpoints = build_endpoint_description_strings(host="127.0.0.1", port=port)
    Server(application, endpoints, verbosity=0).run()


def under_uvicorn(application: Any, port: int) -> None:
    import uvicorn

    uvicorn.run(
        application,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        ws_per_message_deflate=False,
    )
