-- What an end changes in the budgets: booking gives all back, cancelling a booking takes it again, the rest of
-- any other live hold was never used. The hold remembers what it was charged.
local function settle(h, status)
  if status == 'booked' or h.status == 'booked' then
    return status == 'booked' and -h.charged or h.charged
  end
  local live = h.status == 'held' or h.status == 'confirming'
  local rest = live and math.min(h.charged, #split(h.seats, ',') * math.max(0, h.deadline - now)) or 0
  h.charged = h.charged - rest
  return -rest
end

-- A hold reaches its one end: out of the owner's basket and the due index, kept for replays until it is trimmed.
-- A full Redis refuses a script whose first write may grow; seats must come back all the same, so what shrinks goes first.
local function end_hold(id, h, status)
  local owed = settle(h, status)
  h.status = status
  local line = format_hold(h)
  redis.call('ZREM', OWNED, h.owner .. '/' .. id)
  redis.call('ZREM', DUE, id)
  redis.call('HSET', HOLDS, id, line)
  redis.call('ZADD', ENDED, int(now), id)
  charge(owed ~= 0 and budgets_of(h.owner, h.address) or {}, owed)
  return line
end
