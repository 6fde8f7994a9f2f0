-- cancel: Cosmos has cancelled the booking; its seats come free, and no late commit brings it back.
-- KEYS: event alarm
-- ARGV: hold_id owner seats trail
-- OUTCOMES: cancelled recorded replayed event.loading
-- REPLY: the present hold
local hold_id, owner, seats, trail = unpack(ARGV)
-- @include event now reply when_open split hold_record write_seat free_seats budget charge end_hold append

local h, line = read_hold(hold_id)
if h and (h.status == 'cancelled' or h.status == 'rejected') then
  return reply('replayed', hold_id, line)
end
local live = h and (h.status == 'held' or h.status == 'confirming' or h.status == 'booked')
h = h or {
  owner = owner, deadline = now, rev = 1, extensions = 0, placed = now, seats = seats, quote = '::',
  idem = '', begun = '0', sent = '0', ops = '', address = '', charged = 0,
}

local changes = {}
free_seats(split(h.seats, ','), 'h:' .. hold_id, changes)
free_seats(split(h.seats, ','), 'b:' .. hold_id, changes)
local ended = end_hold(hold_id, h, 'cancelled')
redis.call('DEL', ALARM)
if live or #changes > 0 then
  append('cancel', 'cancelled', changes, hold_id, h.owner, trail)
end
return reply(live and 'cancelled' or 'recorded', hold_id, ended)
