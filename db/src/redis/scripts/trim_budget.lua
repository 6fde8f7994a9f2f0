-- trim_budget: forget budgets that have refilled, one part of the hash after the other.
-- KEYS: event
-- ARGV: cursor limit
-- OUTCOMES: trimmed event.loading
-- REPLY: extras = how many, the cursor of the next part (0 after the last)
local cursor, limit = unpack(ARGV)
-- @include event now reply when_open budget

local part = redis.call('HSCAN', BUDGET, cursor, 'COUNT', tonumber(limit))
local fields, full = part[2], {}
for at = 1, #fields, 2 do
  local size = string.sub(fields[at], 1, 6) == 'owner:' and policy.owner_budget or policy.address_budget
  if level_of(fields[at + 1], size) == 0 then
    full[#full + 1] = fields[at]
  end
end
for _, field in ipairs(full) do
  redis.call('HDEL', BUDGET, field)
end
return reply('trimmed', '', '', { int(#full), part[1] })
