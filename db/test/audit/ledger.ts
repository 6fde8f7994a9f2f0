import type { AuditEvidence, FeedBase, JournalEntry } from '../../src/audit/door.ts';
import type { Holder, HoldId, HoldRecord, OwnerId, Policy } from '../../src/model/door.ts';
import {
  DEFAULT_POLICY,
  eventId,
  GENESIS_CHAIN,
  holdId,
  isLive,
  nextChain,
  ownerHash,
  ownerId,
  stateOfHolder,
} from '../../src/model/door.ts';

type Changes = readonly (readonly [seat: number, before: string, after: string])[];

/**
 * An honest event in a few lines, so that a test can write a legal story and then spoil one thing.
 * It keeps what Redis would keep, and a journal of what the owners were told.
 */
export class Ledger {
  readonly seatCount: number;
  readonly policy: Policy = DEFAULT_POLICY;
  nowMs = 1_000_000;
  private readonly base: FeedBase;
  private readonly feed: AuditEvidence['feed'][number][] = [];
  private readonly holders: Map<number, Holder>;
  readonly holds = new Map<HoldId, HoldRecord>();
  private readonly due = new Map<string, number>();
  private readonly ended = new Map<string, number>();
  private readonly told = new Map<OwnerId, JournalEntry[]>();

  constructor(seatCount: number, blocked: readonly number[] = []) {
    this.seatCount = seatCount;
    this.holders = new Map(blocked.map((seat) => [seat, 'x']));
    const holders = new Map(this.holders);
    this.base = { offset: 0, chain: GENESIS_CHAIN, holders, owners: new Map() };
  }

  place(name: string, owner: string, seats: readonly number[]): HoldId {
    const id = namedHold(name);
    const hold: HoldRecord = {
      owner: ownerId(owner),
      status: 'held',
      deadlineMs: this.nowMs + this.policy.holdTtlMs,
      rev: 1,
      extensions: 0,
      placedAtMs: this.nowMs,
      seats,
      quote: { currency: 'EUR', priceVersion: 'p1', amounts: seats.map(() => 100) },
      idemField: '',
      begunAtMs: 0,
      sentAtMs: 0,
      ops: [],
      addressHash: '',
      chargedMs: 0,
    };
    this.holds.set(id, hold);
    this.due.set(id, hold.deadlineMs);
    this.write('place', 'placed', id, changesOf(seats, '-', 'h'));
    this.tellHeld(id);
    return id;
  }

  amend(id: HoldId, seats: readonly number[]): void {
    const hold = this.hold(id);
    const dropped = hold.seats.filter((seat) => !seats.includes(seat));
    const added = seats.filter((seat) => !hold.seats.includes(seat));
    this.holds.set(id, { ...hold, seats, rev: hold.rev + 1 });
    const changes = [...changesOf(dropped, 'h', '-'), ...changesOf(added, '-', 'h')];
    this.write('amend', 'amended', id, changes);
    this.tellHeld(id);
  }

  extend(id: HoldId): void {
    const hold = this.hold(id);
    const { extendMs, maxTotalMs } = this.policy;
    const latestMs = hold.placedAtMs + maxTotalMs;
    const deadlineMs = Math.min(latestMs, Math.max(hold.deadlineMs, this.nowMs + extendMs));
    this.holds.set(id, { ...hold, deadlineMs, rev: hold.rev + 1 });
    this.due.set(id, deadlineMs);
    this.tellHeld(id);
  }

  beginConfirm(id: HoldId): void {
    this.holds.set(id, { ...this.hold(id), status: 'confirming', begunAtMs: this.nowMs });
    this.due.set(id, this.nowMs + 5_000);
  }

  /** Ends a live hold the honest way; `expired` moves the clock to its deadline first. */
  end(id: HoldId, how: 'released' | 'expired' | 'revoked' | 'booked' | 'rejected'): void {
    const hold = this.hold(id);
    if (how === 'expired') this.nowMs = Math.max(this.nowMs, hold.deadlineMs);
    const verb = { released: 'release', expired: 'expire', revoked: 'revoke' } as const;
    const verbOf = { ...verb, booked: 'commit', rejected: 'reject' } as const;
    this.write(verbOf[how], how, id, changesOf(hold.seats, 'h', how === 'booked' ? 'b' : '-'));
    this.finish(id, how);
  }

