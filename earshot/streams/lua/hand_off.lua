-- One pending entry becomes one result in the target, in order and once, and is acknowledged.
-- KEYS source, target, totals, state, parked, attempts; ARGV group, entry id, device, session,
-- context_bytes, park_limit, ttl_s, ended_ttl_s, sequence, flags, body, codes.
local k = {source = KEYS[1], target = KEYS[2], totals = KEYS[3], state = KEYS[4], parked = KEYS[5]}
local o = {group = ARGV[1], device = ARGV[3], session = ARGV[4], context_bytes = tonumber(ARGV[5]),
  park_limit = tonumber(ARGV[6]), ttl_s = ARGV[7], ended_ttl_s = ARGV[8]}
if not is_pending(k.source, o.group, ARGV[2]) then
  redis.call('HDEL', KEYS[6], ARGV[2])
  return 'GONE'
end
local outcome = hand_off(k, o,
  {id = ARGV[2], sequence = tonumber(ARGV[9]), flags = ARGV[10], body = ARGV[11], codes = ARGV[12]})
if outcome == 'PARK_FULL' then return outcome end
redis.call('HDEL', KEYS[6], ARGV[2])
redis.call('XACK', k.source, o.group, ARGV[2])
return outcome
