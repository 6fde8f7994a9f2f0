-- load_close: a draft got another chart; its state, which speaks of the old one, is closed until it is loaded anew.
-- KEYS: event
-- ARGV: chart_hash
-- OUTCOMES: closed replayed sale.illegal event.loading
-- Nobody holds seats of a draft, so nothing is lost; a sale pins the chart. The closed state may be taken over at once.
local chart_hash = unpack(ARGV)
-- @include event now reply when_open

if chart == chart_hash then
  return reply('replayed')
end
if sale ~= 'draft' then
  return reply('sale.illegal')
end
redis.call('HSET', META, 'loading', 'closed', 'loadedAt', '0')
return reply('closed')
