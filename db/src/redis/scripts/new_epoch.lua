-- new_epoch: after a Redis that came back older under the same epoch; seats, holds, offset and feed stay.
-- KEYS: event
-- ARGV: seen_epoch
-- OUTCOMES: renewed epoch.stale event.loading
local seen_epoch = unpack(ARGV)
-- @include event now reply when_open

if epoch ~= seen_epoch then
  return reply('epoch.stale')
end
epoch = int(math.max(tonumber(epoch) + 1, time[1] * 1000000 + time[2]))
redis.call('HSET', META, 'epoch', epoch)
return reply('renewed')
