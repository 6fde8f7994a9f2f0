-- Budgets of unbought seat-time, in seat-ms, of an owner and of an address; `machine/budget.ts` tells their story.
local function level_of(value, size)
  local level, at = string.match(value or '0|0', '^(%d+)|(%d+)$')
  local leaked = math.floor(math.max(0, now - tonumber(at)) * size / policy.refill)
  return math.max(0, tonumber(level) - leaked)
end

local function budgets_of(owner, address)
  local fields, budgets = {}, {}
  local function add(whose, size, hash)
    if size > 0 and hash ~= '' then
      fields[#fields + 1] = whose .. ':' .. hash
      budgets[#budgets + 1] = { whose = whose, size = size, field = fields[#fields] }
    end
  end
  add('owner', policy.owner_budget, string.sub(redis.sha1hex(owner), 1, 16))
  add('address', policy.address_budget, address)
  local values = #fields > 0 and redis.call('HMGET', BUDGET, unpack(fields)) or {}
  for at, budget in ipairs(budgets) do
    budget.level = level_of(values[at], budget.size)
  end
  return budgets
end
