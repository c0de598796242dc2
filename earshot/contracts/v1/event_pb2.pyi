from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EventState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVENT_STATE_UNSPECIFIED: _ClassVar[EventState]
    EVENT_STATE_STARTED: _ClassVar[EventState]
    EVENT_STATE_UPDATED: _ClassVar[EventState]
    EVENT_STATE_ENDED: _ClassVar[EventState]

class EndReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    END_REASON_UNSPECIFIED: _ClassVar[EndReason]
    END_REASON_QUIET: _ClassVar[EndReason]
    END_REASON_GAP: _ClassVar[EndReason]
    END_REASON_SESSION_END: _ClassVar[EndReason]
    END_REASON_MAX_DURATION: _ClassVar[EndReason]
    END_REASON_TAXONOMY_CHANGED: _ClassVar[EndReason]
    END_REASON_SOURCE_GONE: _ClassVar[EndReason]

class Granularity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GRANULARITY_UNSPECIFIED: _ClassVar[Granularity]
    GRANULARITY_CLIP: _ClassVar[Granularity]
    GRANULARITY_SEGMENT: _ClassVar[Granularity]
    GRANULARITY_FRAME: _ClassVar[Granularity]

class Origin(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORIGIN_UNSPECIFIED: _ClassVar[Origin]
    ORIGIN_MODEL: _ClassVar[Origin]
    ORIGIN_HUMAN: _ClassVar[Origin]
EVENT_STATE_UNSPECIFIED: EventState
EVENT_STATE_STARTED: EventState
EVENT_STATE_UPDATED: EventState
EVENT_STATE_ENDED: EventState
END_REASON_UNSPECIFIED: EndReason
END_REASON_QUIET: EndReason
END_REASON_GAP: EndReason
END_REASON_SESSION_END: EndReason
END_REASON_MAX_DURATION: EndReason
END_REASON_TAXONOMY_CHANGED: EndReason
END_REASON_SOURCE_GONE: EndReason
GRANULARITY_UNSPECIFIED: Granularity
GRANULARITY_CLIP: Granularity
GRANULARITY_SEGMENT: Granularity
GRANULARITY_FRAME: Granularity
ORIGIN_UNSPECIFIED: Origin
ORIGIN_MODEL: Origin
ORIGIN_HUMAN: Origin

class SoundEvent(_message.Message):
    __slots__ = ("event_id", "revision", "state", "device_id", "session_id", "site", "label", "category", "priority", "onset_sample", "offset_sample", "onset_at_ns", "offset_at_ns", "peak_score", "mean_score", "level_dbfs", "scene", "suppressed_by", "models", "taxonomy_hash", "granularity", "origin", "end_reason", "gap_reason", "quiet_samples")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    ONSET_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    OFFSET_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    ONSET_AT_NS_FIELD_NUMBER: _ClassVar[int]
    OFFSET_AT_NS_FIELD_NUMBER: _ClassVar[int]
    PEAK_SCORE_FIELD_NUMBER: _ClassVar[int]
    MEAN_SCORE_FIELD_NUMBER: _ClassVar[int]
    LEVEL_DBFS_FIELD_NUMBER: _ClassVar[int]
    SCENE_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_BY_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    TAXONOMY_HASH_FIELD_NUMBER: _ClassVar[int]
    GRANULARITY_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    END_REASON_FIELD_NUMBER: _ClassVar[int]
    GAP_REASON_FIELD_NUMBER: _ClassVar[int]
    QUIET_SAMPLES_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    revision: int
    state: EventState
    device_id: str
    session_id: str
    site: str
    label: str
    category: str
    priority: str
    onset_sample: int
    offset_sample: int
    onset_at_ns: int
    offset_at_ns: int
    peak_score: float
    mean_score: float
    level_dbfs: float
    scene: str
    suppressed_by: str
    models: _containers.RepeatedScalarFieldContainer[str]
    taxonomy_hash: str
    granularity: Granularity
    origin: Origin
    end_reason: EndReason
    gap_reason: str
    quiet_samples: int
    def __init__(self, event_id: _Optional[str] = ..., revision: _Optional[int] = ..., state: _Optional[_Union[EventState, str]] = ..., device_id: _Optional[str] = ..., session_id: _Optional[str] = ..., site: _Optional[str] = ..., label: _Optional[str] = ..., category: _Optional[str] = ..., priority: _Optional[str] = ..., onset_sample: _Optional[int] = ..., offset_sample: _Optional[int] = ..., onset_at_ns: _Optional[int] = ..., offset_at_ns: _Optional[int] = ..., peak_score: _Optional[float] = ..., mean_score: _Optional[float] = ..., level_dbfs: _Optional[float] = ..., scene: _Optional[str] = ..., suppressed_by: _Optional[str] = ..., models: _Optional[_Iterable[str]] = ..., taxonomy_hash: _Optional[str] = ..., granularity: _Optional[_Union[Granularity, str]] = ..., origin: _Optional[_Union[Origin, str]] = ..., end_reason: _Optional[_Union[EndReason, str]] = ..., gap_reason: _Optional[str] = ..., quiet_samples: _Optional[int] = ...) -> None: ...
