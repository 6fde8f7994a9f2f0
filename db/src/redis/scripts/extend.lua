-- extend: move the deadline to at least now + extendMs, within the event's bounds.
-- KEYS: event alarm
-- ARGV: hold_id owner rev op_id body_hash seen_now elapsed
-- OUTCOMES: extended replayed extend.limit budget.spent hold.unknown hold.ended hold.booked hold.confirming hold.overdue hold.changed clock.jumped sale.closed idempotency.mismatch event.loading
-- REPLY: the present hold except on hold.unknown and clock.jumped; extras = the sale state on sale.closed, on
-- budget.spent as in place, on clock.jumped as in expire_due
local hold_id, owner, rev, op_id, body_hash, seen_now, elapsed = unpack(ARGV)
-- @include event now reply when_open clock_check split hold_record known_op for_change budget charge brake due

local h, line = read_hold(hold_id)
if not h or h.owner ~= owner then
  return reply('hold.unknown')
end
local known = known_op(h, op_id, body_hash)
if known then
  return reply(known == 'same' and 'replayed' or 'idempotency.mismatch', hold_id, line)
end
-- From here on the clock decides: whether the hold is overdue, and what its owner is told.
local jumped = clock_check(seen_now, elapsed)
if jumped then
  return jumped
end
local refusal = refuse_change(h, rev)
if refusal then
  return reply(refusal, hold_id, line)
end
if sale == 'closed' then
  return reply('sale.closed', hold_id, line, { sale })
end
local last = h.placed + policy.max_total
if h.extensions >= policy.max_extensions or h.deadline >= last then
  return reply('extend.limit', hold_id, line)
end
local budgets = budgets_of(owner, h.address)
local divisor, spent = brake(budgets, 1)
if spent then
  return reply('budget.spent', hold_id, line, spent)
end

local deadline = math.min(last, math.max(h.deadline, now + math.floor(policy.extend / divisor)))
local cost = #split(h.seats, ',') * (deadline - h.deadline)
h.deadline, h.charged = deadline, h.charged + cost
h.extensions = h.extensions + 1
h.rev = h.rev + 1
remember_op(h, op_id, body_hash)
local extended = format_hold(h)
redis.call('HSET', HOLDS, hold_id, extended)
charge(budgets, cost)
set_due(hold_id, h)
return reply('extended', hold_id, extended)
