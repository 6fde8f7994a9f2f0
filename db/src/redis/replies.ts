import type { SaleState } from '../model/chart.ts';
import type { FeedEntry } from '../model/feed-record.ts';
import type { BudgetLeft } from '../model/hold-commands.ts';
import { decodeHoldRecord } from '../model/hold-record.ts';
import { type HoldId, holdId, ownerId } from '../model/ids.ts';
import type { Blocker, EndedHold, HeldSeat, Stamp, Written } from '../model/reply.ts';
import { seatState } from '../model/seat-state.ts';
import type { RawReply } from './run-script.ts';

/** Readers of the parts that script answers are made of; each throws on what no script of ours says. */

export function stampOf(raw: RawReply): Stamp {
  return { nowMs: raw.nowMs, position: raw.position };
}

export function writtenOf(raw: RawReply): Written {
  return { ...stampOf(raw), entries: entriesOf(raw) };
}

export function entriesOf(raw: RawReply): FeedEntry[] {
  const entries: FeedEntry[] = [];
  for (let at = 0; at < raw.entries.length; at += 3) {
    const [prev = '', chain = '', line = ''] = raw.entries.slice(at, at + 3);
    entries.push({ offset: Number(line.slice(0, line.indexOf('|'))), prev, chain, line });
  }
  return entries;
}

export function holdOf(raw: RawReply): HeldSeat {
  return { holdId: holdId(raw.holdId), hold: decodeHoldRecord(raw.line) };
}

/** Extras of the form `seat:state:mine`. */
export function blockersOf(raw: RawReply): Blocker[] {
  return raw.extras.map((text) => {
    const [seat, state, mine] = text.split(':');
    return { seat: Number(seat), state: seatState(Number(state)), mine: mine === '1' };
  });
}

export function overdueOf(raw: RawReply): HoldId[] {
  return raw.extras.map(holdId);
}

/** Extras of `budget.spent`: seats, wait, whose. */
export function budgetOf(raw: RawReply): BudgetLeft {
  const [mostSeats, retryAfterMs, whose] = raw.extras;
  if (whose !== 'owner' && whose !== 'address') throw new TypeError(`nobody's budget: ${whose}`);
  return { mostSeats: Number(mostSeats), retryAfterMs: Number(retryAfterMs), whose };
}

export function saleOf(raw: RawReply): SaleState {
  return saleState(raw.extras[0] ?? '');
}

export function saleState(text: string): SaleState {
  if (text === 'draft' || text === 'open' || text === 'paused' || text === 'closed') return text;
  throw new TypeError(`not a sale state: ${text}`);
}

/** The extras that begin with `<kind>|`, without it. */
export function extrasOf(raw: RawReply, kind: string): string[] {
  const prefix = `${kind}|`;
  return raw.extras
    .filter((text) => text.startsWith(prefix))
    .map((text) => text.slice(prefix.length));
}

/** Extras of the form `ended|<id>|<owner>|<status>`, from `expire_due` with `|<deadline>`. */
export function endedOf(raw: RawReply): EndedHold[] {
  return extrasOf(raw, 'ended').map((text) => {
    const [id = '', owner = '', status = '', deadline] = text.split('|');
    const ended = { holdId: holdId(id), owner: ownerId(owner), status };
    return deadline === undefined ? ended : { ...ended, deadlineMs: Number(deadline) };
  });
}

/** Extras of the form `look|<id>|<record line>`. */
export function looksOf(raw: RawReply): HeldSeat[] {
  return extrasOf(raw, 'look').map((text) => {
    const at = text.indexOf('|');
    return { holdId: holdId(text.slice(0, at)), hold: decodeHoldRecord(text.slice(at + 1)) };
  });
}

/** Extras of the form `refused|<seat>:<state>`. */
export function refusedOf(raw: RawReply): Blocker[] {
  return extrasOf(raw, 'refused').map((text) => {
    const [seat, state] = text.split(':');
    return { seat: Number(seat), state: seatState(Number(state)), mine: false };
  });
}

/** The outcome, if it is one of these; so a reader lists what it knows once and keeps the type. */
export function named<Name extends string>(raw: RawReply, ...names: readonly Name[]): Name | null {
  return names.find((name) => name === raw.outcome) ?? null;
}

/** A script answered an outcome that its table does not list: the two have drifted apart. */
export function unforeseen(script: string, raw: RawReply): never {
  throw new TypeError(
    `${script} answered an outcome that its caller does not know: ${raw.outcome}`,
  );
}
