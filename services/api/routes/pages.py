"""The pages: one document at every page's address, and the files it is made of."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from services.api.page_files import ADDRESSES, page, page_file

router = APIRouter(include_in_schema=False)


@router.get("/pages/{name:path}")
async def get_page_file(name: str, request: Request) -> Response:
    """Sends a file of the pages; from memory, so it needs none of the threads for queries."""
    answer = page_file(request, name)
    if answer is None:
        raise HTTPException(404, "no file of the pages is here")
    return answer


def get_page(request: Request) -> Response:
    """Sends the document; its script draws what the address says."""
    return page(request)


for _first in ADDRESSES:
    router.add_api_route(f"/{_first}", get_page, response_class=Response)
    router.add_api_route(f"/{_first}/{{rest:path}}", get_page)
