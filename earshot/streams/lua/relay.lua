-- Adds each entry whose position is above the writer's last, so that each is in the stream once, and
-- none unless the writer has come as far as the position before them.
-- KEYS stream, position; ARGV first position, position before it, then per entry: device, session,
-- sequence, flags, body.
-- Returns the writer's last position.
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local position, before = tonumber(ARGV[1]), tonumber(ARGV[2])
if last < before then return last end
for i = 3, #ARGV, 5 do
  if position > last then
    redis.call('XADD', KEYS[1], '*', 'device', ARGV[i], 'session', ARGV[i + 1], 'sequence', ARGV[i + 2],
      'flags', ARGV[i + 3], 'body', ARGV[i + 4])
    redis.call('SET', KEYS[2], integer(position))
    last = position
  end
  position = position + 1
end
return last
