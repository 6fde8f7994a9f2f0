-- load_begin: start a new life of the event: fresh epoch, empty map, closed until load_end.
-- KEYS: event
-- ARGV: token chart_hash seats sale_state version rules
-- OUTCOMES: begun event.open load.taken policy.invalid
-- `rules` is the policy, `field=value,...`. A loading whose last part is older than 30 s is taken over.
local token, chart_hash, seats, sale_state, version, rules = unpack(ARGV)
-- @include event now reply policy_bounds

if epoch ~= '0' and not loading then
  return reply('event.open')
end
if loading and loading ~= token and now - tonumber(redis.call('HGET', META, 'loadedAt')) < 30000 then
  return reply('load.taken')
end
if loading == token then
  return reply('begun')
end
local given = parse_policy(rules)
if not given then
  return reply('policy.invalid')
end

redis.call('UNLINK', MAP, SEATS, HOLDS, OWNED, DUE, ENDED, IDEM, FEED, BUDGET)
epoch = int(math.max(tonumber(epoch) + 1, time[1] * 1000000 + time[2]))
offset, chain = 0, '0000000000000000'
redis.call('HSET', META, 'loading', token, 'loadedAt', int(now), 'epoch', epoch, 'offset', '0', 'chain', chain, 'shift', int(shift),
  'clock', epoch .. '.0', 'sweptAt', '0', 'chartHash', chart_hash, 'seatCount', seats, 'sale', sale_state, 'version', version)
for field, value in pairs(given) do
  redis.call('HSET', META, field, int(value))
end
redis.call('SETRANGE', MAP, tonumber(seats) - 1, '\0')
return reply('begun')
