-- A held hold loses one seat to a decision that outranks it; without seats it ends revoked. Returns what ended.
local function lose_seat(id, h, seat, trail, ended)
  local seats, amounts = {}, {}
  local currency, version, list = string.match(h.quote, '^([^:]*):([^:]*):(.*)$')
  local prices = split(list or '', ',')
  for at, kept in ipairs(split(h.seats, ',')) do
    if kept ~= seat then
      seats[#seats + 1] = kept
      amounts[#amounts + 1] = prices[at]
    end
  end
  write_seat(seat, '')
  h.rev = h.rev + 1
  if #seats > 0 then
    h.seats = table.concat(seats, ',')
    h.quote = currency .. ':' .. version .. ':' .. table.concat(amounts, ',')
    local rest = math.min(h.charged, math.max(0, h.deadline - now))
    h.charged = h.charged - rest
    redis.call('HSET', HOLDS, id, format_hold(h))
    charge(budgets_of(h.owner, h.address), -rest)
    append('revoke', 'shrunk', { seat .. ':h:-' }, id, h.owner, trail)
  else
    end_hold(id, h, 'revoked')
    append('revoke', 'revoked', { seat .. ':h:-' }, id, h.owner, trail)
    ended[#ended + 1] = id .. '|' .. h.owner .. '|revoked'
  end
end
