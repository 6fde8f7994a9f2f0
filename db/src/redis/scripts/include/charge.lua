-- Charges seat-ms to budgets as they were just read; a negative amount gives back, never below nothing.
local function charge(budgets, seat_ms)
  local written = {}
  for at, b in ipairs(budgets) do
    written[2 * at - 1], written[2 * at] = b.field, int(math.max(0, b.level + seat_ms)) .. '|' .. int(now)
  end
  if #written > 0 and seat_ms ~= 0 then
    redis.call('HSET', BUDGET, unpack(written))
  end
end
