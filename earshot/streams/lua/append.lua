-- A producer adds the next entry of its session.
-- KEYS stream, totals, last; ARGV device, session, sequence, flags, body, codes, budget_bytes
-- (0: none), ttl_s, ended_ttl_s. Returns {answer, next sequence}.
local device, session, sequence, flags = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local last = redis.call('GET', KEYS[3])
if last then
  last = tonumber(last)
  if sequence <= last then return {'DUP', last + 1} end
  if sequence > last + 1 then return {'AHEAD', last + 1} end
elseif sequence > 0 then
  return {'UNKNOWN', 0}
end
local fields = {'device', device, 'session', session, 'sequence', ARGV[3], 'flags', flags, 'body', ARGV[5]}
if ARGV[6] ~= '' then
  fields[#fields + 1] = 'codes'
  fields[#fields + 1] = ARGV[6]
end
local budget_bytes = tonumber(ARGV[7])
if budget_bytes > 0 then
  local totals = redis.call('HMGET', KEYS[2], 'added', 'trimmed')
  local used_bytes = tonumber(totals[1] or '0') - tonumber(totals[2] or '0')
  if used_bytes + cost(fields) > budget_bytes then return {'FULL', sequence} end
end
add(KEYS[1], KEYS[2], fields)
redis.call('SET', KEYS[3], ARGV[3], 'EX', has(flags, 'end_of_session') and ARGV[9] or ARGV[8])
return {'OK', sequence + 1}
