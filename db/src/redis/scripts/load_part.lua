-- load_part: store seats that are not available, for the loading that holds this token.
-- KEYS: event
-- ARGV: token seats
-- OUTCOMES: stored event.open load.taken seats.invalid
-- `seats` is `seat=holder,...` with holder `x` or `b:<booking>`.
local token, seats = unpack(ARGV)
-- @include event now reply write_seat split

if epoch ~= '0' and not loading then
  return reply('event.open')
end
if loading ~= token then
  return reply('load.taken')
end
local list = split(seats, ',')
if #list > 2000 then
  return reply('seats.invalid')
end
for _, part in ipairs(list) do
  local seat = string.match(part, '^(%d+)=[bx]')
  if not seat or tonumber(seat) >= seat_count then
    return reply('seats.invalid')
  end
end
for _, part in ipairs(list) do
  local seat, holder = string.match(part, '^(%d+)=(.+)$')
  write_seat(seat, holder)
end
redis.call('HSET', META, 'loadedAt', int(now))
return reply('stored')
