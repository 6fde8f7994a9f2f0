import {
  CLOCK_JUMP_MS,
  createModelHoldStore,
  type EventId,
  type EventState,
  type HoldStore,
  type ModelHoldStore,
} from '@holdfast/db/model';
import { type AlarmKeys, createAlarmKeys } from './alarm-keys.ts';
import type { RefusalCheck } from './refusal-check.ts';
import { StoreHistory } from './store-history.ts';
import type { World } from './world.ts';

/**
 * The place of Redis: the reference model on a clock that may jump, with a history that may be
 * forgotten. What reaches it, it runs at once; the way to it and back is the links'.
 */
export type SimulatedStore = {
  readonly event: EventId;
  /** The live state of the event; always the same object. */
  readonly state: EventState;
  readonly history: StoreHistory;
  readonly alarms: AlarmKeys;
  /** `events:live`. */
  readonly hints: Set<EventId>;
  readonly commands: HoldStore;
  readonly isUp: boolean;
  /** The clock that deadlines are judged by. */
  eventMs(): number;
  /** Counts a command and runs it. */
  run<Reply>(
    what: string,
    command: () => Promise<Reply>,
  ): { number: number; reply: Promise<Reply> };
  /** Restarts, with what is left of its data; links break, and come back by themselves. */
  restart(awayMs: number, data: 'all' | 'older' | 'none'): void;
  jumpClock(ms: number): void;
  /** Archives and drops all but the newest records of the feed. */
  trimFeed(kept: number): void;
  onRestart(listener: () => void): void;
};

export type StoreParts = {
  readonly event: EventId;
  /** Puts a defect between the model and everybody who uses it. */
  readonly spoil?: ((model: ModelHoldStore) => HoldStore) | undefined;
  readonly refusals: RefusalCheck;
  readonly violate: (code: string, sentence: string) => void;
};

const CLOCK_MS = Date.UTC(2031, 4, 1);
/** Of a hold that ends although its owner was told a later time, this much is measuring error. */
const EARLY_END_MS = CLOCK_JUMP_MS + 500;

export function createSimulatedStore(world: World, parts: StoreParts): SimulatedStore {
  const { time, chance, trace } = world;
  const { event } = parts;
  let jumpedMs = 0;
  let up = true;
  const rawMs = (): number => Math.floor(time.nowMs + CLOCK_MS + jumpedMs);
  const model = createModelHoldStore({ nowMs: rawMs });
  const state = model.state(event);
  const eventMs = (): number => rawMs() + state.shiftMs;
  const history = new StoreHistory(state, (movedMs) => {
    const sentence = `The event's clock moved by ${Math.round(movedMs)} ms and nobody set it right (I6).`;
    parts.violate(movedMs > 0 ? 'clock.ahead' : 'clock.behind', sentence);
  });
  const alarms = createAlarmKeys(world, { event, state, rawMs });
  const hints = new Set<EventId>();
  const restarted: (() => void)[] = [];

  const restart = (awayMs: number, data: 'all' | 'older' | 'none'): void => {
    if (data === 'older') history.goBack(chance.below(2));
    if (data === 'none') {
      history.forgetAll(createModelHoldStore({ nowMs: rawMs }).state(event));
      hints.clear();
    }
    alarms.replaced();
    up = false;
    for (const listener of restarted) listener();
    time.after(awayMs, () => {
      up = true;
      trace.note('store', 'is back', `${state.epoch}/${state.offset}`);
    });
  };
  return {
    event,
    state,
    history,
    alarms,
    hints,
    commands: watched(parts.refusals.watch(parts.spoil?.(model) ?? model), {
      ...{ history, alarms, state },
      violate: parts.violate,
    }),
    get isUp() {
      return up;
    },
    eventMs,
    run: (what, command) => {
      const number = history.noteCommand(eventMs(), time.nowMs);
      trace.note('store', what, `#${number} ${state.epoch}/${state.offset}`);
      return { number, reply: command() };
    },
    restart,
    jumpClock: (ms) => {
      jumpedMs += ms;
      alarms.jumped();
    },
    trimFeed: (kept) => {
      if (state.feed.length <= kept) return;
      history.noteTrimmed(state.feed.slice(0, state.feed.length - kept));
      state.feed = state.feed.slice(state.feed.length - kept);
    },
    onRestart: (listener) => {
      restarted.push(listener);
    },
  };
}

type Watching = Pick<SimulatedStore, 'history' | 'alarms' | 'state'> & Pick<StoreParts, 'violate'>;

/** Notes what the judge and the alarms must know; changes nothing. */
function watched(store: HoldStore, { history, alarms, violate }: Watching): HoldStore {
  const noting: Partial<HoldStore> = {
    place: async (event, command) => {
      const reply = await store.place(event, command);
      if (reply.outcome === 'placed') alarms.set(reply.holdId, reply.hold.deadlineMs - reply.nowMs);
      return reply;
    },
    extend: async (event, command) => {
      const reply = await store.extend(event, command);
      if (reply.outcome === 'extended') {
        alarms.set(reply.holdId, reply.hold.deadlineMs - reply.nowMs);
      }
      return reply;
    },
    expireDue: async (event, command) => {
      const at = history.instantOf(history.commands);
      const reply = await store.expireDue(event, command);
      if (reply.outcome !== 'swept') return reply;
      for (const { holdId, deadlineMs = 0 } of reply.ended) {
        if (deadlineMs - at <= EARLY_END_MS) continue;
        const sentence = `Hold ${holdId} expired ${Math.round(deadlineMs - at)} ms before the deadline that its owner was told (I6).`;
        violate('expiry.early', sentence);
      }
      return reply;
    },
    revoke: async (event, command) => {
      const number = history.commands;
      const reply = await store.revoke(event, command);
      if (reply.outcome === 'revoked') {
        history.operatorEnds.push({ command: number, hold: command.holdId });
      }
      return reply;
    },
    block: async (event, command) => {
      const number = history.commands;
      const reply = await store.block(event, command);
      if (reply.outcome !== 'blocked') return reply;
      for (const { holdId } of reply.ended) {
        history.operatorEnds.push({ command: number, hold: holdId });
      }
      return reply;
    },
    loadEnd: async (event, command) => {
      const reply = await store.loadEnd(event, command);
      if (reply.outcome === 'opened') history.noteOpened();
      return reply;
    },
  };
  // Everything else is asked of the store itself; Object.create is typed as any.
  return Object.assign(Object.create(store) as HoldStore, noting);
}
