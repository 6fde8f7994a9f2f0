-- Seats of a request: whole numbers of this event, ascending, no doubles. Returns the list, or the refusal's name.
local function seat_list(text, most)
  local seats = split(text, ',')
  if #seats > most then
    return nil, 'seats.too-many'
  end
  local before = -1
  for _, seat in ipairs(seats) do
    local index = string.match(seat, '^%d+$') and tonumber(seat)
    if not index or index <= before or index >= seat_count or int(index) ~= seat then
      return nil, 'seats.invalid'
    end
    before = index
  end
  return seats
end
