-- Whether this amend or extend was done before: nil, 'same' (a reply was lost) or 'other' (the key was used for another body).
local function known_op(h, op_id, body_hash)
  for id, hash in string.gmatch(h.ops, '([^:;]+):([^:;]*):%d+') do
    if id == op_id then
      return hash == body_hash and 'same' or 'other'
    end
  end
end

local function remember_op(h, op_id, body_hash)
  local ops = split(h.ops, ';')
  ops[#ops + 1] = op_id .. ':' .. body_hash .. ':' .. int(h.rev)
  while #ops > 4 do
    table.remove(ops, 1)
  end
  h.ops = table.concat(ops, ';')
end
