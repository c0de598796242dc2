"""Where training data and models lie unless an option says otherwise."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = REPOSITORY.parent / "shared" / "data"

# Between the steps of a training: not shipped.
ANCHOR = REPOSITORY / "build" / "anchor" / "1"
DEVELOPMENT = REPOSITORY / "build" / "development"

MODELS = REPOSITORY / "models"
EMBEDDER = MODELS / "vggish-compact" / "1"
BUNDLE = MODELS / "earshot-default" / "1"

TAXONOMY = REPOSITORY / "config" / "taxonomy.yaml"
