-- A hold reaches its one end: out of the owner's basket and the due index, kept for replays until it is trimmed.
-- A full Redis refuses a script whose first write may grow; seats must come back all the same, so what shrinks goes first.
local function end_hold(id, h, status)
  h.status = status
  local line = format_hold(h)
  redis.call('ZREM', OWNED, h.owner .. '/' .. id)
  redis.call('ZREM', DUE, id)
  redis.call('HSET', HOLDS, id, line)
  redis.call('ZADD', ENDED, int(now), id)
  return line
end
