-- trim_feed: drop archived feed records below an offset, unless the event has begun another life meanwhile.
-- KEYS: event
-- ARGV: seen_epoch before_offset
-- OUTCOMES: trimmed epoch.stale event.loading
-- REPLY: extras = how many
local seen_epoch, before_offset = unpack(ARGV)
-- @include event now reply when_open

if seen_epoch ~= epoch then
  return reply('epoch.stale')
end
local gone = redis.call('XTRIM', FEED, 'MINID', before_offset .. '-0')
return reply('trimmed', '', '', { int(gone) })
