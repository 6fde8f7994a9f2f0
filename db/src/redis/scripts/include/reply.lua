-- Every answer has one shape: outcome, clock, position, the hold it speaks of, extras, feed entries written.
local function reply(outcome, hold_id, line, extras)
  return { outcome, int(now), epoch, int(offset), chain, hold_id or '', line or '', extras or {}, entries }
end
