-- snapshot: the whole map and the position it belongs to, read together.
-- KEYS: event
-- ARGV:
-- OUTCOMES: taken event.loading
-- REPLY: extras = map bytes, chart hash, sale state
-- @include event now reply when_open

local map = redis.call('GETRANGE', MAP, 0, seat_count - 1)
return reply('taken', '', '', { map, chart, sale })
