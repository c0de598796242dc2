-- Adds each entry whose position is the writer's last + 1, so that each is in the stream once.
-- KEYS stream, position; ARGV first position, then per entry: device, session, sequence, flags, body.
-- Returns the writer's last position.
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local position = tonumber(ARGV[1])
for i = 2, #ARGV, 5 do
  if position == last + 1 then
    redis.call('XADD', KEYS[1], '*', 'device', ARGV[i], 'session', ARGV[i + 1], 'sequence', ARGV[i + 2],
      'flags', ARGV[i + 3], 'body', ARGV[i + 4])
    redis.call('SET', KEYS[2], integer(position))
    last = position
  end
  position = position + 1
end
return last
