"""The numbers a deployment agrees on: every process of it must be started with the same ones."""

from __future__ import annotations

from dataclasses import dataclass

from earshot.streams.topic import Topic, TopicMessage

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Policy:
    """Names, budgets and lifetimes on the broker.

    Attributes:
        key_prefix: What every key begins with.
        partitions: Number of partitions, fixed for a deployment.
        context_bytes: Codes of the patches before that the hand-off keeps: (W - 1) * 128.
        budget_bytes: Bytes that all budgeted streams of all partitions may hold together.
        park_limit: Entries of one session that may wait for a missing sequence.
        state_ttl_s: Life of a session's state after its last hand-off.
        ended_ttl_s: The same once `end_of_session` has passed.
        guest_retention_s: How long an entry waits for guest groups; on a stream without an owner,
            how long it is kept.
        dead_limit: Dead letters kept per partition, about.
        skip_limit: Tombstones written by one call of the skip script.
    """

    key_prefix: str = "earshot:v1"
    partitions: int = 4
    context_bytes: int = 9 * 128
    budget_bytes: int = 512 * 1024 * 1024
    park_limit: int = 1_000
    state_ttl_s: int = 7 * DAY_S
    ended_ttl_s: int = 3_600
    guest_retention_s: float = DAY_S
    dead_limit: int = 10_000
    skip_limit: int = 1_000

    def topic_budget_bytes(self, topic: Topic[TopicMessage]) -> int:
        """Returns what one partition of the topic may hold; 0 when it has no budget."""
        return int(self.budget_bytes * topic.budget_share / self.partitions)

    def target_context_bytes(self, topic: Topic[TopicMessage] | None) -> int:
        """Returns how much context a hand-off into the topic adds."""
        return self.context_bytes if topic is not None and topic.carries_context else 0
