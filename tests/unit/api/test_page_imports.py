"""Which scripts come with a document: all that its view imports, and no more."""

from __future__ import annotations

from services.api.page_edition import Editions
from services.api.page_files import FOLDER, MEDIA_TYPES, VIEWS, document, view_of
from services.api.page_imports import scripts_of

FILES = {
    "app.js": b'// import "./no.js";\nimport { a } from "./a.js";\nimport "./b/c.js";\n',
    "a.js": b'import {\n  d,\n} from "./b/d.js";\nconst later = import("./later.js");\n',
    "b/c.js": b'export { d } from "./d.js";\nimport { a } from "../a.js";\n',
    "b/d.js": b'export const d = "./no.js";\n',
    "later.js": b"",
    "no.js": b"",
}


def test_all_that_is_imported_is_found_once_and_the_nearest_first() -> None:
    assert scripts_of(FILES, "app.js") == ("app.js", "a.js", "b/c.js", "b/d.js")
    assert scripts_of(FILES, "b/d.js", "absent.js") == ("b/d.js",)


def test_the_views_of_the_addresses_are_those_of_the_routes() -> None:
    routes = (FOLDER / "routes.js").read_text()
    for address, (view, one) in VIEWS.items():
        end = f'view: "{view}", one: "{one}" }}' if one else f'view: "{view}" }}'
        assert any(f'path: "/{address}"' in line and end in line for line in routes.splitlines())
        assert view_of(f"/{address}") == view_of(f"/{address}/") == view
        assert view_of(f"/{address}/x") == one
    assert (view_of("/"), view_of("/elsewhere")) == ("live", "")


def test_a_document_names_the_scripts_of_its_view_with_the_version() -> None:
    edition = Editions(FOLDER, frozenset(MEDIA_TYPES)).now()
    for path, own, others in (
        ("/", "views/live/event_row.js", "views/events/row.js"),
        ("/events", "views/events/row.js", "views/live/event_row.js"),
        ("/events/5f0c", "charts/curve/layers.js", "views/events/facet.js"),
    ):
        text = document(edition, path).decode()
        base = f"/pages/{edition.version}"
        assert text.count(f'<link rel="modulepreload" href="{base}/{own}">') == 1
        assert text.count(f'<link rel="modulepreload" href="{base}/app.js">') == 1
        assert others not in text
        assert text.count('"/pages/') == text.count(f'"{base}/')
