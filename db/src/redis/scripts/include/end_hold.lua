-- A hold reaches its one end: out of the owner's basket and the due index, kept for replays until it is trimmed.
local function end_hold(id, h, status)
  h.status = status
  local line = format_hold(h)
  redis.call('HSET', HOLDS, id, line)
  redis.call('ZADD', ENDED, int(now), id)
  redis.call('ZREM', OWNED, h.owner .. '/' .. id)
  redis.call('ZREM', DUE, id)
  return line
end
