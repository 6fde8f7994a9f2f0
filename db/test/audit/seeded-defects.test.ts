import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import {
  type AuditEvidence,
  auditEvent,
  FINDING_CODES,
  FINDINGS_PER_CODE_MAX,
  type FindingCode,
  type JournalEntry,
} from '../../src/audit/door.ts';
import type { HoldRecord } from '../../src/model/door.ts';
import { Ledger, namedHold } from './ledger.ts';

const test = suite('audit of seeded defects');
const SEATS = 6;
const seen = new Set<FindingCode>();

/** Fails unless the audit names `code`, about `seat` where one is given. */
function finds(code: FindingCode, evidence: AuditEvidence, seat?: number): void {
  const findings = auditEvent(evidence);
  seen.add(code);
  const told = findings.map((finding) => `${finding.code} ${finding.sentence}`).join('\n');
  const hit = findings.some(
    (finding) => finding.code === code && (seat === undefined || finding.seat === seat),
  );
  assert.ok(hit, `expected ${code}, got:\n${told}`);
}

/** One live hold of the holder on seats 0 and 1, one ended hold of a rival on seat 2. */
function story(): Ledger {
  const ledger = new Ledger(SEATS);
  ledger.place('holder-1', 'holder', [0, 1]);
  ledger.end(ledger.place('rival-1', 'rival', [2]), 'released');
  return ledger;
}

const HOLDER = namedHold('holder-1');
const RIVAL = namedHold('rival-1');

test('told.overlap: two clients were told that one seat is theirs (I1)', () => {
  const ledger = story();
  const evidence = ledger.evidence();
  const { position } = evidence;
  const thief: JournalEntry = {
    kind: 'held',
    hold: namedHold('thief'),
    seats: [1],
    deadlineMs: ledger.nowMs + 1_000,
    atMs: ledger.nowMs,
    position,
  };
  const journals = [...evidence.journals, { client: 'thief', entries: [thief] }];
  finds('told.overlap', { ...evidence, journals }, 1);
});

test('told.not-in-feed: an answer whose record is not in the feed', () => {
  const evidence = story().evidence();
  const journals = evidence.journals.map(({ client, entries }) => ({
    client,
    entries: entries.map((entry) =>
      entry.kind === 'held'
        ? { ...entry, position: { ...entry.position, chain: 'f'.repeat(16) } }
        : entry,
    ),
  }));
  finds('told.not-in-feed', { ...evidence, journals });
});

test('told.end-untrue: a client was told of an end that never came', () => {
  const evidence = story().evidence();
  const atMs = evidence.position.offset;
  const journals = [
    ...evidence.journals,
    { client: 'holder', entries: [{ kind: 'ended', hold: HOLDER, how: 'expired', atMs } as const] },
  ];
  finds('told.end-untrue', { ...evidence, journals });
});

test('told.end-untrue: a booking that was told and taken back (I2)', () => {
  const ledger = story();
  ledger.end(HOLDER, 'booked');
  const evidence = ledger.evidence();
  const feed = evidence.feed.map((entry) =>
    entry.line.includes('|commit|')
      ? { ...entry, line: entry.line.replace('commit|booked', 'release|released') }
      : entry,
  );
  finds('told.end-untrue', { ...evidence, feed });
});

test('feed.unreadable: a record that is not one', () => {
  const evidence = story().evidence();
  const feed = evidence.feed.map((entry, at) => (at === 0 ? { ...entry, line: '1|' } : entry));
  finds('feed.unreadable', { ...evidence, feed });
});

test('feed.gap: a record is missing in the middle', () => {
  const evidence = story().evidence();
  finds('feed.gap', { ...evidence, feed: evidence.feed.toSpliced(1, 1) });
});

test('feed.chain-broken: a record was rewritten after the fact', () => {
  const evidence = story().evidence();
  const feed = evidence.feed.map((entry, at) =>
    at === 1 ? { ...entry, line: entry.line.replace('2:-:h', '3:-:h') } : entry,
  );
  finds('feed.chain-broken', { ...evidence, feed });
});

test('feed.head-differs: the last record is missing', () => {
  const evidence = story().evidence();
  finds('feed.head-differs', { ...evidence, feed: evidence.feed.slice(0, -1) });
});

test('record.step-unknown: a verb that no script writes', () => {
  const ledger = story();
  ledger.write('steal', 'stolen', HOLDER, [[3, '-', 'h']]);
  finds('record.step-unknown', ledger.evidence());
});

