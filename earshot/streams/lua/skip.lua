-- Goes on without sequences that can no longer come: the group has nothing pending that is older
-- than the session's first parked entry. Each missing one becomes a tombstone.
-- KEYS source, target, totals, state, parked; ARGV group, device, session, context_bytes,
-- park_limit, ttl_s, ended_ttl_s, skip_limit. Returns how many were skipped.
local k = {source = KEYS[1], target = KEYS[2], totals = KEYS[3], state = KEYS[4], parked = KEYS[5]}
local o = {group = ARGV[1], device = ARGV[2], session = ARGV[3], context_bytes = tonumber(ARGV[4]),
  park_limit = tonumber(ARGV[5]), ttl_s = ARGV[6], ended_ttl_s = ARGV[7]}
local member = o.device .. ' ' .. o.session
local waiting_id = redis.call('HGET', k.parked, member)
if not waiting_id then return 0 end
local pending = redis.call('XPENDING', k.source, o.group)
if pending[1] > 0 and is_before(pending[2], waiting_id) then return 0 end
local first = first_parked(k)
if not first then -- the state expired: what was parked is gone with it
  redis.call('HDEL', k.parked, member)
  return 0
end
local skipped = 0
local next = redis.call('HGET', k.state, 'next')
if next then
  local last = math.min(first, tonumber(next) + tonumber(ARGV[8])) - 1
  for sequence = tonumber(next), last do
    emit(k, o, {sequence = sequence, flags = 'gap,tombstone', body = '', codes = ''})
    skipped = skipped + 1
  end
  if last < first - 1 then return skipped end -- the rest in the next round: a script must be short
else
  -- A session that began before the state did: what it starts with follows a gap, nothing is lost here.
  local item = unpark(k, first)
  local packed = cmsgpack.pack({id = item.id, flags = with(item.flags, 'gap'), body = item.body, codes = item.codes})
  redis.call('HSET', k.state, 'p' .. integer(first), packed, 'next', integer(first))
end
release(k, o)
note_parked(k, o)
return skipped
