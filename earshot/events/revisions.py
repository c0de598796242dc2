"""What is known about an open event, written down as the next revision of a `SoundEvent`."""

from __future__ import annotations

from dataclasses import dataclass

from earshot.events.event import SCENE_CATEGORY, EndReason, EventState, SoundEvent, event_id
from earshot.events.open_event import OpenEvent


@dataclass(slots=True)
class Revisions:
    """Gives out the revisions of one session's events.

    Attributes:
        device_id: The device.
        session_id: The run of the device's source.
        taxonomy_hash: Of the taxonomy under which the open events began.
        models: name@version of the embedder and the model that gave the newest scores.
    """

    device_id: str
    session_id: str
    taxonomy_hash: str
    models: tuple[str, ...] = ()

    def id_of(self, event: OpenEvent) -> str:
        """Returns the event's id, which differs for a scene and a label of the same name."""
        is_scene = event.category == SCENE_CATEGORY
        name = f"{SCENE_CATEGORY}\x00{event.label}" if is_scene else event.label
        return event_id(self.device_id, self.session_id, name, event.onset_sample)

    def give_out(
        self,
        event: OpenEvent,
        state: EventState,
        end_reason: EndReason = EndReason.NONE,
        gap_reason: str = "",
    ) -> SoundEvent:
        """Returns the event's next revision."""
        event.revision += 1
        return SoundEvent(
            event_id=self.id_of(event),
            revision=event.revision,
            state=state,
            device_id=self.device_id,
            session_id=self.session_id,
            site="",
            label=event.label,
            category=event.category,
            priority=event.priority,
            onset_sample=event.onset_sample,
            offset_sample=event.offset_sample,
            onset_at_ns=event.onset_at_ns,
            offset_at_ns=event.offset_at_ns,
            peak_score=event.peak_score,
            mean_score=event.mean_score,
            level_dbfs=event.level_dbfs,
            scene=event.scene,
            suppressed_by=event.suppressed_by,
            models=self.models,
            taxonomy_hash=self.taxonomy_hash,
            end_reason=end_reason,
            gap_reason=gap_reason,
            quiet_samples=event.quiet_samples,
        )
