-- One pending entry becomes a dead letter (no body, no sound), and a tombstone in the target.
-- KEYS source, dead, attempts [, target, totals, state, parked]; ARGV group, entry id, topic, reason,
-- dead_limit, device, session, sequence, flags, context_bytes, park_limit, ttl_s, ended_ttl_s.
-- Device is empty when the entry has no readable fields: then nobody can wait for it either.
if not is_pending(KEYS[1], ARGV[1], ARGV[2]) then
  redis.call('HDEL', KEYS[3], ARGV[2])
  return 'GONE'
end
local outcome = 'DONE'
if KEYS[4] and ARGV[6] ~= '' then
  local k = {source = KEYS[1], target = KEYS[4], totals = KEYS[5], state = KEYS[6], parked = KEYS[7]}
  local o = {group = ARGV[1], device = ARGV[6], session = ARGV[7], context_bytes = tonumber(ARGV[10]),
    park_limit = tonumber(ARGV[11]), ttl_s = ARGV[12], ended_ttl_s = ARGV[13]}
  outcome = hand_off(k, o, {id = ARGV[2], sequence = tonumber(ARGV[8]),
    flags = with(with(with(ARGV[9], 'gap'), 'tombstone'), 'poison'), body = '', codes = ''})
  if outcome == 'PARK_FULL' then return outcome end
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', 'topic', ARGV[3], 'group', ARGV[1],
  'origin', ARGV[2], 'reason', ARGV[4], 'device', ARGV[6], 'session', ARGV[7], 'sequence', ARGV[8],
  'flags', ARGV[9])
redis.call('HDEL', KEYS[3], ARGV[2])
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return outcome
