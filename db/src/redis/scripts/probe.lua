-- probe: may a place by this owner be refused from a caller's own map? Only when nothing else would answer first.
-- KEYS: event
-- ARGV: owner idem_field
-- OUTCOMES: clear known basket overdue event.loading
-- REPLY: nothing more; known = the Idempotency-Key was used, basket = the owner has a live hold, overdue = seats may be about to come free
local owner, idem_field = unpack(ARGV)
-- @include event now reply when_open

if idem_field ~= '' and redis.call('HEXISTS', IDEM, idem_field) == 1 then
  return reply('known')
end
if redis.call('ZRANGEBYLEX', OWNED, '[' .. owner .. '/', '(' .. owner .. '0', 'LIMIT', 0, 1)[1] then
  return reply('basket')
end
local first = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')[2]
if first and tonumber(first) <= now then
  return reply('overdue')
end
return reply('clear')
