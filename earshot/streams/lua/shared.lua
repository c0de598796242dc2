-- Functions the scripts share; the adapter puts this text before each of them.
-- Every write of one script is exact on its own: when a command fails, what was done before it
-- stands, and the entry is still pending, because XACK comes last.

local ENTRY_COST = 160 -- bytes an entry costs beside its payload (measured on 32 kB and 1 kB entries)

local function has(flags, flag)
  return string.find(',' .. flags .. ',', ',' .. flag .. ',', 1, true) ~= nil
end

local function with(flags, flag)
  if flags == '' then return flag end
  return has(flags, flag) and flags or flags .. ',' .. flag
end

local function integer(number)
  return string.format('%.0f', number)
end

-- '<ms>-<n>' before '<ms>-<n>'
local function is_before(id, other)
  local ms, n = string.match(id, '(%d+)-(%d+)')
  local other_ms, other_n = string.match(other, '(%d+)-(%d+)')
  ms, other_ms = tonumber(ms), tonumber(other_ms)
  return ms < other_ms or (ms == other_ms and tonumber(n) < tonumber(other_n))
end

local function after(id)
  local ms, n = string.match(id, '(%d+)-(%d+)')
  return ms .. '-' .. integer(tonumber(n) + 1)
end

local function cost(fields)
  local bytes = ENTRY_COST
  for i = 2, #fields, 2 do bytes = bytes + #fields[i] end
  return bytes
end

-- Adds an entry and keeps the running total. `at_byte` is the total before the entry, so the
-- first entry left after a trim tells how much was trimmed.
local function add(stream, totals, fields)
  local bytes = cost(fields)
  fields[#fields + 1] = 'at_byte'
  fields[#fields + 1] = redis.call('HGET', totals, 'added') or '0'
  redis.call('XADD', stream, '*', unpack(fields))
  redis.call('HINCRBY', totals, 'added', bytes)
end

-- One stage's hand-off of one session. k: source, target, totals, state, parked;
-- o: group, device, session, context_bytes, park_limit, ttl_s, ended_ttl_s
local function renew(k, o, flags)
  redis.call('EXPIRE', k.state, has(flags, 'end_of_session') and o.ended_ttl_s or o.ttl_s)
end

local function emit(k, o, item)
  if has(item.flags, 'gap') then redis.call('HDEL', k.state, 'context') end
  local fields = {'device', o.device, 'session', o.session, 'sequence', integer(item.sequence),
    'flags', item.flags, 'body', item.body}
  if item.codes ~= '' then
    fields[#fields + 1] = 'codes'
    fields[#fields + 1] = item.codes
  end
  local context = ''
  if o.context_bytes > 0 then
    context = redis.call('HGET', k.state, 'context') or ''
    if item.codes ~= '' then
      fields[#fields + 1] = 'context'
      fields[#fields + 1] = context
    end
    context = string.sub(context .. item.codes, -o.context_bytes)
  end
  add(k.target, k.totals, fields)
  redis.call('HSET', k.state, 'next', integer(item.sequence + 1))
  if o.context_bytes > 0 then redis.call('HSET', k.state, 'context', context) end
  renew(k, o, item.flags)
end

local function unpark(k, sequence)
  local packed = redis.call('HGET', k.state, 'p' .. integer(sequence))
  if not packed then return nil end
  local item = cmsgpack.unpack(packed)
  item.sequence = sequence
  return item
end

local function first_parked(k)
  local first
  for _, field in ipairs(redis.call('HKEYS', k.state)) do
    local sequence = tonumber(string.match(field, '^p(%d+)$'))
    if sequence and (not first or sequence < first) then first = sequence end
  end
  return first
end

-- Notes in the stage's `parked` which entry a session is waiting behind, or that it waits no more.
local function note_parked(k, o)
  local first = first_parked(k)
  local member = o.device .. ' ' .. o.session
  if first then
    redis.call('HSET', k.parked, member, unpark(k, first).id)
  else
    redis.call('HDEL', k.parked, member)
  end
end

-- Emits every parked successor of what was emitted last.
local function release(k, o)
  local next = tonumber(redis.call('HGET', k.state, 'next'))
  local item = unpark(k, next)
  while item do
    emit(k, o, item)
    redis.call('HDEL', k.state, 'p' .. integer(next))
    redis.call('HINCRBY', k.state, 'num_parked', -1)
    next = next + 1
    item = unpark(k, next)
  end
end

local function park(k, o, item)
  local field = 'p' .. integer(item.sequence)
  if redis.call('HEXISTS', k.state, field) == 1 then return 'DUPLICATE' end
  local num_parked = tonumber(redis.call('HGET', k.state, 'num_parked') or '0')
  if num_parked >= o.park_limit then return 'PARK_FULL' end
  local packed = cmsgpack.pack({id = item.id, flags = item.flags, body = item.body, codes = item.codes})
  redis.call('HSET', k.state, field, packed)
  redis.call('HINCRBY', k.state, 'num_parked', 1)
  redis.call('EXPIRE', k.state, o.ttl_s)
  note_parked(k, o)
  return 'PARKED'
end

-- The rule of order: next is emitted, later is parked, earlier is a duplicate.
local function hand_off(k, o, item)
  local next = redis.call('HGET', k.state, 'next')
  -- Without a state only sequence 0 is known to be first; anything else waits to be skipped to.
  next = next and tonumber(next) or 0
  if item.sequence < next then return 'DUPLICATE' end
  if item.sequence > next then return park(k, o, item) end
  emit(k, o, item)
  if tonumber(redis.call('HGET', k.state, 'num_parked') or '0') > 0 then
    release(k, o)
    note_parked(k, o)
  end
  return 'DONE'
end

local function is_pending(stream, group, id)
  return #redis.call('XPENDING', stream, group, id, id, 1) > 0
end
