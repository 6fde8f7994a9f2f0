-- The one line of a hold; `hold-record.ts` documents the fields and reads the same line.
local function parse_hold(line)
  local f = {}
  for field in string.gmatch(line .. '|', '([^|]*)|') do
    f[#f + 1] = field
  end
  return {
    owner = f[1], status = f[2], deadline = tonumber(f[3]), rev = tonumber(f[4]), extensions = tonumber(f[5]),
    placed = tonumber(f[6]), seats = f[7], quote = f[8], idem = f[9], begun = f[10], sent = f[11], ops = f[12],
    address = f[13] or '', charged = tonumber(f[14] or 0),
  }
end

local function format_hold(h)
  return table.concat({
    h.owner, h.status, int(h.deadline), int(h.rev), int(h.extensions), int(h.placed),
    h.seats, h.quote, h.idem, h.begun, h.sent, h.ops, h.address, int(h.charged),
  }, '|')
end

local function read_hold(id)
  local line = redis.call('HGET', HOLDS, id)
  if line then
    return parse_hold(line), line
  end
end

local function overdue(h)
  return h.status == 'held' and now >= h.deadline
end
