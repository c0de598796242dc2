"""What the server tells about its models, read with the official messages and with our client."""

from __future__ import annotations

import numpy as np

from earshot.serving.api import ModelState
from earshot.serving.signature import TensorSpec


def test_signature_is_the_saved_one_when_the_official_client_asks(official, channel, bundles):
    request = official.metadata.GetModelMetadataRequest(metadata_field=["signature_def"])
    request.model_spec.name = "demo"
    reply = official.prediction_stub(channel).GetModelMetadata(request, timeout=30)
    assert (reply.model_spec.name, reply.model_spec.version.value) == ("demo", 2)

    signatures = official.metadata.SignatureDefMap()
    assert reply.metadata["signature_def"].Unpack(signatures)  # checks the type_url
    content = (bundles / "second" / "saved_model.pb").read_bytes()
    graph = official.saved_model.SavedModel.FromString(content).meta_graphs[0]
    assert dict(signatures.signature_def) == {
        "serving_default": graph.signature_def["serving_default"]
    }


def test_signature_has_types_and_shapes_when_our_client_asks(client):
    metadata = client.metadata("demo", version=2)
    assert metadata.version == 2
    signature = metadata.signatures["serving_default"]
    assert signature.inputs == {
        "embeddings": TensorSpec(np.dtype(np.uint8), (None, None, 128)),
        "num_frames": TensorSpec(np.dtype(np.int32), (None,)),
    }
    assert {name: len(spec.shape or ()) for name, spec in signature.outputs.items()} == {
        "scores": 2,
        "patch_scores": 3,
    }


def test_state_of_each_version_is_told_when_the_official_client_asks(official, channel):
    request = official.status.GetModelStatusRequest()
    request.model_spec.name = "demo"
    (status,) = (
        official.model_stub(channel).GetModelStatus(request, timeout=30).model_version_status
    )
    assert status.version == 2
    assert status.state == official.status.ModelVersionStatus.AVAILABLE
    assert (status.status.error_code, status.status.error_message) == (0, "")


def test_state_of_one_version_is_told_when_it_is_named(official, channel, client):
    request = official.status.GetModelStatusRequest()
    request.model_spec.name = "plain"
    request.model_spec.version.value = 1
    reply = official.model_stub(channel).GetModelStatus(request, timeout=30)
    assert [each.version for each in reply.model_version_status] == [1]
    assert client.status("plain") == [(1, ModelState.AVAILABLE)]
