/** The door of the Redis room: the hold machine, its locks, its keys; connections are handed in. */
export { alarmKey, EVENT_KEYS, eventKey } from './keys.ts';
export { createLiveEvents, type LiveEvents } from './live-events.ts';
export { readStoredEvent, type StoredEvent } from './read-event-state.ts';
export type { RedisConnection } from './redis-connection.ts';
export { createRedisHoldStore, type RedisHoldStoreDeps } from './redis-hold-store.ts';
export { readAllScripts, type ScriptSource, sourceOf } from './script-source.ts';
export type { ScriptName } from './script-table.ts';
export { createSeatLock, type LockMiss, type SeatLock, type SeatLockDeps } from './seat-lock.ts';
