-- load_begin: start a new life of the event: fresh epoch, empty map, closed until load_end.
-- KEYS: event
-- ARGV: token chart_hash seat_count sale version policy
-- OUTCOMES: begun event.open load.taken
-- `policy` is `field=value,...` for the head. An open event is refused, unless it is a draft whose chart was replaced.
local token, chart_hash, seat_count, sale, version, policy = unpack(ARGV)
-- @include event now reply

local present = redis.call('HMGET', META, 'sale', 'chartHash', 'loadedAt')
if epoch ~= '0' and not loading and not (present[1] == 'draft' and present[2] ~= chart_hash) then
  return reply('event.open')
end
if loading and loading ~= token and now - tonumber(present[3]) < 30000 then
  return reply('load.taken')
end
if loading == token then
  return reply('begun')
end

redis.call('UNLINK', MAP, SEATS, HOLDS, OWNED, DUE, ENDED, IDEM, FEED, BUDGET)
epoch = int(math.max(tonumber(epoch) + 1, time[1] * 1000000 + time[2]))
offset, chain = 0, '0000000000000000'
redis.call('HSET', META, 'loading', token, 'loadedAt', int(now), 'epoch', epoch, 'offset', '0', 'chain', chain, 'shift', int(shift),
  'sweptAt', '0', 'chartHash', chart_hash, 'seatCount', seat_count, 'sale', sale, 'version', version)
for field, value in string.gmatch(policy, '(%a+)=(%d+)') do
  redis.call('HSET', META, field, value)
end
redis.call('SETRANGE', MAP, tonumber(seat_count) - 1, '\0')
return reply('begun')
