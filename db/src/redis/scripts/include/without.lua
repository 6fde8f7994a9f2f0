-- The members of `list` that are not in `other`, in their order.
local function without(list, other)
  local known, rest = {}, {}
  for _, member in ipairs(other) do
    known[member] = true
  end
  for _, member in ipairs(list) do
    if not known[member] then
      rest[#rest + 1] = member
    end
  end
  return rest
end
