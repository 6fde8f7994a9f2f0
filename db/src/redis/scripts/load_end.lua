-- load_end: open the event that was loaded under this token.
-- KEYS: event
-- ARGV: token
-- OUTCOMES: opened event.open load.taken
local token = unpack(ARGV)
-- @include event now reply

if epoch ~= '0' and not loading then
  return reply('event.open')
end
if loading ~= token then
  return reply('load.taken')
end
redis.call('HDEL', META, 'loading', 'loadedAt')
loading = false
return reply('opened')
