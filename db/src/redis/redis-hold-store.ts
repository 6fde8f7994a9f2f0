import type { HoldStore } from '../model/hold-store.ts';
import { decisionCalls } from './decision-calls.ts';
import { holdCalls } from './hold-calls.ts';
import { lifeCalls } from './life-calls.ts';
import { operatorCalls } from './operator-calls.ts';
import { readCalls } from './read-calls.ts';
import type { RedisConnection } from './redis-connection.ts';
import { createScriptRunner } from './run-script.ts';
import { readAllScripts, type ScriptSource } from './script-source.ts';
import { SCRIPTS, type ScriptName } from './script-table.ts';

export type RedisHoldStoreDeps = {
  /** A command connection, with its own timeouts and error listener. */
  readonly redis: RedisConnection;
  /** The scripts as shipped unless a test hands in others. */
  readonly scripts?: Readonly<Record<ScriptName, ScriptSource>>;
};

/** The hold machine on Redis: every call is one Lua script (or one plain read), atomic there. */
export function createRedisHoldStore({ redis, scripts }: RedisHoldStoreDeps): HoldStore {
  const run = createScriptRunner(redis, SCRIPTS, scripts ?? readAllScripts());
  return {
    ...holdCalls(run),
    ...decisionCalls(run),
    ...operatorCalls(run),
    ...lifeCalls(run),
    ...readCalls(redis, run),
  };
}
