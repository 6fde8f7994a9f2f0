import { StoreUnavailableError, StoreUnsettledError } from '../model/hold-store.ts';
import type { EventId, HoldId } from '../model/ids.ts';
import type { Position } from '../model/position.ts';
import { alarmKey, eventKeys } from './keys.ts';
import { isCluster, type RedisConnection } from './redis-connection.ts';
import type { ScriptSource } from './script-source.ts';
import type { SCRIPTS, ScriptName } from './script-table.ts';
import { sendToCluster } from './watched-command.ts';

/**
 * Sends one script and reads its answer. EVALSHA first; a server that forgot the script (restart,
 * failover, SCRIPT FLUSH) says NOSCRIPT before anything ran, and gets the text. A reply that does
 * not come is unsettled, not failed: the caller may send the same command again, since every script
 * is idempotent by the ids it carries.
 */
export type RunScript = <Name extends ScriptName>(
  name: Name,
  event: EventId,
  args: ScriptArgs<Name>,
  hold?: HoldId,
) => Promise<RawReply>;

export type ScriptArgs<Name extends ScriptName> = Readonly<
  Record<(typeof SCRIPTS)[Name]['argv'][number], string | number>
>;

/** The one shape of every script's answer; `reply.lua` builds it. */
export type RawReply = {
  readonly outcome: string;
  readonly nowMs: number;
  readonly position: Position;
  readonly holdId: string;
  readonly line: string;
  readonly extras: readonly string[];
  /** Flat: previous chain, chain, line, ... */
  readonly entries: readonly string[];
};

export function createScriptRunner(
  redis: RedisConnection,
  table: typeof SCRIPTS,
  sources: Readonly<Record<ScriptName, ScriptSource>>,
): RunScript {
  return async (name, event, args, hold) => {
    const keys = eventKeys(event);
    if (table[name].alarm && hold !== undefined) keys.push(alarmKey(event, hold));
    const named: Readonly<Record<string, string | number>> = args;
    const argv = table[name].argv.map((word) => `${named[word]}`);
    const { sha1, text } = sources[name];
    const words = [keys.length, ...keys, ...argv] as const;
    const known = await send(redis, name, 'evalsha', [sha1, ...words]);
    return known ?? (await send(redis, name, 'eval', [text, ...words])) ?? noAnswer(name);
  };
}

type ScriptWords = readonly [script: string, keyCount: number, ...keysAndArgv: string[]];

/** The answer; null when the server does not know the script. Throws what the store port tells. */
async function send(
  redis: RedisConnection,
  name: ScriptName,
  command: 'evalsha' | 'eval',
  words: ScriptWords,
): Promise<RawReply | null> {
  if (!isCluster(redis)) {
    const reply = command === 'eval' ? redis.eval(...words) : redis.evalsha(...words);
    return reply.then(decode, (error: unknown) =>
      nullForNoScript(name, error, () => !NEVER_SENT.test(messageOf(error))),
    );
  }
  const { reply, wasSent } = sendToCluster(redis, command, words);
  return reply.then(decode, (error: unknown) => nullForNoScript(name, error, wasSent));
}

/** Messages of ioredis for a command that never left this process. */
const NEVER_SENT = /isn't writeable|Connection is closed|enableOfflineQueue/;

/**
 * Answers of a server that did not run the script: it loads its data, is a replica, lost its own
 * replicas, is full, or is not the one that has the slot.
 */
const NOT_RUN =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|OOM|BUSY|NOAUTH|NOPERM|TRYAGAIN|MOVED|ASK)/;

function nullForNoScript(name: ScriptName, cause: unknown, mayHaveRun: () => boolean): null {
  if (!(cause instanceof Error)) throw cause;
  const { message } = cause;
  const answered = cause.name === 'ReplyError';
  if (answered && message.startsWith('NOSCRIPT')) return null;
  if (answered && !NOT_RUN.test(message)) throw cause;
  if (answered || !mayHaveRun()) {
    throw new StoreUnavailableError(`${name} did not run: Redis is not reachable`, { cause });
  }
  throw new StoreUnsettledError(`${name} may have run: its reply did not come`, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** EVAL carries the text, so no server can miss it. */
function noAnswer(name: ScriptName): never {
  throw new TypeError(`${name} was sent whole and still not known`);
}

function decode(reply: unknown): RawReply {
  if (!Array.isArray(reply) || reply.length !== 9) {
    throw new TypeError('a script answers nine fields');
  }
  const [outcome, nowMs, epoch, offset, chain, holdId, line, extras, entries] = reply;
  return {
    outcome: `${outcome}`,
    nowMs: Number(`${nowMs}`),
    position: { epoch: `${epoch}`, offset: Number(`${offset}`), chain: `${chain}` },
    holdId: `${holdId}`,
    line: `${line}`,
    extras: texts(extras),
    entries: texts(entries),
  };
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value)) throw new TypeError('a script answers lists in its last two fields');
  return value.map((part) => `${part}`);
}
