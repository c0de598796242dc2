import pytest

from earshot.serving.v1 import predict_pb2 as pb
from earshot.serving.v1.saved_model_pb2 import MetaGraphDef, SavedModel
from services.modelserver.errors import LoadError, ModelRejected
from services.modelserver.saved_model_file import openvino_signature, read_signature_defs


def write(folder, *names):
    signatures = {name: pb.SignatureDef(method_name=name) for name in names}
    info = MetaGraphDef.MetaInfoDef(tags=["serve"])
    saved = SavedModel(meta_graphs=[MetaGraphDef(meta_info_def=info, signature_def=signatures)])
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


def test_rejection_names_the_signatures_when_none_is_the_default(tmp_path):
    write(tmp_path, "b", "a")
    with pytest.raises(ModelRejected, match="no signature serving_default; it has a, b"):
        openvino_signature(tmp_path, read_signature_defs(tmp_path))


def test_load_error_when_there_is_no_file_or_no_signature(tmp_path):
    with pytest.raises(LoadError, match=r"saved_model\.pb: cannot be read \(No such file"):
        read_signature_defs(tmp_path)
    write(tmp_path)
    with pytest.raises(LoadError, match="it has none"):
        read_signature_defs(tmp_path)
