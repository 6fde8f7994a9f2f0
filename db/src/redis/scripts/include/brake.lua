-- How much of its time and seats a hold of `wanted` seats gets (1, a half, a quarter), and why none, if none.
local function brake(budgets, wanted)
  local half, quarter = math.ceil(policy.max_seats / 2), math.ceil(policy.max_seats / 4)
  local divisor, most, wait, whose = 1, policy.max_seats, 0, ''
  for _, b in ipairs(budgets) do
    if b.level >= b.size then
      divisor, most = 4, 0
    elseif b.level * 4 > b.size * 3 then
      divisor, most = 4, math.min(most, quarter)
    elseif b.level * 2 > b.size then
      divisor, most = math.max(divisor, 2), math.min(most, half)
    end
    -- The highest level at which so many seats are granted, and how long it takes to leak down to it.
    local enough = wanted <= quarter and b.size - 1 or math.floor(b.size * (wanted <= half and 3 or 2) / 4)
    local longer = math.ceil(math.max(0, b.level - enough) * policy.refill / b.size)
    if longer > wait then
      wait, whose = longer, b.whose
    end
  end
  return divisor, wait > 0 and { int(most), int(wait), whose } or nil
end
