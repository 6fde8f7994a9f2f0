import { type Ambient, sleep } from '@holdfast/db/model';
import type { JournalledShopper } from '../journalled-shopper.ts';
import type { Tally } from './tally.ts';

export type ShoppingRules = {
  readonly shopper: JournalledShopper;
  readonly labels: readonly string[];
  readonly fraction: () => number;
  readonly ambient: Ambient;
  readonly tally: Tally;
  readonly seatsPerHoldMax: number;
  /** How often a `place` without a clear answer is sent again under its key, as pages do. */
  readonly retries?: number;
  /** Aborted when nobody is to begin anything new. */
  readonly signal: AbortSignal;
};

const PAUSE_MS = [60, 300] as const;
const LATE_LOOK_MS = 250;

/**
 * One shopper who places, amends, extends, releases and walks away at random until told to stop;
 * the seed decides what is tried, the others decide what comes of it. Of the baskets that are left
 * then, some are extended and stay, the others run out by themselves.
 */
export async function shopAtRandom(rules: ShoppingRules): Promise<void> {
  const { ambient, signal, fraction } = rules;
  while (!signal.aborted) {
    await sleep(ambient.timers, PAUSE_MS[0] + fraction() * (PAUSE_MS[1] - PAUSE_MS[0]));
    if (!signal.aborted) await step(rules);
  }
  if (fraction() < 0.7) await told(rules, 'extend at the end', rules.shopper.extend());
}

async function step(rules: ShoppingRules): Promise<void> {
  const { shopper, fraction } = rules;
  if (shopper.basket === null) return place(rules);
  const chance = fraction();
  if (chance < 0.45) return amend(rules);
  if (chance < 0.55) return told(rules, 'extend', shopper.extend());
  if (chance < 0.75) return told(rules, 'release', shopper.release());
  if (chance < 0.85) return walkAway(rules);
  return told(rules, 'look', shopper.look());
}

/** Some requests are sent twice at once under one key, as client libraries do when an answer is late. */
async function place(rules: ShoppingRules): Promise<void> {
  const { shopper, fraction } = rules;
  const seats = pick(rules, 1 + Math.floor(fraction() * 4));
  if (fraction() < 0.85) return placeUntilAnswered(rules, seats);
  const key = keyOf(fraction);
  const twice = [shopper.place(seats, key), shopper.place(seats, key)];
  await Promise.all(twice.map((one) => told(rules, 'place twice', one)));
}

/** Asks again under the same key while nobody can say what came of it: it is one request (row 7). */
async function placeUntilAnswered(rules: ShoppingRules, seats: readonly string[]): Promise<void> {
  const { shopper, ambient, retries = 0 } = rules;
  if (retries === 0) return told(rules, 'place', shopper.place(seats));
  const key = keyOf(rules.fraction);
  for (let again = 0; again <= retries; again += 1) {
    const outcome = await shopper.place(seats, key);
    rules.tally.count(again === 0 ? 'place' : 'place again', outcome);
    if (!UNCLEAR.includes(outcome)) return;
    await sleep(ambient.timers, RETRY_PAUSE_MS);
  }
}

const RETRY_PAUSE_MS = 700;
const UNCLEAR: readonly string[] = [
  'unreachable',
  'pending',
  'store.unavailable',
  'gateway.no-upstream',
  'gateway.broken-answer',
  'gateway.late-answer',
];

function keyOf(fraction: () => number): string {
  return `key-${Math.floor(fraction() * 2 ** 40)}`;
}

async function amend(rules: ShoppingRules): Promise<void> {
  const { shopper, fraction } = rules;
  const own = shopper.basket?.seats ?? [];
  const drop = own.filter(() => fraction() < 0.4);
  const room = rules.seatsPerHoldMax - own.length + drop.length;
  const add = pick(rules, Math.min(room, Math.floor(fraction() * 3))).filter(
    (label) => !own.includes(label),
  );
  if (add.length + drop.length === 0) return;
  const change = { ...(add.length > 0 ? { add } : {}), ...(drop.length > 0 ? { drop } : {}) };
  await told(rules, 'amend', shopper.amend(change));
}

/** Leaves the basket to its deadline, then looks what became of it. */
async function walkAway(rules: ShoppingRules): Promise<void> {
  const { shopper, ambient } = rules;
  const leftMs = (shopper.basket?.remainingMs ?? 0) + LATE_LOOK_MS;
  // An extended hold lives longer than a test wants to wait: such a shopper only looks.
  if (leftMs < WALK_MAX_MS) await sleep(ambient.timers, leftMs);
  await told(rules, 'look', shopper.look());
}

const WALK_MAX_MS = 8_000;

async function told(rules: ShoppingRules, verb: string, outcome: Promise<string>): Promise<void> {
  rules.tally.count(verb, await outcome);
}

/** Different labels, all over the hall: it is small enough for shoppers to meet. */
function pick({ labels, fraction }: ShoppingRules, wanted: number): string[] {
  const picked = new Set<string>();
  for (let at = 0; at < wanted; at += 1) {
    picked.add(labels[Math.floor(fraction() * labels.length)] ?? '');
  }
  return [...picked];
}
