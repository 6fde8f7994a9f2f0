-- amend: make the basket these seats, all or nothing, at the same deadline; no seats = release.
-- KEYS: event alarm
-- ARGV: hold_id owner rev seats quote chart_hash op_id body_hash trail
-- OUTCOMES: amended released replayed hold.unknown hold.ended hold.booked hold.confirming hold.overdue hold.changed seats.unavailable seats.overdue seats.invalid seats.too-many budget.spent sale.closed chart.changed idempotency.mismatch event.loading
-- REPLY: the present hold except on hold.unknown; extras = taken seats, overdue hold ids, the
-- sale state, or on budget.spent as in place
local hold_id, owner, rev, seats, quote, chart_hash, op_id, body_hash, trail = unpack(ARGV)
-- @include event now reply when_open split without hold_record write_seat seat_list blockers budget charge brake end_hold known_op for_change append

-- 1. Whose hold, done before, and still changeable.
local h, line = read_hold(hold_id)
if not h or h.owner ~= owner then
  return reply('hold.unknown')
end
local known = known_op(h, op_id, body_hash)
if known then
  return reply(known == 'same' and 'replayed' or 'idempotency.mismatch', hold_id, line)
end
local refusal = refuse_change(h, rev)
if refusal then
  return reply(refusal, hold_id, line)
end

-- 2. The seats as they shall be, and which of them are new.
if chart ~= chart_hash then
  return reply('chart.changed', hold_id, line)
end
local list, wrong = seat_list(seats, policy.max_seats)
if not list then
  return reply(wrong, hold_id, line)
end
local had = split(h.seats, ',')
local added, dropped = without(list, had), without(had, list)
if #added > 0 and sale ~= 'open' then
  return reply('sale.closed', hold_id, line, { sale })
end
local taken, overdue_ids, alive = find_blockers(added, owner, {})
if alive then
  return reply('seats.unavailable', hold_id, line, taken)
end
if #overdue_ids > 0 then
  return reply('seats.overdue', hold_id, line, overdue_ids)
end

-- 3. More seats need what is left of the budgets; giving back and swapping does not.
local budgets = budgets_of(owner, h.address)
local _, spent = brake(budgets, #list)
if spent and #list > #had then
  return reply('budget.spent', hold_id, line, spent)
end

-- 4. Write.
h.rev = h.rev + 1
remember_op(h, op_id, body_hash)
local changes = {}
for _, seat in ipairs(added) do
  write_seat(seat, 'h:' .. hold_id)
  changes[#changes + 1] = seat .. ':-:h'
end
for _, seat in ipairs(dropped) do
  write_seat(seat, '')
  changes[#changes + 1] = seat .. ':h:-'
end
if #list == 0 then
  local ended = end_hold(hold_id, h, 'released')
  redis.call('DEL', ALARM)
  append('release', 'released', changes, hold_id, owner, trail)
  return reply('released', hold_id, ended)
end
local cost = (#list - #had) * (h.deadline - now)
h.seats, h.quote, h.charged = seats, quote, h.charged + cost
local amended = format_hold(h)
redis.call('HSET', HOLDS, hold_id, amended)
charge(budgets, cost)
if #changes > 0 then
  append('amend', 'amended', changes, hold_id, owner, trail)
end
return reply('amended', hold_id, amended)
