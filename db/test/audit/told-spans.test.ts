import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { type AuditEvidence, auditEvent, type JournalEntry } from '../../src/audit/door.ts';
import { Ledger, namedHold } from './ledger.ts';

const test = suite('spans that clients were told');
const SEATS = 6;

test('told.overlap: a long span hides no overlap behind a short one', () => {
  const evidence = new Ledger(SEATS).evidence();
  const span = (name: string, atMs: number, deadlineMs: number): AuditEvidence['journals'][0] => {
    const hold = namedHold(name);
    const { position } = evidence;
    return {
      client: name,
      entries: [{ kind: 'held', hold, seats: [0], deadlineMs, atMs, position }],
    };
  };
  const journals = [span('long', 0, 100), span('short', 10, 20), span('late', 50, 60)];
  const overlaps = auditEvent({ ...evidence, journals });
  assert.is(overlaps.length, 2);
});

test('told.overlap is not claimed after a deadline, an end, a lost answer or a new epoch', () => {
  const evidence = new Ledger(SEATS).evidence();
  const { position } = evidence;
  const held = (name: string, atMs: number, epoch = '7'): JournalEntry => {
    const at = { ...position, epoch };
    const hold = namedHold(name);
    return { kind: 'held', hold, seats: [0], deadlineMs: atMs + 100, atMs, position: at };
  };
  const journals = [
    { client: 'a', entries: [held('first', 0)] },
    { client: 'b', entries: [held('at-deadline', 100), ended('at-deadline', 110)] },
    { client: 'c', entries: [held('after-end', 110), unsettled('after-end', 120)] },
    { client: 'd', entries: [held('after-unsettled', 130)] },
    { client: 'e', entries: [held('other-life', 140, '8')] },
  ];
  assert.equal(auditEvent({ ...evidence, journals }), []);
});

test('told.overlap is not claimed for a seat that was given back before its owner heard of it (row 7)', () => {
  for (const how of ['release', 'amend']) {
    const ledger = new Ledger(SEATS);
    const hold = ledger.place('giver', 'giver', [0, 1]);
    const gone = ledger.nowMs;
    if (how === 'release') ledger.end(hold, 'released');
    else ledger.amend(hold, [1]);
    ledger.place('taker', 'taker', [0]);
    const evidence = ledger.evidence();
    const lateMs = ledger.nowMs + 1_000;
    const late = (entry: JournalEntry) =>
      entry.atMs === gone && entry.hold === hold ? { ...entry, atMs: lateMs } : entry;
    const journals = evidence.journals.map(({ client, entries }) => ({
      client,
      entries: entries.map(late),
    }));
    assert.equal(auditEvent({ ...evidence, journals }), [], how);
    const early = evidence.feed.map((entry) =>
      entry.line.includes('giver') ? { ...entry, line: `${entry.line}0` } : entry,
    );
    const codes = auditEvent({ ...evidence, feed: early, journals }).map(({ code }) => code);
    assert.ok(codes.includes('told.overlap'), how);
  }
});

function ended(name: string, atMs: number): JournalEntry {
  return { kind: 'ended', hold: namedHold(name), how: 'released', atMs };
}

function unsettled(name: string, atMs: number): JournalEntry {
  return { kind: 'unsettled', hold: namedHold(name), atMs };
}

test.run();
