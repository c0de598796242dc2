from earshot.contracts.v1 import header_pb2 as _header_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Prediction(_message.Message):
    __slots__ = ("header", "model", "num_classes", "scores", "patch_scores", "level_dbfs", "embedder")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    PATCH_SCORES_FIELD_NUMBER: _ClassVar[int]
    LEVEL_DBFS_FIELD_NUMBER: _ClassVar[int]
    EMBEDDER_FIELD_NUMBER: _ClassVar[int]
    header: _header_pb2.Header
    model: str
    num_classes: int
    scores: bytes
    patch_scores: bytes
    level_dbfs: _containers.RepeatedScalarFieldContainer[float]
    embedder: str
    def __init__(self, header: _Optional[_Union[_header_pb2.Header, _Mapping]] = ..., model: _Optional[str] = ..., num_classes: _Optional[int] = ..., scores: _Optional[bytes] = ..., patch_scores: _Optional[bytes] = ..., level_dbfs: _Optional[_Iterable[float]] = ..., embedder: _Optional[str] = ...) -> None: ...
