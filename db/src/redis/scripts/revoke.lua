-- revoke: an operator ends a hold that is not on its way to a booking.
-- KEYS: event alarm
-- ARGV: hold_id trail
-- OUTCOMES: revoked replayed hold.unknown hold.booked hold.confirming event.loading
-- REPLY: the present hold except on hold.unknown
local hold_id, trail = unpack(ARGV)
-- @include event now reply when_open split hold_record write_seat free_seats budget charge end_hold append

local h, line = read_hold(hold_id)
if not h then
  return reply('hold.unknown')
end
if h.status == 'booked' or h.status == 'confirming' then
  return reply('hold.' .. h.status, hold_id, line)
end
if h.status ~= 'held' then
  return reply('replayed', hold_id, line)
end

local ended = end_hold(hold_id, h, 'revoked')
redis.call('DEL', ALARM)
append('revoke', 'revoked', free_seats(split(h.seats, ','), 'h:' .. hold_id, {}), hold_id, h.owner, trail)
return reply('revoked', hold_id, ended)
