-- commit: Cosmos has the booking; Redis follows. Takes seats from holds, never from another booking.
-- KEYS: event alarm
-- ARGV: hold_id owner seats quote trail
-- OUTCOMES: booked repaired replayed event.loading
-- REPLY: the booked hold; extras = `ended|<id>|<owner>|revoked`, `conflict|<seat>` (another booking has it: for the reconciler)
local hold_id, owner, seats, quote, trail = unpack(ARGV)
-- @include event now reply when_open split without hold_record write_seat free_seats budget charge end_hold append lose_seat

local h, line = read_hold(hold_id)
if h and (h.status == 'booked' or h.status == 'rejected' or h.status == 'cancelled') then
  return reply('replayed', hold_id, line)
end
local live = h ~= nil and (h.status == 'held' or h.status == 'confirming')
h = h or {
  owner = owner, extensions = 0, placed = now, deadline = now, rev = 1, idem = '', begun = '0', sent = '0', ops = '',
  seats = '', address = '', charged = 0,
}

-- Own seats become booked; a merely held seat is taken from its hold, whose record says so first.
local mine, theirs = 'h:' .. hold_id, 'b:' .. hold_id
local changes, extras, ended = {}, {}, {}
for _, seat in ipairs(split(seats, ',')) do
  local holder = redis.call('HGET', SEATS, seat) or '-'
  local kind, before = string.sub(holder, 1, 1), holder
  if kind == 'h' and holder ~= mine then
    local other = read_hold(string.sub(holder, 3))
    if other and other.status == 'held' then
      lose_seat(string.sub(holder, 3), other, seat, trail, ended)
      before = '-'
    else
      before = 'h=' .. string.sub(holder, 3)
    end
  elseif kind == 'h' then
    before = 'h'
  end
  if kind == 'b' and holder ~= theirs then
    extras[#extras + 1] = 'conflict|' .. seat
  elseif holder ~= theirs then
    write_seat(seat, theirs)
    changes[#changes + 1] = seat .. ':' .. before .. ':b'
  end
end
free_seats(without(split(h.seats, ','), split(seats, ',')), mine, changes)

h.seats, h.quote = seats, quote
local booked_line = end_hold(hold_id, h, 'booked')
redis.call('DEL', ALARM)
append(live and 'commit' or 'repair', 'booked', changes, hold_id, h.owner, trail)
for _, gone in ipairs(ended) do
  extras[#extras + 1] = 'ended|' .. gone
end
return reply(live and 'booked' or 'repaired', hold_id, booked_line, extras)
