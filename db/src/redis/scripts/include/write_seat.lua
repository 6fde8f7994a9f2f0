-- Writes a seat's holder ('' = available) and its byte in the map together, so that they cannot differ.
local BYTES = { h = '\1', b = '\2', x = '\3' }

local function write_seat(seat, holder)
  if holder == '' then
    redis.call('HDEL', SEATS, seat)
  else
    redis.call('HSET', SEATS, seat, holder)
  end
  redis.call('SETRANGE', MAP, seat, BYTES[string.sub(holder, 1, 1)] or '\0')
end