  cancelBooking(id: HoldId): void {
    this.write('cancel', 'cancelled', id, changesOf(this.hold(id).seats, 'b', '-'));
    this.finish(id, 'cancelled');
  }

  block(seats: readonly number[]): void {
    this.write('block', 'blocked', '', changesOf(seats, '-', 'x'));
  }

  unblock(seats: readonly number[]): void {
    this.write('unblock', 'unblocked', '', changesOf(seats, 'x', '-'));
  }

  /** Appends a record as written and lets the stored state follow it; legal or not. */
  write(verb: string, outcome: string, hold: HoldId | '', changes: Changes): void {
    const { offset, chain } = this.position();
    const owner = hold === '' ? '' : ownerHash(this.holds.get(hold)?.owner ?? '');
    const list = changes.map((change) => change.join(':')).join(',');
    const line = `${offset + 1}|${verb}|${outcome}|${list}|${hold}|${owner}|test||||${this.nowMs}`;
    this.feed.push({ offset: offset + 1, prev: chain, chain: nextChain(chain, line), line });
    for (const [seat, , after] of changes) {
      if (after === '-') this.holders.delete(seat);
      else this.holders.set(seat, storedHolder(after, hold));
    }
    this.nowMs += 10;
  }

  /** A copy that a test may spoil without touching the ledger. */
  evidence(): AuditEvidence {
    const map = new Uint8Array(this.seatCount);
    for (const [seat, holder] of this.holders) map[seat] = stateOfHolder(holder);
    return {
      seatCount: this.seatCount,
      policy: this.policy,
      position: this.position(),
      base: this.base,
      feed: [...this.feed],
      map,
      holders: new Map(this.holders),
      holds: new Map(this.holds),
      owned: this.owned(),
      due: new Map(this.due),
      ended: new Map(this.ended),
      journals: [...this.told].map(([client, entries]) => ({ client, entries: [...entries] })),
      viewers: [{ name: 'window-1', from: 0, map: map.slice() }],
    };
  }

  hold(id: HoldId): HoldRecord {
    const hold = this.holds.get(id);
    if (hold === undefined) throw new Error(`the ledger has no hold ${id}`);
    return hold;
  }

  freeSeats(): number[] {
    return Array.from({ length: this.seatCount }, (_, seat) => seat).filter(
      (seat) => !this.holders.has(seat),
    );
  }

  blockedSeats(): number[] {
    return [...this.holders].filter(([, holder]) => holder === 'x').map(([seat]) => seat);
  }

  private owned(): Set<string> {
    const live = [...this.holds].filter(([, { status }]) => isLive(status));
    return new Set(live.map(([id, { owner }]) => `${owner}/${id}`));
  }

  /** Stores and tells an end that a record has just told. */
  finish(id: HoldId, how: 'released' | 'expired' | 'revoked' | EndByCosmos): void {
    const hold = this.hold(id);
    this.holds.set(id, { ...hold, status: how });
    this.due.delete(id);
    this.ended.set(id, this.nowMs);
    this.tell(hold.owner, { kind: 'ended', hold: id, how, atMs: this.nowMs - 10 });
  }

  private position(): AuditEvidence['position'] {
    const { offset, chain } = this.feed.at(-1) ?? this.base;
    return { epoch: '7', offset, chain };
  }

  private tellHeld(id: HoldId): void {
    const { owner, seats, deadlineMs } = this.hold(id);
    const position = this.position();
    this.tell(owner, {
      kind: 'held',
      hold: id,
      seats,
      deadlineMs,
      atMs: this.nowMs - 10,
      position,
    });
  }

  private tell(owner: OwnerId, entry: JournalEntry): void {
    this.told.set(owner, [...(this.told.get(owner) ?? []), entry]);
  }
}

type EndByCosmos = 'booked' | 'rejected' | 'cancelled';

/** A hold id that carries a readable name. */
export function namedHold(name: string): HoldId {
  return holdId(`${eventId('gala')}.${name.padEnd(22, '_')}`);
}

function changesOf(seats: readonly number[], before: string, after: string): Changes {
  return seats.map((seat) => [seat, before, after] as const);
}

function storedHolder(code: string, own: HoldId | ''): Holder {
  if (code === 'x') return 'x';
  const id = code.includes('=') ? code.slice(2) : own;
  return code.startsWith('b') ? `b:${id}` : `h:${id}`;
}
