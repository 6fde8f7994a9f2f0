-- expire_due: end what is overdue by this clock; hand out confirming holds whose look has come. The one door of expiry.
-- KEYS: event
-- ARGV: seen_now elapsed only limit trail
-- OUTCOMES: swept clock.jumped event.loading
-- REPLY: extras = `ended|<id>|<owner>|expired|<deadline>`, `look|<id>|<record line>`, `more`; or on clock.jumped: jump, shift, clock
-- `only` (comma list of hold ids) ends exactly these if overdue, hands out nothing and leaves the sweep mark alone.
local seen_now, elapsed, only, limit, trail = unpack(ARGV)
-- @include event now reply when_open clock_check split hold_record write_seat free_seats budget charge end_hold append

-- 1. By a clock that jumped nothing ends.
local jumped = clock_check(seen_now, elapsed)
if jumped then
  return jumped
end

-- 2. What is due: the named holds, or the head of the index.
local extras, ids = {}, nil
if only ~= '' then
  ids = split(only, ',')
else
  ids = redis.call('ZRANGEBYSCORE', DUE, '-inf', int(now), 'LIMIT', 0, tonumber(limit) + 1)
  if #ids > tonumber(limit) then
    ids[#ids] = nil
    extras[1] = 'more'
  end
end

-- 3. Each held hold ends once; each confirming one is looked at, after 5 s doubling to 60 s.
for _, id in ipairs(ids) do
  local h, line = read_hold(id)
  if h and overdue(h) then
    end_hold(id, h, 'expired')
    append('expire', 'expired', free_seats(split(h.seats, ','), 'h:' .. id, {}), id, h.owner, trail)
    extras[#extras + 1] = 'ended|' .. id .. '|' .. h.owner .. '|expired|' .. int(h.deadline)
  elseif h and h.status == 'confirming' and only == '' then
    local wait = math.min(60000, math.max(5000, now - tonumber(h.begun)))
    redis.call('ZADD', DUE, int(now + wait), id)
    extras[#extras + 1] = 'look|' .. id .. '|' .. line
  end
end

-- 4. The sweep mark grows, so it comes last (see end_hold).
if only == '' then
  redis.call('HSET', META, 'sweptAt', int(now))
end
return reply('swept', '', '', extras)
