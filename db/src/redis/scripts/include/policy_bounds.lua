-- Inclusive bounds of an event's policy, as in `policy.ts`; the last chance to refuse what the edge let through.
local BOUNDS = {
  holdTtlMs = { 5000, 3600000 }, extendMs = { 1000, 3600000 }, maxExtensions = { 0, 100 },
  maxTotalMs = { 5000, 3600000 }, maxSeats = { 1, 40 },
  ownerBudgetMs = { 0, 10000000000 }, addressBudgetMs = { 0, 1000000000000 }, budgetRefillMs = { 1000, 604800000 },
}

local function parse_policy(text)
  local given = {}
  for field, value in string.gmatch(text, '(%a+)=(%d+)') do
    given[field] = tonumber(value)
  end
  for field, bounds in pairs(BOUNDS) do
    local value = given[field]
    if not value or value < bounds[1] or value > bounds[2] then
      return nil
    end
  end
  return given.maxTotalMs >= given.holdTtlMs and given or nil
end
