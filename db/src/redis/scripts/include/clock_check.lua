-- The refusal where this clock and the caller's moved apart by over 2 s since `seen_now`; nil while they agree or nothing
-- was seen. A sweep that was just judged vouches for this clock: then the caller stood still between look and call. It
-- sees this clock ahead, so only then; one that went back may meet an old mark again.
local function clock_check(seen_now, elapsed)
  if seen_now == '' then
    return nil
  end
  local jump = now - tonumber(seen_now) - tonumber(elapsed)
  local since_sweep = now - tonumber(head[9] or 0)
  local vouched = jump > 0 and since_sweep >= 0 and since_sweep <= 2000
  if math.abs(jump) > 2000 and not vouched then
    return reply('clock.jumped', '', '', { int(jump), int(shift), clock })
  end
end
