-- unblock: put blocked seats back on sale; others are left as they are.
-- KEYS: event
-- ARGV: seats chart_hash trail
-- OUTCOMES: unblocked chart.changed seats.invalid seats.too-many event.loading
-- REPLY: extras = `changed|<seat>`
local seats, chart_hash, trail = unpack(ARGV)
-- @include event now reply when_open split write_seat seat_list append

if chart ~= chart_hash then
  return reply('chart.changed')
end
local list, wrong = seat_list(seats, 2000)
if not list then
  return reply(wrong)
end
local changes, extras = {}, {}
for _, seat in ipairs(list) do
  if redis.call('HGET', SEATS, seat) == 'x' then
    write_seat(seat, '')
    changes[#changes + 1] = seat .. ':x:-'
    extras[#extras + 1] = 'changed|' .. seat
  end
end
if #changes > 0 then
  append('unblock', 'unblocked', changes, '', '', trail)
end
return reply('unblocked', '', '', extras)
