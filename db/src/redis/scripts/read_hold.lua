-- read_hold: one hold by its id, or the live basket of an owner.
-- KEYS: event
-- ARGV: hold_id owner
-- OUTCOMES: found hold.unknown event.loading
local hold_id, owner = unpack(ARGV)
-- @include event now reply when_open

if hold_id == '' then
  local basket = redis.call('ZRANGEBYLEX', OWNED, '[' .. owner .. '/', '(' .. owner .. '0', 'LIMIT', 0, 1)[1]
  hold_id = basket and string.sub(basket, #owner + 2) or ''
end
local line = hold_id ~= '' and redis.call('HGET', HOLDS, hold_id)
if not line then
  return reply('hold.unknown')
end
return reply('found', hold_id, line)
