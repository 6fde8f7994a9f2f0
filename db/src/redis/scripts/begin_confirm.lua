-- begin_confirm: from here on only Cosmos decides. Viewers see no change: no seat, no offset, no frame.
-- KEYS: event alarm
-- ARGV: hold_id owner rev
-- OUTCOMES: confirming replayed hold.unknown hold.ended hold.overdue hold.changed event.loading
-- REPLY: the present hold except on hold.unknown
local hold_id, owner, rev = unpack(ARGV)
-- @include event now reply when_open split hold_record for_change

local h, line = read_hold(hold_id)
if not h or h.owner ~= owner then
  return reply('hold.unknown')
end
if h.status == 'confirming' or h.status == 'booked' then
  return reply('replayed', hold_id, line)
end
local refusal = refuse_change(h, rev)
if refusal then
  return reply(refusal, hold_id, line)
end

h.status, h.begun = 'confirming', int(now)
local begun = format_hold(h)
redis.call('HSET', HOLDS, hold_id, begun)
redis.call('ZADD', DUE, int(now + 5000), hold_id)
redis.call('DEL', ALARM)
return reply('confirming', hold_id, begun)
