-- The keys of one event by name, its head and policy in one read, and what this run writes to the feed.
local META, MAP, SEATS, HOLDS, OWNED, DUE, ENDED, IDEM, FEED, BUDGET, ALARM =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]

-- Lua prints large numbers as 1.7e+12; every number that leaves a script goes through here.
local function int(number)
  return string.format('%.0f', number)
end

local head = redis.call('HMGET', META, 'epoch', 'offset', 'chain', 'shift', 'loading', 'sale', 'chartHash', 'seatCount', 'sweptAt',
  'holdTtlMs', 'extendMs', 'maxExtensions', 'maxTotalMs', 'maxSeats', 'ownerBudgetMs', 'addressBudgetMs', 'budgetRefillMs',
  'clock')
local epoch, chain, loading, sale, chart = head[1] or '0', head[3] or '0000000000000000', head[5], head[6], head[7]
-- How the event's clock is set: `<life>.<times settled>`; '' where an older release loaded the event.
local clock = head[18] or ''
local offset, shift, seat_count = tonumber(head[2] or 0), tonumber(head[4] or 0), tonumber(head[8] or 0)
local policy = {
  hold_ttl = tonumber(head[10]), extend = tonumber(head[11]), max_extensions = tonumber(head[12]),
  max_total = tonumber(head[13]), max_seats = tonumber(head[14]),
  -- An event that was loaded before there were budgets has none.
  owner_budget = tonumber(head[15] or 0), address_budget = tonumber(head[16] or 0), refill = tonumber(head[17] or 1),
}
local entries = {}
