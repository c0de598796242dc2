import hashlib
import json

import pytest

from earshot.serving.v1 import predict_pb2 as pb
from earshot.serving.v1.saved_model_pb2 import MetaGraphDef, SavedModel
from services.modelserver.bundle import check_num_classes, verify_card
from services.modelserver.errors import LoadError

# As many as the fake model gives scores.
LABELS = "index,mid,display_name\n0,/m/a,A\n1,/m/b,B\n2,/m/c,C\n3,/m/d,D\n"


def saved_model() -> bytes:
    """The signature of a graph that leaves the number of classes open."""
    open_shape = pb.TensorShapeProto(dim=[pb.TensorShapeProto.Dim(size=-1)] * 2)
    info = pb.TensorInfo(dtype=pb.DT_FLOAT, tensor_shape=open_shape)
    signature = pb.SignatureDef(outputs={"scores": info, "patch_scores": info})
    graph = MetaGraphDef(
        meta_info_def=MetaGraphDef.MetaInfoDef(tags=["serve"]),
        signature_def={"serving_default": signature},
    )
    return SavedModel(meta_graphs=[graph]).SerializeToString()


@pytest.fixture
def put(tmp_path):
    """A bundle with labels, a graph and a card that describes them."""

    def write(labels: str = LABELS, **fields: object):
        contents = {"assets/labels.csv": labels.encode(), "saved_model.pb": saved_model()}
        files = []
        for name, content in contents.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            files.append({"path": name, "bytes": len(content), "sha256": digest})
        card = {
            "name": "demo",
            "version": 1,
            "kind": "frame_level",
            "embedding_space": "audioset-vggish-128",
            "num_classes": 4,
            "data": [],
            "metrics": {},
            "command": "none",
            "date": "2026-01-01",
            "files": files,
            **fields,
        }
        (tmp_path / "card.json").write_text(json.dumps(card))
        return tmp_path

    return write


def test_a_directory_without_a_card_of_ours_is_any_saved_model(tmp_path):
    assert verify_card(tmp_path) is None
    (tmp_path / "card.json").write_text('{"title": "of another system"}')
    assert verify_card(tmp_path) is None


def test_nothing_is_raised_when_files_card_and_scores_agree(put, model):
    card = verify_card(put())
    assert card.num_classes == 4
    check_num_classes(card, model)


def test_load_error_when_a_file_is_not_the_one_of_the_card(put):
    folder = put()
    labels = folder / "assets" / "labels.csv"
    labels.write_text(LABELS.replace("B", "b"))
    with pytest.raises(LoadError, match=r"labels\.csv: SHA-256 is .*; the card says"):
        verify_card(folder)
    labels.unlink()
    with pytest.raises(LoadError, match="but the card lists it"):
        verify_card(folder)


def test_load_error_when_the_card_cannot_be_read(put):
    folder = put()
    (folder / "card.json").write_text("{")
    with pytest.raises(LoadError, match=r"card\.json: not JSON"):
        verify_card(folder)


def test_load_error_when_labels_and_card_disagree(put):
    with pytest.raises(LoadError, match=r"labels\.csv: 5 classes; the card says 4"):
        verify_card(put(LABELS + "4,/m/e,E\n"))


def test_load_error_when_the_model_gives_another_number_of_scores(put, model):
    card = verify_card(put(LABELS + "4,/m/e,E\n", num_classes=5))
    with pytest.raises(LoadError, match="4 scores; the card says 5 classes"):
        check_num_classes(card, model)


def test_load_error_when_the_model_gives_no_scores(put, model):
    card = verify_card(put())
    model.run = lambda inputs: {"other": inputs["embeddings"]}
    with pytest.raises(LoadError, match="no scores as its card promises"):
        check_num_classes(card, model)


def test_an_embedders_outputs_are_not_counted(put, model):
    card = verify_card(put(kind="embedder", num_classes=None))
    model.run = None
    check_num_classes(card, model)
