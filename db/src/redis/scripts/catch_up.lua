-- catch_up: what happened after a position, read INCLUSIVE of it so that a rewritten past is seen.
-- KEYS: event
-- ARGV: seen_epoch seen_offset seen_chain limit
-- OUTCOMES: entries trimmed rewritten other-epoch event.loading
-- REPLY: entries after the position, oldest first
local seen_epoch, seen_offset, seen_chain, limit = unpack(ARGV)
-- @include event now reply when_open

local from = tonumber(seen_offset)
if seen_epoch ~= epoch then
  return reply('other-epoch')
end
if from > offset or (from == offset and seen_chain ~= chain) then
  return reply('rewritten')
end
if from == offset then
  return reply('entries')
end
local records = redis.call('XRANGE', FEED, int(from) .. '-0', '+', 'COUNT', tonumber(limit) + 1)
local at, previous = 1, '0000000000000000'
if from > 0 then
  if not records[1] or records[1][1] ~= int(from) .. '-0' then
    return reply('trimmed')
  end
  at, previous = 2, records[1][2][4]
elseif not records[1] or records[1][1] ~= '1-0' then
  return reply('trimmed')
end
if previous ~= seen_chain then
  return reply('rewritten')
end
for i = at, math.min(#records, at + tonumber(limit) - 1) do
  local fields = records[i][2]
  entries[#entries + 1] = previous
  entries[#entries + 1] = fields[4]
  entries[#entries + 1] = fields[2]
  previous = fields[4]
end
return reply('entries')
