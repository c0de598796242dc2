"""Errors as RFC 9457 problem details: `application/problem+json` with one clear sentence."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"
_SCHEMA = {"$ref": "#/components/schemas/Problem"}
_WHEN = {
    400: "The cursor is not one of ours, or belongs to other filters.",
    401: "The token is missing, or not valid.",
    403: "The token lacks the scope.",
    404: "There is no such thing.",
    406: "No such kind of answer is offered.",
    412: "The thing is not in the version that `If-Match` names.",
    413: "The body is too large.",
    422: "A parameter is unknown, or its value is not allowed.",
    429: "Too many requests; `Retry-After` says when to come back.",
    503: "Something that the answer needs is away; try again later.",
}


class Problem(BaseModel):
    """What went wrong, after RFC 9457."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Unprocessable Content",
                    "status": 422,
                    "detail": "query parameter limit='900': must be a whole number from 1 to 500",
                    "instance": "/v1/events",
                }
            ]
        }
    )

    type: str = Field(description="Kind of problem; `about:blank`: the status says it all.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="HTTP status code.")
    detail: str = Field(description="One sentence per problem: what, where, what is allowed.")
    instance: str = Field(description="The path that was asked for.")


def problem_response(
    status: int, detail: str, instance: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Returns the response for one problem."""
    problem = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=instance,
    )
    return JSONResponse(problem.model_dump(), status, headers, media_type=MEDIA_TYPE)


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Returns the OpenAPI declarations of the problems a route may answer with."""
    content = {MEDIA_TYPE: {"schema": _SCHEMA}}
    return {status: {"description": _WHEN[status], "content": content} for status in statuses}


GUARDED = declared(401, 403, 429)
"""What any route that asks for a scope may answer with."""
