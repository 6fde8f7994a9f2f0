import type { HoldId } from '../../src/model/door.ts';
import { isLive } from '../../src/model/door.ts';
import { Ledger } from './ledger.ts';

const OWNERS = ['owner-a', 'owner-b', 'owner-c', 'owner-d'];
const SEATS = 24;

/** A legal story of `steps` random steps; the same `fraction` tells the same story. */
export function randomStory(fraction: () => number, steps: number): Ledger {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(fraction() * list.length)];
  const ledger = new Ledger(SEATS, [0]);
  const { maxSeats } = ledger.policy;
  for (let step = 0; step < steps; step += 1) {
    ledger.nowMs += Math.floor(fraction() * 2_000);
    expireOverdue(ledger);
    const owner = pick(OWNERS) ?? 'owner-a';
    const basket = liveHolds(ledger).find((id) => ledger.hold(id).owner === owner);
    const free = ledger.freeSeats().filter(() => fraction() < 0.2);
    if (basket !== undefined) changeHold(ledger, basket, free, fraction());
    else if (free.length > 0 && fraction() < 0.8)
      ledger.place(`hold-${step}`, owner, free.slice(0, maxSeats));
    else changeSeats(ledger, free, fraction());
  }
  return ledger;
}

function liveHolds(ledger: Ledger): HoldId[] {
  return [...ledger.holds].filter(([, hold]) => isLive(hold.status)).map(([id]) => id);
}

function expireOverdue(ledger: Ledger): void {
  for (const id of liveHolds(ledger)) {
    const { status, deadlineMs } = ledger.hold(id);
    if (status === 'held' && deadlineMs <= ledger.nowMs) ledger.end(id, 'expired');
  }
}

function changeHold(ledger: Ledger, id: HoldId, free: readonly number[], chance: number): void {
  const hold = ledger.hold(id);
  if (hold.status === 'confirming') {
    ledger.end(id, chance < 0.7 ? 'booked' : 'rejected');
  } else if (chance < 0.3) {
    const kept = hold.seats.slice(1);
    const seats = [...kept, ...free].slice(0, ledger.policy.maxSeats).sort((a, b) => a - b);
    if (seats.length > 0) ledger.amend(id, seats);
  } else if (chance < 0.4) ledger.extend(id);
  else if (chance < 0.6) ledger.beginConfirm(id);
  else if (chance < 0.75) ledger.end(id, 'released');
  else if (chance < 0.9) ledger.end(id, 'expired');
  else ledger.end(id, 'revoked');
}

function changeSeats(ledger: Ledger, free: readonly number[], chance: number): void {
  const booked = [...ledger.holds].find(([, hold]) => hold.status === 'booked');
  if (chance < 0.3 && booked !== undefined) ledger.cancelBooking(booked[0]);
  else if (chance < 0.6 && free.length > 0) ledger.block(free);
  else if (ledger.blockedSeats().length > 0) ledger.unblock(ledger.blockedSeats().slice(0, 3));
}
