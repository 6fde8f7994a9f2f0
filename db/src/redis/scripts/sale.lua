-- sale: draft -> open <-> paused -> closed. Live holds keep their deadlines in every state; only extending ends with the sale.
-- KEYS: event
-- ARGV: next_state version
-- OUTCOMES: changed replayed sale.illegal event.loading
-- REPLY: extras = the sale state now
local next_state, version = unpack(ARGV)
-- @include event now reply when_open

local LEGAL = { ['draft>open'] = true, ['open>paused'] = true, ['paused>open'] = true, ['open>closed'] = true, ['paused>closed'] = true }
-- Two changes may arrive in the other order; the later document's word stands.
local known = tonumber(redis.call('HGET', META, 'version'))
if tonumber(version) < known then
  return reply('replayed', '', '', { sale })
end
if sale == next_state then
  redis.call('HSET', META, 'version', version)
  return reply('replayed', '', '', { sale })
end
if not LEGAL[sale .. '>' .. next_state] then
  return reply('sale.illegal', '', '', { sale })
end
redis.call('HSET', META, 'sale', next_state, 'version', version)
return reply('changed', '', '', { next_state })
