-- rebase: Redis' clock jumped by `jump`; move the event's shift so that deadlines stay where people were told.
-- KEYS: event
-- ARGV: seen_shift jump
-- OUTCOMES: rebased rebase.stale event.loading
local seen_shift, jump = unpack(ARGV)
-- @include event now reply when_open

if int(shift) ~= seen_shift then
  return reply('rebase.stale')
end
shift, now = shift - tonumber(jump), now - tonumber(jump)
local life, settled = string.match(clock, '^(%d+)%.(%d+)$')
clock = (life or '0') .. '.' .. int(tonumber(settled or 0) + 1)
redis.call('HSET', META, 'shift', int(shift), 'clock', clock)
return reply('rebased')
