-- snapshot: the whole map and the position it belongs to, read together.
-- KEYS: event
-- ARGV:
-- OUTCOMES: taken event.loading
-- REPLY: extras = map bytes, chart hash, sale state
-- @include event now reply when_open

local rules = redis.call('HMGET', META, 'chartHash', 'sale', 'seatCount')
local map = redis.call('GETRANGE', MAP, 0, tonumber(rules[3]) - 1)
return reply('taken', '', '', { map, rules[1], rules[2] })