test('record.step-illegal: amending a hold that has ended', () => {
  const ledger = story();
  ledger.write('amend', 'amended', RIVAL, [[3, '-', 'h']]);
  finds('record.step-illegal', ledger.evidence());
});

test('record.step-illegal: a place that names no hold, a block that names one', () => {
  const place = story();
  place.write('place', 'placed', '', [[3, '-', 'x']]);
  finds('record.step-illegal', place.evidence());
  const block = story();
  block.write('block', 'blocked', HOLDER, [[3, '-', 'x']]);
  finds('record.step-illegal', block.evidence());
});

test('record.change-illegal: a release that blocks a seat', () => {
  const ledger = story();
  ledger.write('release', 'released', HOLDER, [
    [0, 'h', 'x'],
    [1, 'h', '-'],
  ]);
  finds('record.change-illegal', ledger.evidence(), 0);
});

test('record.change-illegal: a place that takes a held seat', () => {
  const ledger = story();
  ledger.write('place', 'placed', namedHold('thief'), [[1, `h=${HOLDER}`, 'h']]);
  finds('record.change-illegal', ledger.evidence(), 1);
});

test('record.before-differs: a place whose holder check was removed', () => {
  const ledger = story();
  ledger.place('thief', 'another', [1]);
  finds('record.before-differs', ledger.evidence(), 1);
});

test('record.seat-unknown: a seat that the event does not have', () => {
  const ledger = story();
  ledger.write('block', 'blocked', '', [[SEATS, '-', 'x']]);
  finds('record.seat-unknown', ledger.evidence(), SEATS);
});

test('record.second-basket: an owner with two live holds', () => {
  const ledger = story();
  ledger.place('holder-2', 'holder', [4]);
  finds('record.second-basket', ledger.evidence());
});

test('record.owner-differs: a release that did not ask whose hold it is', () => {
  const ledger = story();
  const { owner } = ledger.hold(RIVAL);
  ledger.holds.set(HOLDER, { ...ledger.hold(HOLDER), owner });
  ledger.end(HOLDER, 'released');
  finds('record.owner-differs', ledger.evidence());
});

