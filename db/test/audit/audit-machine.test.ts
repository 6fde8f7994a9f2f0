import { seededFraction, suite, testSeed } from '@holdfast/infra/testing';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type AuditEvidence, auditEvent } from '../../src/audit/door.ts';
import {
  createModelHoldStore,
  type EventState,
  GENESIS_CHAIN,
  type Holder,
  stateOfHolder,
} from '../../src/model/door.ts';
import { randomCommand } from '../machine/random-commands.ts';
import { CHART, numberedEvent, POLICY, type RandomCommand, SEATS } from '../machine/universe.ts';
import { CORRUPTIONS } from './corruptions.ts';

const test = suite('audit of the hold machine');
const EVENT = numberedEvent(1);
const SEQUENCES = 600;
const LOADED = new Map<number, Holder>([[0, 'x']]);
/** A reload begins another feed; trimmed records and forgotten holds are no longer there to judge. */
const LEFT_OUT = new Set(['load_begin', 'load_part', 'load_end', 'trim_feed', 'trim_ended']);

const kept = randomCommand.filter(({ verb }) => !LEFT_OUT.has(verb));
const waits = fc.constantFrom(0, 0, 0, 1, 500, 2_500, 5_000);
const sequence = fc.array(fc.tuple(waits, kept), { maxLength: 120, size: 'max' });

test('whatever commands the machine is given, its story is clean (I1, I3, I6)', async () => {
  const verbs = new Set<string>();
  const property = fc.asyncProperty(sequence, async (commands) => {
    const evidence = evidenceOf(await play(commands));
    for (const { line } of evidence.feed) verbs.add(line.split('|').slice(1, 3).join('/'));
    assert.equal(auditEvent(evidence), []);
  });
  await fc.assert(property, { seed: testSeed('audit of the machine'), numRuns: SEQUENCES });
  const steps =
    'place/placed amend/amended release/released expire/expired revoke/revoked ' +
    'revoke/shrunk commit/booked repair/booked reject/rejected cancel/cancelled block/blocked ' +
    'unblock/unblocked repair/repaired';
  assert.equal([...verbs].sort(), steps.split(' ').sort(), 'every step of the table occurred');
});

for (const [name, corrupt] of Object.entries(CORRUPTIONS)) {
  test(`${name} is found in what the machine left`, async () => {
    const seed = testSeed(name);
    const fraction = seededFraction(seed);
    const property = fc.asyncProperty(sequence, async (commands) => {
      const evidence = corrupt(evidenceOf(await play(commands)), fraction);
      if (evidence !== null) assert.ok(auditEvent(evidence).length > 0);
    });
    await fc.assert(property, { seed, numRuns: SEQUENCES / 6 });
  });
}

test.run();

async function play(commands: readonly [number, RandomCommand][]): Promise<EventState> {
  const clock = { timeMs: 1_000_000 };
  const store = createModelHoldStore({ nowMs: () => clock.timeMs });
  const source = { chartHash: CHART, seatCount: SEATS, sale: 'open', policy: POLICY } as const;
  await store.loadBegin(EVENT, { token: 't', version: 1, ...source });
  await store.loadPart(EVENT, { token: 't', seats: [{ seat: 0, holder: 'x' }] });
  await store.loadEnd(EVENT, { token: 't' });
  const state = store.state(EVENT);
  for (const [waitMs, command] of commands) {
    clock.timeMs += waitMs;
    const lastNowMs = clock.timeMs + state.shiftMs;
    await command.prepare({ event: EVENT, state, lastNowMs })(store);
  }
  return state;
}

function evidenceOf(state: EventState): AuditEvidence {
  const { epoch, offset, chain, seatCount, policy, holders, holds, owned, due, ended, feed } =
    state;
  const map = Uint8Array.from({ length: seatCount }, (_, seat) =>
    stateOfHolder(holders.get(seat) ?? ''),
  );
  return {
    ...{ seatCount, policy, map, holders, holds, owned, due, ended, feed },
    position: { epoch, offset, chain },
    base: { offset: 0, chain: GENESIS_CHAIN, holders: LOADED, owners: new Map() },
    journals: [],
    viewers: [],
  };
}
