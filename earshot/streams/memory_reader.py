"""One consumer of one stage in one partition, in memory. Ids are `<n>-0`, counted per stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from earshot.streams.entry import GAP, POISON, TOMBSTONE, Delivery, Entry
from earshot.streams.memory_broker import Group, Log, MemoryBroker
from earshot.streams.memory_order import Session, emitted
from earshot.streams.port import HandOff, Stage, Tended


class MemoryReader:
    """Implements `Reader`; made by `MemoryStreams.reader`."""

    def __init__(self, broker: MemoryBroker, stage: Stage, partition: int, consumer: str) -> None:
        self._broker, self._stage, self._partition = broker, stage, partition
        self._consumer = consumer

    def join(self) -> None:
        """See `Reader.join`."""
        with self._broker.lock:
            _ = self._group

    def read(self, count: int, block_s: float) -> list[Delivery]:
        """See `Reader.read`. Never waits."""
        del block_s
        with self._broker.lock:
            log, group, now_s = self._log, self._group, self._broker.clock()
            group.consumers[self._consumer] = now_s
            before = max(group.delivered, log.last_removed)
            last = min(before + count, log.last_number)
            numbers = [n for n in range(before + 1, last + 1) if n in log.entries]
            group.delivered = max(group.delivered, last)
            for number in numbers:
                group.hold(number, self._consumer, now_s)
            return [_delivery(log, number) for number in numbers]

    def claim(self, min_idle_s: float, count: int) -> tuple[list[Delivery], int]:
        """See `Reader.claim`."""
        with self._broker.lock:
            log, group, now_s = self._log, self._group, self._broker.clock()
            group.consumers[self._consumer] = now_s
            claimed: list[Delivery] = []
            num_lost = 0
            for number, since_s in sorted(group.pending.items()):
                if len(claimed) == count:
                    break
                if now_s - since_s < min_idle_s:
                    continue
                if number in log.entries:
                    group.hold(number, self._consumer, now_s)
                    claimed.append(_delivery(log, number))
                else:
                    group.finish(number)
                    num_lost += 1
            return claimed, num_lost

    def begin_attempt(self, entry_id: str) -> int:
        """See `Reader.begin_attempt`."""
        with self._broker.lock:
            attempts = self._group.attempts
            attempts[entry_id] = attempts.get(entry_id, 0) + 1
            return attempts[entry_id]

    def withdraw_attempt(self, entry_id: str) -> None:
        """See `Reader.withdraw_attempt`."""
        with self._broker.lock:
            self._group.attempts[entry_id] -= 1

    def hand_off(self, results: Sequence[tuple[str, Entry]]) -> list[HandOff]:
        """See `Reader.hand_off`."""
        with self._broker.lock:
            return [self._hand_off(*result) for result in results]

    def acknowledge(self, entry_ids: Sequence[str]) -> None:
        """See `Reader.acknowledge`."""
        with self._broker.lock:
            for entry_id in entry_ids:
                self._group.finish(_number(entry_id))
                self._group.attempts.pop(entry_id, None)

    def bury(self, delivery: Delivery, reason: str) -> HandOff:
        """See `Reader.bury`. The dead letters are in `MemoryBroker.dead`."""
        with self._broker.lock:
            if _number(delivery.entry_id) not in self._group.pending:
                return HandOff.GONE
            outcome, entry = HandOff.DONE, delivery.entry
            if self._stage.target is not None and entry is not None:
                flags = entry.flags | {GAP, TOMBSTONE, POISON}
                tombstone = replace(entry, flags=flags, body=b"", codes=b"", context=b"")
                outcome = self._hand_off(delivery.entry_id, tombstone)
            if outcome is not HandOff.PARK_FULL:
                self._broker.dead.append((entry, reason))
                self.acknowledge([delivery.entry_id])
            return outcome

    def tend(self) -> Tended:
        """See `Reader.tend`."""
        with self._broker.lock:
            skipped = 0
            if self._stage.target is not None:
                oldest = min(self._group.pending, default=None)
                for (group, _, _), session in self._log.sessions.items():
                    if group == self._stage.group:
                        skipped += session.skip(oldest)
                        self._publish(session)
            if self._stage.source.owner not in {"", self._stage.group}:
                return Tended(skipped)
            removed, past = self._trim()
            return Tended(skipped, removed, past)

    def leave(self) -> None:
        """See `Reader.leave`."""
        with self._broker.lock:
            if self._consumer not in self._group.holders.values():
                self._group.consumers.pop(self._consumer, None)

    @property
    def _log(self) -> Log:
        return self._broker.log(self._stage.source, self._partition)

    @property
    def _group(self) -> Group:
        return self._log.groups[self._stage.group]

    def _hand_off(self, entry_id: str, entry: Entry) -> HandOff:
        if _number(entry_id) not in self._group.pending:
            self._group.attempts.pop(entry_id, None)
            return HandOff.GONE
        who = (entry.device_id, entry.session_id)
        session = self._log.sessions[self._stage.group, *who]
        outcome = session.take(_number(entry_id), entry, self._broker.policy.park_limit)
        if outcome is not HandOff.PARK_FULL:
            self._publish(session)
            self.acknowledge([entry_id])
        return outcome

    def _publish(self, session: Session) -> None:
        assert self._stage.target is not None
        target = self._broker.log(self._stage.target, self._partition)
        context_bytes = self._broker.policy.target_context_bytes(self._stage.target)
        for entry in emitted(session, context_bytes):
            target.add(entry, self._broker.clock())

    def _trim(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        log, owner = self._log, self._stage.source.owner
        floors = {name: group.floor for name, group in log.groups.items()}
        retained_since_s = self._broker.clock() - self._broker.policy.guest_retention_s
        young = (n for n, (since_s, _) in log.entries.items() if since_s >= retained_since_s)
        limit = oldest = min(young, default=log.last_number + 1)
        if owner:
            limit = floors.pop(owner, 0)
            limit = min([limit, *(max(floor, oldest) for floor in floors.values())])
        gone = [number for number in log.entries if number < limit]
        for number in gone:
            log.remove(number)
        lost = {name: sum(1 for n in gone if n >= floor) for name, floor in floors.items()}
        for name, count in lost.items():
            log.groups[name].trimmed_past += count
        return len(gone), tuple((name, count) for name, count in lost.items() if count)


def _delivery(log: Log, number: int) -> Delivery:
    return Delivery(f"{number}-0", log.entries[number][1])


def _number(entry_id: str) -> int:
    return int(entry_id.partition("-")[0])
