"""Turns every error, the framework's and ours, into a problem response."""

from __future__ import annotations

import difflib
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from earshot.allowed import describe_allowed
from earshot.store.errors import BadQuery, StoreUnavailable
from services.api.body_problems import describe_body
from services.api.problems import problem_response

_MAX_ECHO_CHARACTERS = 80
_NOT_PARSED = "There was an error parsing the body"  # the framework's, of what breaks its parser
_log = structlog.get_logger(__name__)


def install_problem_handlers(app: FastAPI) -> None:
    """Makes the app answer with problems only."""

    @app.exception_handler(HTTPException)
    async def refuse(request: Request, error: HTTPException) -> JSONResponse:
        if error.detail == _NOT_PARSED:
            return _problem(request, 422, "the body is no JSON: not UTF-8, or nested too deep")
        return _problem(request, error.status_code, _explain(request, error), error.headers)

    @app.exception_handler(RequestValidationError)
    async def refuse_parameters(request: Request, error: RequestValidationError) -> JSONResponse:
        parameters = parameter_schemas(request)
        members = _body_members(app, request)
        sentences = [
            describe_body(problem, members)
            if problem["loc"][0] == "body"
            else _describe(problem, parameters)
            for problem in error.errors()
        ]
        return _problem(request, 422, "; ".join(sentences))

    @app.exception_handler(BadQuery)
    async def refuse_query(request: Request, error: BadQuery) -> JSONResponse:
        return _problem(request, 400, f"query parameter {error}")

    @app.exception_handler(StoreUnavailable)
    async def wait_for_store(request: Request, error: StoreUnavailable) -> JSONResponse:
        _log.warning("database away", path=request.url.path, reason=str(error))
        detail = (
            "the database cannot answer now; try again in a second, /readyz says what is missing"
        )
        return _problem(request, 503, detail, {"Retry-After": "1"})

    @app.exception_handler(Exception)
    async def admit(request: Request, error: Exception) -> JSONResponse:
        # The server logs the traceback: the framework raises the error again after this answer.
        return _problem(request, 500, "a defect in the api; its log says more")


def shorten(text: str) -> str:
    """Returns what a client sent, quoted and short enough to be part of a sentence."""
    is_long = len(text) > _MAX_ECHO_CHARACTERS
    return repr(text[:_MAX_ECHO_CHARACTERS] + "…" if is_long else text)


def parameter_schemas(request: Request) -> dict[str, dict[str, Any]]:
    """Returns the JSON schemas of the parameters of the route that was asked, by name."""
    path = request.app.openapi()["paths"].get(request.scope["route"].path, {})
    parameters = path.get(request.method.lower(), {}).get("parameters", [])
    return {each["name"]: each["schema"] for each in parameters}


def _problem(request: Request, status: int, detail: str, headers: Any = None) -> JSONResponse:
    return problem_response(status, detail, shorten(request.url.path)[1:-1], headers)


def _explain(request: Request, error: HTTPException) -> str:
    """The routes' own sentence; the framework's bare `Not Found` says too little."""
    path = shorten(request.url.path)
    if error.status_code == 404 and error.detail == "Not Found":
        return f"nothing is at {path}; GET / lists what is here"
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "GET")
        return f"{request.method} is not allowed at {path}; allowed: {allowed}"
    return str(error.detail)


def _body_members(app: FastAPI, request: Request) -> tuple[str, ...]:
    """Names of what the body of the route that was asked may have."""
    document = app.openapi()
    asked = document["paths"].get(request.scope["route"].path, {}).get(request.method.lower(), {})
    content = asked.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    components = document["components"]["schemas"]
    return tuple(components.get(schema.rpartition("/")[2], {}).get("properties", ()))


def _describe(problem: dict[str, Any], parameters: dict[str, dict[str, Any]]) -> str:
    """One sentence for one of pydantic's errors; its `loc` is `("query" or "path", name, …)`."""
    words = problem["msg"].removeprefix("Value error, ")
    if len(problem["loc"]) < 2:
        return str(words)
    kind, name = map(str, problem["loc"][:2])
    if problem["type"] == "extra_forbidden":
        nearest = difflib.get_close_matches(name, parameters, n=1)
        hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(parameters)}"
        return f"there is no {kind} parameter {shorten(name)}; {hint}"
    if problem["type"] == "too_long":
        return f"{kind} parameter {name}: may be given {problem['ctx']['max_length']} times at most"
    if problem["type"] != "value_error":
        words = f"must be {describe_allowed(parameters[name])}"
    return f"{kind} parameter {name}={shorten(str(problem['input']))}: {words}"
