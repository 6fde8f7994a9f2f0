-- release: the owner gives the seats back, overdue or not.
-- KEYS: event alarm
-- ARGV: hold_id owner rev trail
-- OUTCOMES: released replayed hold.unknown hold.booked hold.confirming hold.changed event.loading
-- REPLY: the present hold except on hold.unknown
local hold_id, owner, rev, trail = unpack(ARGV)
-- @include event now reply when_open split hold_record write_seat free_seats budget charge end_hold append

local h, line = read_hold(hold_id)
if not h or h.owner ~= owner then
  return reply('hold.unknown')
end
if h.status == 'booked' or h.status == 'confirming' then
  return reply('hold.' .. h.status, hold_id, line)
end
if h.status ~= 'held' then
  return reply('replayed', hold_id, line)
end
if rev ~= '' and h.rev ~= tonumber(rev) then
  return reply('hold.changed', hold_id, line)
end

local ended = end_hold(hold_id, h, 'released')
redis.call('DEL', ALARM)
append('release', 'released', free_seats(split(h.seats, ','), 'h:' .. hold_id, {}), hold_id, owner, trail)
return reply('released', hold_id, ended)
