import type { EventId, FeedEntry, OwnerId } from '@holdfast/db/model';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import { DeltaBatch } from '@holdfast/realtime-hub/testing';
import type { Life } from './simulated-process.ts';
import type { World } from './world.ts';

/**
 * How processes tell each other what they wrote: all of it may be lost, doubled or overtaken, and
 * nobody hears of that. A sender gets no echo.
 */
export type MessageBus = {
  join(life: Life, hear: BusListener): BusPort;
};

export type BusListener = {
  delta?(message: string): void;
  notice?(owner: OwnerId, notice: OwnerNotice): void;
};

/** Both the announcer of a service and its place on the bus. */
export type BusPort = {
  publish(event: EventId, epoch: string, entries: readonly FeedEntry[]): void;
  notifyOwner(owner: OwnerId, notice: OwnerNotice): void;
  /** Hears nothing for this long. */
  cut(forMs: number): void;
};

type Member = {
  readonly life: Life;
  readonly hear: BusListener;
  deafUntilMs: number;
  /** What came by the ordinary way keeps its order. */
  lastMs: number;
};

export type BusParts = {
  /** False while the store, which carries the bus, is away. */
  readonly isUp: () => boolean;
  /** Puts a defect into the deltas that a process takes. */
  readonly spoil?: ((message: string) => string) | undefined;
};

export function createMessageBus(world: World, { isUp, spoil }: BusParts): MessageBus {
  const { time, trace, climate } = world;
  let members: Member[] = [];

  const carry = (member: Member, detour: boolean, deliver: () => void): void => {
    const ordinaryMs = Math.max(member.lastMs, time.nowMs + world.delayMs());
    if (!detour) member.lastMs = ordinaryMs;
    const atMs = detour ? ordinaryMs + climate.detourMs * world.chance.fraction() : ordinaryMs;
    member.life.receive(atMs, () => {
      if (time.nowMs >= member.deafUntilMs && isUp()) deliver();
    });
  };
  const toOthers = (from: Life, send: (member: Member) => void): void => {
    if (from.ended || !isUp()) return;
    for (const member of members) if (member.life !== from && !member.life.ended) send(member);
  };
  const sendDelta = (from: Life, message: string): void =>
    toOthers(from, (member) => {
      const { delta } = member.hear;
      if (delta === undefined || world.hits('delta lost')) return;
      const copies = world.hits('delta doubled') ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        carry(member, world.hits('delta overtaken'), () => {
          trace.note(member.life.name, 'hears', message);
          delta(spoil?.(message) ?? message);
        });
      }
    });
  const sendNotice = (from: Life, owner: OwnerId, notice: OwnerNotice): void =>
    toOthers(from, (member) => {
      const hear = member.hear.notice;
      if (hear === undefined || world.hits('owner notice lost')) return;
      carry(member, false, () => hear(owner, notice));
    });
  return {
    join: (life, hear) => {
      const member = { life, hear, deafUntilMs: 0, lastMs: 0 };
      members = [...members.filter((one) => !one.life.ended), member];
      const batch = new DeltaBatch(life.ambient, (message) => sendDelta(life, message));
      return {
        publish: (event, epoch, entries) => batch.add(event, epoch, entries),
        notifyOwner: (owner, notice) => sendNotice(life, owner, notice),
        cut: (forMs) => {
          member.deafUntilMs = time.nowMs + forMs;
        },
      };
    },
  };
}
