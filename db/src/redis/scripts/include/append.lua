-- One record in the ledger for a transition that changed a seat; the chain betrays any other history.
local function append(verb, outcome, changes, hold_id, owner, trail)
  local hash = owner ~= '' and string.sub(redis.sha1hex(owner), 1, 16) or ''
  offset = offset + 1
  local line = table.concat({
    int(offset), verb, outcome, table.concat(changes, ','), hold_id, hash, trail, int(now),
  }, '|')
  local previous = chain
  chain = string.sub(redis.sha1hex(previous .. line), 1, 16)
  redis.call('XADD', FEED, int(offset) .. '-0', 'r', line, 'c', chain)
  redis.call('HSET', META, 'offset', int(offset), 'chain', chain)
  entries[#entries + 1] = previous
  entries[#entries + 1] = chain
  entries[#entries + 1] = line
end
