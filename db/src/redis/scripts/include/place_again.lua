-- The same hold again, by its id or by the caller's Idempotency-Key, is answered as it is now; nil for a new one.
local function place_again(hold_id, owner, idem_field, body_hash)
  local known, line = read_hold(hold_id)
  if known and known.owner ~= owner then
    return reply('hold.unknown')
  elseif known then
    return reply('replayed', hold_id, line)
  end
  local idem = idem_field ~= '' and redis.call('HGET', IDEM, idem_field)
  if idem then
    local first, first_hash = string.match(idem, '^([^|]*)|(.*)$')
    if first_hash ~= body_hash then
      return reply('idempotency.mismatch')
    end
    return reply('replayed', first, redis.call('HGET', HOLDS, first))
  end
end
