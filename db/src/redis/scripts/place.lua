-- place: hold all of the given seats or none, for one owner who has no other basket in the event.
-- KEYS: event alarm
-- ARGV: hold_id owner seats quote chart_hash idem_field body_hash address seen_now elapsed trail
-- OUTCOMES: placed replayed hold.exists hold.unknown seats.unavailable seats.overdue seats.invalid seats.too-many budget.spent clock.jumped sale.closed chart.changed idempotency.mismatch event.loading
-- REPLY: the hold on placed, replayed, hold.exists; extras = taken seats, overdue hold ids, the sale state, on
-- clock.jumped as in expire_due, on budget.spent: seats a hold may have now, ms to wait for these, whose budget
local hold_id, owner, seats, quote, chart_hash, idem_field, body_hash, address, seen_now, elapsed, trail = unpack(ARGV)
-- @include event now reply when_open clock_check split hold_record place_again write_seat seat_list blockers budget charge brake due append

-- 1. Asked before.
local again = place_again(hold_id, owner, idem_field, body_hash)
if again then
  return again
end

-- 2. The event's own rules.
if sale ~= 'open' then
  return reply('sale.closed', '', '', { sale })
end
if chart ~= chart_hash then
  return reply('chart.changed')
end
local list, wrong = seat_list(seats, policy.max_seats)
if not list or #list == 0 then
  return reply(wrong or 'seats.invalid')
end

-- 3. One live basket an owner; an overdue one stands in the way like an overdue blocker.
local stale = {}
local basket = redis.call('ZRANGEBYLEX', OWNED, '[' .. owner .. '/', '(' .. owner .. '0', 'LIMIT', 0, 1)[1]
if basket then
  local id = string.sub(basket, #owner + 2)
  local h, basket_line = read_hold(id)
  if not overdue(h) then
    return reply('hold.exists', id, basket_line)
  end
  stale[1] = id
end

-- 4. The seats. A transition never ends another's hold; overdue ones are named for expire_due.
local taken, overdue_ids, alive = find_blockers(list, owner, stale)
if alive then
  return reply('seats.unavailable', '', '', taken)
end
if #overdue_ids > 0 then
  return reply('seats.overdue', '', '', overdue_ids)
end

-- 5. A deadline told by a clock that jumped would move when it is set right. Then what budgets still allow.
local jumped = clock_check(seen_now, elapsed)
if jumped then
  return jumped
end
local budgets = budgets_of(owner, address)
local divisor, spent = brake(budgets, #list)
if spent then
  return reply('budget.spent', '', '', spent)
end

-- 6. Every check is behind us: write, the growing writes first.
local ttl = math.floor(policy.hold_ttl / divisor)
local h = {
  owner = owner, status = 'held', deadline = now + ttl, rev = 1, extensions = 0, placed = now, seats = seats,
  quote = quote, idem = idem_field, begun = '0', sent = '0', ops = '', address = address, charged = #list * ttl,
}
local placed = format_hold(h)
redis.call('HSET', HOLDS, hold_id, placed)
if idem_field ~= '' then
  redis.call('HSET', IDEM, idem_field, hold_id .. '|' .. body_hash)
end
redis.call('ZADD', OWNED, 0, owner .. '/' .. hold_id)
set_due(hold_id, h)
charge(budgets, h.charged)
local changes = {}
for at, seat in ipairs(list) do
  write_seat(seat, 'h:' .. hold_id)
  changes[at] = seat .. ':-:h'
end
append('place', 'placed', changes, hold_id, owner, trail)
return reply('placed', hold_id, placed)
