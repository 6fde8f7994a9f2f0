-- block: take available seats off sale; held ones are listed back, or their holds revoked if asked.
-- KEYS: event
-- ARGV: seats chart_hash revoke_holds trail
-- OUTCOMES: blocked chart.changed seats.invalid seats.too-many event.loading
-- REPLY: extras = `changed|<seat>`, `refused|<seat>:<state>`, `ended|<id>|<owner>|revoked`
local seats, chart_hash, revoke_holds, trail = unpack(ARGV)
-- @include event now reply when_open split hold_record write_seat free_seats budget charge end_hold seat_list append

if chart ~= chart_hash then
  return reply('chart.changed')
end
local list, wrong = seat_list(seats, 2000)
if not list then
  return reply(wrong)
end
local changes, extras = {}, {}
for _, seat in ipairs(list) do
  local holder = redis.call('HGET', SEATS, seat)
  local id = holder and string.sub(holder, 3)
  local h = holder and string.sub(holder, 1, 1) == 'h' and read_hold(id)
  if h and h.status == 'held' and revoke_holds == '1' then
    end_hold(id, h, 'revoked')
    append('revoke', 'revoked', free_seats(split(h.seats, ','), holder, {}), id, h.owner, trail)
    extras[#extras + 1] = 'ended|' .. id .. '|' .. h.owner .. '|revoked'
    holder = false
  end
  if not holder then
    write_seat(seat, 'x')
    changes[#changes + 1] = seat .. ':-:x'
    extras[#extras + 1] = 'changed|' .. seat
  elseif holder ~= 'x' then
    extras[#extras + 1] = 'refused|' .. seat .. ':' .. (string.sub(holder, 1, 1) == 'h' and '1' or '2')
  end
end
if #changes > 0 then
  append('block', 'blocked', changes, '', '', trail)
end
return reply('blocked', '', '', extras)
