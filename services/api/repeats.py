"""A query parameter that means one value must not be given two: nobody could say which counts."""

from __future__ import annotations

from collections import Counter

from fastapi import HTTPException, Request

from services.api.problem_handlers import parameter_schemas


async def refuse_repeats(request: Request) -> None:
    """Refuses what is given twice, unless it is a list.

    Raises:
        HTTPException: 422; names the parameters.
    """
    times = Counter(name for name, _ in request.query_params.multi_items())
    repeated = [name for name, count in times.items() if count > 1]
    if not repeated:
        return
    schemas = parameter_schemas(request)
    single = [name for name in repeated if schemas.get(name, {}).get("type", "array") != "array"]
    single += [name for name in repeated if "anyOf" in schemas.get(name, {})]
    if single:
        sentences = (f"query parameter {name}: may be given once" for name in single)
        raise HTTPException(422, "; ".join(sentences))
