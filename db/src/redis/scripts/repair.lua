-- repair: the reconciler sets one seat right, if it is still as it was seen. Confirming holds are left alone.
-- KEYS: event
-- ARGV: seat seen next_holder trail
-- OUTCOMES: repaired repair.stale hold.confirming seats.invalid event.loading
-- REPLY: extras = the present holder on repair.stale; `ended|<id>|<owner>|revoked`
local seat, seen, next_holder, trail = unpack(ARGV)
-- @include event now reply when_open split hold_record write_seat budget charge end_hold seat_list append lose_seat

local list, wrong = seat_list(seat, 1)
if not list or #list == 0 then
  return reply(wrong or 'seats.invalid')
end
local holder = redis.call('HGET', SEATS, seat) or ''
if holder ~= seen then
  return reply('repair.stale', '', '', { holder })
end
local id = string.sub(seen, 3)
local h = string.sub(seen, 1, 1) == 'h' and read_hold(id)
if h and h.status == 'confirming' then
  return reply('hold.confirming')
end

local ended, extras = {}, {}
local before = seen == '' and '-' or (string.gsub(seen, '^([hb]):', '%1='))
if h then
  lose_seat(id, h, seat, trail, ended)
  before = '-'
end
local after = next_holder == '' and '-' or (string.gsub(next_holder, '^b:', 'b='))
if before ~= after then
  write_seat(seat, next_holder)
  append('repair', 'repaired', { seat .. ':' .. before .. ':' .. after }, '', '', trail)
end
for _, gone in ipairs(ended) do
  extras[#extras + 1] = 'ended|' .. gone
end
return reply('repaired', '', '', extras)