test('hold.over-cap: a place, and an amend, of more seats than the event allows', () => {
  const place = new Ledger(12);
  place.place('greedy', 'holder', [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  finds('hold.over-cap', place.evidence());
  const amend = new Ledger(12);
  amend.amend(amend.place('greedy', 'holder', [0]), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  finds('hold.over-cap', amend.evidence());
});

test('hold.over-cap is not claimed for as many seats as the event allows', () => {
  const ledger = new Ledger(12);
  ledger.amend(ledger.place('most', 'holder', [0, 1, 2, 3, 4, 5, 6, 7]), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(auditEvent(ledger.evidence()), []);
});

test('hold.over-time: a hold that was extended beyond what the event allows', () => {
  const ledger = story();
  const { placedAtMs } = ledger.hold(HOLDER);
  const deadlineMs = placedAtMs + ledger.policy.maxTotalMs + 1;
  finds('hold.over-time', withHold(ledger.evidence(), HOLDER, { deadlineMs }));
  const allowed = withHold(ledger.evidence(), HOLDER, { deadlineMs: deadlineMs - 1 });
  const codes = auditEvent(allowed).map(({ code }) => code);
  assert.not(codes.includes('hold.over-time'));
});

test('hold.ended-twice: two workers that both ended one hold (I3)', () => {
  const ledger = story();
  ledger.end(HOLDER, 'expired');
  ledger.write('expire', 'expired', HOLDER, []);
  finds('hold.ended-twice', ledger.evidence());
});

test('hold.ended-early: an expiry before its deadline (I6)', () => {
  const ledger = story();
  const { deadlineMs } = ledger.hold(HOLDER);
  ledger.nowMs = deadlineMs - 1;
  ledger.write('expire', 'expired', HOLDER, [
    [0, 'h', '-'],
    [1, 'h', '-'],
  ]);
  const evidence = ledger.evidence();
  finds('hold.ended-early', withHold(evidence, HOLDER, { status: 'expired' }));
});

test('hold.keeps-seats: an end that forgets to free a seat', () => {
  const ledger = story();
  ledger.write('release', 'released', HOLDER, [[0, 'h', '-']]);
  finds('hold.keeps-seats', ledger.evidence(), 1);
});

test('hold.vanished: a live hold without a record', () => {
  const evidence = story().evidence();
  const holds = new Map([...evidence.holds].filter(([id]) => id !== HOLDER));
  finds('hold.vanished', { ...evidence, holds });
});

test('hold.unrecorded: a live hold that the feed never saw', () => {
  const ledger = story();
  const evidence = ledger.evidence();
  const holds = new Map(evidence.holds).set(namedHold('ghost'), ledger.hold(HOLDER));
  finds('hold.unrecorded', { ...evidence, holds });
});

test('hold.status-differs: a hold stored as ended that the feed left alive', () => {
  finds('hold.status-differs', withHold(story().evidence(), HOLDER, { status: 'revoked' }));
});

test('hold.status-differs: a hold stored as cancelled that the feed left alive', () => {
  finds('hold.status-differs', withHold(story().evidence(), HOLDER, { status: 'cancelled' }));
});

test('hold.seats-differ: a hold that lists a seat it does not have', () => {
  finds('hold.seats-differ', withHold(story().evidence(), HOLDER, { seats: [0, 1, 3] }));
});

test('hold.seats-differ: a confirming hold that has a seat it does not list', () => {
  const ledger = story();
  ledger.beginConfirm(HOLDER);
  finds('hold.seats-differ', withHold(ledger.evidence(), HOLDER, { seats: [0] }));
});

test('map.wrong-length: a map that is too short', () => {
  const evidence = story().evidence();
  finds('map.wrong-length', { ...evidence, map: evidence.map.slice(1) });
});

test('map.differs: a seat shown free that is held', () => {
  const evidence = story().evidence();
  finds('map.differs', { ...evidence, map: evidence.map.with(0, 0) }, 0);
});

test('seats.differ: a holder that the feed did not make, and one that is missing', () => {
  const evidence = story().evidence();
  const added = new Map(evidence.holders).set(5, 'x' as const);
  finds('seats.differ', { ...evidence, holders: added }, 5);
  const lost = new Map([...evidence.holders].filter(([seat]) => seat !== 0));
  finds('seats.differ', { ...evidence, holders: lost }, 0);
});

test('owned.missing: a live hold that its owner would not find again', () => {
  finds('owned.missing', { ...story().evidence(), owned: new Set() });
});

test('owned.stray: a basket left behind by a hold that has ended', () => {
  const evidence = story().evidence();
  finds('owned.stray', { ...evidence, owned: new Set([...evidence.owned, `rival/${RIVAL}`]) });
});

test('due.missing: a live hold that nobody would look at again', () => {
  finds('due.missing', { ...story().evidence(), due: new Map() });
});

test('due.stray: an ended hold that is still due', () => {
  const evidence = story().evidence();
  finds('due.stray', { ...evidence, due: new Map(evidence.due).set(RIVAL, 1) });
});

test('due.wrong-score: a held hold that is due at another time than its deadline', () => {
  const evidence = story().evidence();
  finds('due.wrong-score', { ...evidence, due: new Map([[HOLDER, 1]]) });
});

test('due.wrong-score: a confirming hold whose look lies before its beginning', () => {
  const ledger = story();
  ledger.beginConfirm(HOLDER);
  finds('due.wrong-score', { ...ledger.evidence(), due: new Map([[HOLDER, ledger.nowMs]]) });
});

test('ended.missing: an ended hold that would never be trimmed', () => {
  finds('ended.missing', { ...story().evidence(), ended: new Map() });
});

test('ended.stray: a live hold in the ended index', () => {
  const evidence = story().evidence();
  finds('ended.stray', { ...evidence, ended: new Map(evidence.ended).set(HOLDER, 1) });
});

test('viewer.differs: a window that missed a change (I4)', () => {
  const evidence = story().evidence();
  const map = evidence.map.slice(1, 3).with(0, 2);
  finds('viewer.differs', { ...evidence, viewers: [{ name: 'window-2', from: 1, map }] }, 1);
});

test('a broken map of many seats is told a bounded number of times', () => {
  const evidence = new Ledger(10_000).evidence();
  const findings = auditEvent({ ...evidence, map: new Uint8Array(10_000).fill(1) });
  const maps = findings.filter((finding) => finding.code === 'map.differs');
  assert.is(maps.length, FINDINGS_PER_CODE_MAX);
});

test('every finding code has been made to appear', () => {
  assert.equal(
    FINDING_CODES.filter((code) => !seen.has(code)),
    [],
  );
});

function withHold(
  evidence: AuditEvidence,
  id: typeof HOLDER,
  change: Partial<HoldRecord>,
): AuditEvidence {
  const hold = evidence.holds.get(id);
  if (hold === undefined) throw new Error(`no hold ${id}`);
  return { ...evidence, holds: new Map(evidence.holds).set(id, { ...hold, ...change }) };
}

test.run();
