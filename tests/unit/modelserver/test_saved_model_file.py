import pytest

from earshot.serving.v1 import predict_pb2 as pb
from earshot.serving.v1.saved_model_pb2 import MetaGraphDef, SavedModel
from services.modelserver.errors import LoadError, ModelRejected
from services.modelserver.saved_model_file import openvino_signature, read_signature_defs


def write(folder, *names):
    signatures = {name: pb.SignatureDef(method_name=name) for name in names}
    saved = SavedModel(meta_graphs=[MetaGraphDef(signature_def=signatures)])
    (folder / "saved_model.pb").write_bytes(saved.SerializeToString())


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["serving_default"], "serving_default"),
        (["serving_default", "other", "__saved_model_init_op"], "serving_default"),
        (["only", "__saved_model_init_op"], "only"),
    ],
)
def test_default_or_sole_signature_is_openvinos_when_read(tmp_path, names, chosen):
    write(tmp_path, *names)
    signatures = read_signature_defs(tmp_path)
    assert openvino_signature(tmp_path, signatures) == signatures[chosen].method_name == chosen


def test_every_signature_but_tensorflows_own_is_read(tmp_path):
    write(tmp_path, "b", "a", "__saved_model_init_op")
    assert sorted(read_signature_defs(tmp_path)) == ["a", "b"]


def test_rejection_names_the_signatures_when_none_is_the_default(tmp_path):
    write(tmp_path, "b", "a")
    with pytest.raises(ModelRejected, match="no signature serving_default; it has a, b"):
        openvino_signature(tmp_path, read_signature_defs(tmp_path))


def test_load_error_when_the_file_is_cut_short(tmp_path):
    write(tmp_path, "serving_default")
    path = tmp_path / "saved_model.pb"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(LoadError, match="not a SavedModel, or not complete"):
        read_signature_defs(tmp_path)


def test_load_error_when_the_file_is_empty_or_absent(tmp_path):
    with pytest.raises(LoadError, match=r"saved_model\.pb: No such file"):
        read_signature_defs(tmp_path)
    (tmp_path / "saved_model.pb").touch()
    with pytest.raises(LoadError, match="it has none"):
        read_signature_defs(tmp_path)
