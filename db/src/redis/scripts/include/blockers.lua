-- Who stands on these seats: `seat:state:mine` for each taken one, the overdue holds among them, and whether any is not overdue.
local STATES = { h = '1', b = '2', x = '3' }

local function find_blockers(seats, owner, stale)
  local taken, alive, seen = {}, false, {}
  for _, id in ipairs(stale) do
    seen[id] = true
  end
  local holders = #seats > 0 and redis.call('HMGET', SEATS, unpack(seats)) or {}
  for at, holder in ipairs(holders) do
    if holder then
      local id = string.sub(holder, 3)
      local h = holder ~= 'x' and read_hold(id)
      local mine = h and h.owner == owner and '1' or '0'
      taken[#taken + 1] = seats[at] .. ':' .. STATES[string.sub(holder, 1, 1)] .. ':' .. mine
      if string.sub(holder, 1, 1) == 'h' and h and overdue(h) then
        if not seen[id] then
          seen[id] = true
          stale[#stale + 1] = id
        end
      else
        alive = true
      end
    end
  end
  return taken, stale, alive
end
