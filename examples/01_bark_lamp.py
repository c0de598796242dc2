"""Blink a lamp whenever a dog barks: a consumer of the events, in 15 lines."""

from earshot.events.event import EventState, SoundEvent
from earshot.streams import consumer
from earshot.topics import EVENTS


@consumer(EVENTS, group="bark-lamp")
def bark_lamp(event: SoundEvent) -> None:
    if event.label == "Dog" and event.state is EventState.STARTED and event.peak_score >= 0.5:
        print(f"blink: {event.device_id} {event.peak_score:.2f}")


if __name__ == "__main__":
    bark_lamp.run()
