-- Removes what the owner group has acknowledged. A guest group holds entries back only while they
-- are younger than its retention; without an owner, age alone decides.
-- KEYS stream, totals; ARGV owner (may be empty), oldest id that guests may still hold back.
-- Returns {entries removed, guest, entries removed before it read them, guest, ...}.
if redis.call('EXISTS', KEYS[1]) == 0 then return {0} end
local limit = ARGV[1] == '' and ARGV[2] or nil
local guests = {}
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #info, 2 do group[info[i]] = info[i + 1] end
  local floor = after(group['last-delivered-id'])
  if group.pending > 0 then floor = redis.call('XPENDING', KEYS[1], group.name)[2] end
  if group.name == ARGV[1] then
    limit = floor
  else
    guests[#guests + 1] = {name = group.name, floor = floor}
  end
end
if not limit then return {0} end -- the owner has not come yet: everything is unread
if ARGV[1] ~= '' then
  for _, guest in ipairs(guests) do
    local held = is_before(guest.floor, ARGV[2]) and ARGV[2] or guest.floor
    if is_before(held, limit) then limit = held end
  end
end
-- The newest entry that goes: who reads without a group asks whether it has missed any.
local gone
if is_before('0-0', limit) then
  gone = redis.call('XREVRANGE', KEYS[1], '(' .. limit, '-', 'COUNT', 1)[1]
end
-- In steps from guest to guest, so that each step's count tells what the guests behind it lose.
table.sort(guests, function(a, b) return is_before(a.floor, b.floor) end)
local removed, answer, lost = 0, {0}, {}
for i, guest in ipairs(guests) do
  if not is_before(guest.floor, limit) then break end
  local step = redis.call('XTRIM', KEYS[1], 'MINID', guest.floor)
  for j = 1, i - 1 do lost[j] = lost[j] + step end
  lost[i] = 0
  removed = removed + step
end
local step = redis.call('XTRIM', KEYS[1], 'MINID', limit)
for i = 1, #lost do lost[i] = lost[i] + step end
removed = removed + step
if removed > 0 then
  local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  local trimmed = redis.call('HGET', KEYS[2], 'added') or '0'
  if first then
    for i = 1, #first[2], 2 do
      if first[2][i] == 'at_byte' then trimmed = first[2][i + 1] end
    end
  end
  redis.call('HSET', KEYS[2], 'trimmed', trimmed, 'removed', gone[1])
end
answer[1] = removed
for i = 1, #lost do
  if lost[i] > 0 then
    redis.call('HINCRBY', KEYS[2], 'past:' .. guests[i].name, lost[i])
    answer[#answer + 1] = guests[i].name
    answer[#answer + 1] = lost[i]
  end
end
return answer
