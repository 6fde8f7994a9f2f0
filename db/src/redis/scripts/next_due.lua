-- next_due: the next instant at which somebody must look at this event, and the clock it is judged by.
-- KEYS: event
-- ARGV:
-- OUTCOMES: due idle event.loading
-- REPLY: extras = clock, and the instant on due
-- @include event now reply when_open

local first = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')
if not first[1] then
  return reply('idle', '', '', { clock })
end
return reply('due', '', '', { clock, first[2] })
