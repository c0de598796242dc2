"""SavedModels that OpenVINO rejects, in process: which runtime takes them, and what it gives."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from services.modelserver.errors import (
    InferenceFailed,
    InvalidInput,
    LoadError,
    Retired,
    SignatureNotFound,
)
from services.modelserver.loaded_version import LoadedVersion
from services.modelserver.loading import load_version
from tests.integration.modelserver.saved_models import save_sparse

MEANS = np.random.default_rng(4).normal(size=(3, 4)).astype(np.float32)
IDS = [b"dog", b"\xff\x00", b""]


@pytest.fixture
def examples(official):
    """Three serialised examples, as bytes in an object array."""
    tf = official.tf
    rows = []
    for mean, name in zip(MEANS, IDS, strict=True):
        example = tf.train.Example()
        example.features.feature["mean"].float_list.value.extend(mean.tolist())
        example.features.feature["id"].bytes_list.value.append(name)
        rows.append(example.SerializeToString())
    return np.array(rows, object)


@pytest.mark.parametrize(
    ("bundle", "runtime"),
    [("both", "openvino"), ("examples", "tensorflow"), ("nameless", "tensorflow")],
)
def test_tensorflow_takes_what_openvino_rejects_when_loaded(fallbacks, bundle, runtime):
    version = LoadedVersion(fallbacks / bundle)
    assert (version.runtime, version.precision) == (runtime, "f32")


def test_both_runtimes_give_the_same_scores_when_signatures_share_weights(fallbacks, examples):
    version = LoadedVersion(fallbacks / "both")
    dense = version.model("serving_default").run({"mean": MEANS})
    parsed = version.model("examples").run({"example_bytes": examples})
    np.testing.assert_allclose(parsed["scores"], dense["scores"], rtol=0, atol=1e-6)
    assert parsed["scores"].dtype == np.float32


def test_strings_come_out_as_bytes_when_the_model_gives_them(fallbacks, examples):
    model = LoadedVersion(fallbacks / "examples").model("serving_default")
    outputs = model.run({"example_bytes": examples})
    assert outputs["video_id"].dtype == np.dtype(object)
    assert outputs["video_id"].tolist() == IDS
    assert model.run({"example_bytes": examples[:0]})["video_id"].shape == (0,)


def test_scores_equal_openvinos_when_tensorflow_runs_a_frame_level_model(fallbacks, bundles, codes):
    inputs = codes(4, 12)
    ours = LoadedVersion(bundles / "first").model("serving_default").run(inputs)
    theirs = LoadedVersion(fallbacks / "frames").model("serving_default").run(inputs)
    for name, scores in ours.items():
        np.testing.assert_allclose(theirs[name], scores, rtol=0, atol=1e-5)


def test_invalid_input_says_why_when_the_model_refuses_the_values(fallbacks):
    model = LoadedVersion(fallbacks / "examples").model("serving_default")
    with pytest.raises(InvalidInput, match="Feature: id .* is required but could not"):
        model.run({"example_bytes": np.array([b"broken"], object)})
    with pytest.raises(InvalidInput, match=r'"example_bytes": expected string \[\?\]'):
        model.run({"example_bytes": MEANS})


def test_signature_is_not_found_when_the_model_has_none_of_this_name(fallbacks):
    version = LoadedVersion(fallbacks / "nameless")
    assert version.model("dense").run({"mean": MEANS})["scores"].shape == (3, 3)
    with pytest.raises(SignatureNotFound, match='key "serving_default" not found'):
        version.model("serving_default")


@pytest.fixture
def sparse(official, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        save_sparse(official.tf, tmp_path / "sparse")
    return tmp_path / "sparse"


def test_inference_fails_when_an_output_is_no_array(sparse):
    version = load_version(sparse, "f32", 1)  # zeros fail as well, which stops nothing
    assert version.runtime == "tensorflow"
    model = version.model("serving_default")
    with pytest.raises(InferenceFailed, match="AttributeError: 'SparseTensor' object"):
        model.run({"x": MEANS})


def test_signature_is_not_found_when_it_is_one_of_another_graph(sparse):
    version = LoadedVersion(sparse)
    assert version.signature_defs.keys() == {"serving_default"}
    with pytest.raises(SignatureNotFound):
        version.model("train")


def test_tensorflow_does_not_load_a_version_when_it_has_retired(fallbacks):
    version = LoadedVersion(fallbacks / "both")
    version.close()
    with pytest.raises(Retired):
        version.model("examples")


def test_both_reasons_are_told_when_neither_runtime_can_run_it(fallbacks, tmp_path):
    broken = shutil.copytree(fallbacks / "examples", tmp_path / "broken")
    graph = broken / "saved_model.pb"
    graph.write_bytes(graph.read_bytes().replace(b"ParseExampleV2", b"ParseExampleXX"))
    with pytest.raises(LoadError, match="OpenVINO rejects .*ParseExampleXX; .*TensorFlow cannot"):
        LoadedVersion(broken)


def test_one_thread_computes_when_tensorflow_runs_a_version(fallbacks):
    """In a process of its own: TensorFlow takes threads once."""
    script = (
        "import sys; from pathlib import Path;"
        "from services.modelserver.loaded_version import LoadedVersion;"
        "before = 'tensorflow' in sys.modules;"
        "LoadedVersion(Path(sys.argv[1]), 'f32', 1);"
        "threading = sys.modules['tensorflow'].config.threading;"
        "print(before, threading.get_intra_op_parallelism_threads(),"
        " threading.get_inter_op_parallelism_threads())"
    )
    command = [sys.executable, "-c", script, str(fallbacks / "frames")]
    repository = Path(__file__).parents[3]
    done = subprocess.run(
        command, cwd=repository, check=True, capture_output=True, text=True, timeout=100
    )
    assert done.stdout.split() == ["False", "1", "1"]
