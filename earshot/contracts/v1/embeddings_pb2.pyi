from earshot.contracts.v1 import header_pb2 as _header_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Embeddings(_message.Message):
    __slots__ = ("header", "embedding_space", "embedder", "level_dbfs")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_SPACE_FIELD_NUMBER: _ClassVar[int]
    EMBEDDER_FIELD_NUMBER: _ClassVar[int]
    LEVEL_DBFS_FIELD_NUMBER: _ClassVar[int]
    header: _header_pb2.Header
    embedding_space: str
    embedder: str
    level_dbfs: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, header: _Optional[_Union[_header_pb2.Header, _Mapping]] = ..., embedding_space: _Optional[str] = ..., embedder: _Optional[str] = ..., level_dbfs: _Optional[_Iterable[float]] = ...) -> None: ...
