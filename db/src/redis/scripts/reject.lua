-- reject: Cosmos refused the booking for good; own seats come free, contested ones go to their true holder.
-- KEYS: event alarm
-- ARGV: hold_id owner contested trail
-- OUTCOMES: rejected recorded replayed hold.booked event.loading
-- REPLY: the present hold
-- `contested` is `seat=holder,...` with holder `x` or `b:<booking>`.
local hold_id, owner, contested, trail = unpack(ARGV)
-- @include event now reply when_open split hold_record write_seat budget charge end_hold append

local h, line = read_hold(hold_id)
if h and h.status == 'booked' then
  return reply('hold.booked', hold_id, line)
end
if h and h.status ~= 'held' and h.status ~= 'confirming' then
  return reply('replayed', hold_id, line)
end
if not h then
  h = {
    owner = owner, deadline = now, rev = 1, extensions = 0, placed = now, seats = '', quote = '::',
    idem = '', begun = '0', sent = '0', ops = '', address = '', charged = 0,
  }
  return reply('recorded', hold_id, end_hold(hold_id, h, 'rejected'))
end

local truth, changes, mine = {}, {}, 'h:' .. hold_id
for seat, holder in string.gmatch(contested, '(%d+)=([^,]+)') do
  truth[seat] = holder
end
for _, seat in ipairs(split(h.seats, ',')) do
  if redis.call('HGET', SEATS, seat) == mine then
    local holder = truth[seat] or ''
    write_seat(seat, holder)
    changes[#changes + 1] = seat .. ':h:' .. (holder == '' and '-' or (string.gsub(holder, '^b:', 'b=')))
  end
end
local ended = end_hold(hold_id, h, 'rejected')
redis.call('DEL', ALARM)
append('reject', 'rejected', changes, hold_id, h.owner, trail)
return reply('rejected', hold_id, ended)
