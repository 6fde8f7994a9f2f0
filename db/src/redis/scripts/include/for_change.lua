-- What amend, extend and confirm check alike, in this order; returns the refusal's name or nil. Another's hold is unknown.
local function refuse_change(h, rev)
  if h.status == 'confirming' or h.status == 'booked' then
    return 'hold.' .. h.status
  elseif h.status ~= 'held' then
    return 'hold.ended'
  elseif overdue(h) then
    return 'hold.overdue'
  elseif h.rev ~= tonumber(rev) then
    return 'hold.changed'
  end
end
