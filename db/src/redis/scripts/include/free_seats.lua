-- Frees the seats whose holder is still `mine` (compare-and-set) and lists the changes for the feed.
local function free_seats(seats, mine, changes)
  local code = string.sub(mine, 1, 1)
  for _, seat in ipairs(seats) do
    if redis.call('HGET', SEATS, seat) == mine then
      write_seat(seat, '')
      changes[#changes + 1] = seat .. ':' .. code .. ':-'
    end
  end
  return changes
end
