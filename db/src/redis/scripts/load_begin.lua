-- load_begin: start a new life of the event: fresh epoch, empty map, closed until load_end.
-- KEYS: event
-- ARGV: token chart_hash seats sale_state version rules
-- OUTCOMES: begun event.open load.taken
-- `rules` is the policy, `field=value,...` for the head. An open event is refused, unless it is a draft whose chart was replaced.
local token, chart_hash, seats, sale_state, version, rules = unpack(ARGV)
-- @include event now reply

if epoch ~= '0' and not loading and not (sale == 'draft' and chart ~= chart_hash) then
  return reply('event.open')
end
if loading and loading ~= token and now - tonumber(redis.call('HGET', META, 'loadedAt')) < 30000 then
  return reply('load.taken')
end
if loading == token then
  return reply('begun')
end

redis.call('UNLINK', MAP, SEATS, HOLDS, OWNED, DUE, ENDED, IDEM, FEED, BUDGET)
epoch = int(math.max(tonumber(epoch) + 1, time[1] * 1000000 + time[2]))
offset, chain = 0, '0000000000000000'
redis.call('HSET', META, 'loading', token, 'loadedAt', int(now), 'epoch', epoch, 'offset', '0', 'chain', chain, 'shift', int(shift),
  'sweptAt', '0', 'chartHash', chart_hash, 'seatCount', seats, 'sale', sale_state, 'version', version)
for field, value in string.gmatch(rules, '(%a+)=(%d+)') do
  redis.call('HSET', META, field, value)
end
redis.call('SETRANGE', MAP, tonumber(seats) - 1, '\0')
return reply('begun')
