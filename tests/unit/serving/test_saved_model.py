import pytest

from earshot.serving.errors import BadSavedModel
from earshot.serving.saved_model import read_signature_defs
from earshot.serving.v1 import predict_pb2 as pb
from earshot.serving.v1.saved_model_pb2 import MetaGraphDef, SavedModel


def graph(tags, *names):
    return MetaGraphDef(
        meta_info_def=MetaGraphDef.MetaInfoDef(tags=tags),
        signature_def={name: pb.SignatureDef(method_name=f"{name} of {tags}") for name in names},
    )


def write(folder, *graphs):
    content = SavedModel(meta_graphs=graphs).SerializeToString()
    (folder / "saved_model.pb").write_bytes(content)


def test_every_signature_but_tensorflows_own_is_read(tmp_path):
    write(tmp_path, graph(["serve"], "b", "a", "__saved_model_init_op"))
    assert sorted(read_signature_defs(tmp_path)) == ["a", "b"]


def test_signatures_of_other_graphs_are_left_out_when_there_are_several(tmp_path):
    write(
        tmp_path,
        graph(["train"], "train", "serving_default"),
        graph(["serve", "gpu"], "gpu", "serving_default"),
        graph(["serve"], "serving_default"),
    )
    (signature,) = read_signature_defs(tmp_path).values()
    assert signature.method_name == "serving_default of ['serve']"


def test_a_sentence_says_so_when_no_graph_is_for_serving(tmp_path):
    for graphs in ([], [graph(["serve", "tpu"], "serving_default")], [graph([], "a")]):
        write(tmp_path, *graphs)
        with pytest.raises(BadSavedModel, match="no graph for serving, which has the tag serve"):
            read_signature_defs(tmp_path)


def test_a_sentence_says_so_when_the_file_is_absent_or_cut(tmp_path):
    with pytest.raises(BadSavedModel, match=r"saved_model\.pb: cannot be read \(No such file"):
        read_signature_defs(tmp_path)
    write(tmp_path, graph(["serve"], "serving_default"))
    path = tmp_path / "saved_model.pb"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(BadSavedModel, match="not a SavedModel, or not complete"):
        read_signature_defs(tmp_path)
