-- trim_ended: forget holds that ended long ago, with the idempotency field each one names.
-- KEYS: event
-- ARGV: older_than limit
-- OUTCOMES: trimmed event.loading
-- REPLY: extras = how many
local older_than, limit = unpack(ARGV)
-- @include event now reply when_open split hold_record

local ids = redis.call('ZRANGEBYSCORE', ENDED, '-inf', int(now - tonumber(older_than)), 'LIMIT', 0, tonumber(limit))
for _, id in ipairs(ids) do
  local h = read_hold(id)
  if h and h.idem ~= '' then
    redis.call('HDEL', IDEM, h.idem)
  end
  redis.call('HDEL', HOLDS, id)
  redis.call('ZREM', ENDED, id)
end
return reply('trimmed', '', '', { int(#ids) })
