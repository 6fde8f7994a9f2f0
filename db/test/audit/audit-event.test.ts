import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { auditEvent } from '../../src/audit/door.ts';
import { Ledger, namedHold } from './ledger.ts';

const test = suite('audit of an honest event');

test('an event in which nothing happened is clean', () => {
  assert.equal(auditEvent(new Ledger(4).evidence()), []);
});

test('an event loaded with blocks starts from them', () => {
  const ledger = new Ledger(4, [1, 2]);
  ledger.unblock([2]);
  ledger.place('after', 'holder', [2]);
  assert.equal(auditEvent(ledger.evidence()), []);
});

test('every way a hold may live and end is clean', () => {
  const ledger = new Ledger(12);
  const amended = ledger.place('amended', 'holder', [0, 1]);
  ledger.amend(amended, [1, 2]);
  ledger.extend(amended);
  ledger.end(amended, 'released');
  ledger.end(ledger.place('expired', 'holder', [0, 1]), 'expired');
  ledger.end(ledger.place('revoked', 'holder', [0]), 'revoked');
  const booked = ledger.place('booked', 'holder', [5, 6]);
  ledger.beginConfirm(booked);
  ledger.end(booked, 'booked');
  const rejected = ledger.place('rejected', 'holder', [7]);
  ledger.beginConfirm(rejected);
  ledger.end(rejected, 'rejected');
  const cancelled = ledger.place('cancelled', 'holder', [8]);
  ledger.end(cancelled, 'booked');
  ledger.cancelBooking(cancelled);
  ledger.block([9, 10]);
  ledger.unblock([10]);
  const live = ledger.place('live', 'holder', [10]);
  ledger.beginConfirm(live);
  assert.equal(auditEvent(ledger.evidence()), []);
});

test('a booking that Cosmos has and Redis forgot enters as a repair record (I3)', () => {
  const ledger = new Ledger(4);
  const hold = ledger.place('late', 'holder', [0]);
  ledger.end(hold, 'expired');
  ledger.write('repair', 'booked', hold, [[0, '-', 'b']]);
  ledger.finish(hold, 'booked');
  assert.equal(auditEvent(ledger.evidence()), []);
});

test('a commit that takes the seats of a held hold ends that hold as revoked, once', () => {
  const ledger = new Ledger(4);
  const loser = ledger.place('loser', 'holder', [0, 1]);
  const winner = ledger.place('winner', 'rival', [2]);
  ledger.write('revoke', 'shrunk', loser, [[0, 'h', '-']]);
  ledger.write('revoke', 'revoked', loser, [[1, 'h', '-']]);
  ledger.finish(loser, 'revoked');
  ledger.write('commit', 'booked', winner, [
    [0, '-', 'b'],
    [1, '-', 'b'],
    [2, 'h', '-'],
  ]);
  ledger.finish(winner, 'booked');
  assert.equal(auditEvent(ledger.evidence()), []);
});

test('a confirming hold keeps its record when a booking takes its seats', () => {
  const ledger = new Ledger(4);
  const confirming = ledger.place('confirming', 'holder', [0]);
  ledger.beginConfirm(confirming);
  const winner = ledger.place('winner', 'rival', [1]);
  ledger.write('commit', 'booked', winner, [
    [0, `h=${confirming}`, 'b'],
    [1, 'h', 'b'],
  ]);
  ledger.finish(winner, 'booked');
  assert.equal(auditEvent(ledger.evidence()), []);
  ledger.write('reject', 'rejected', confirming, []);
  ledger.finish(confirming, 'rejected');
  assert.equal(auditEvent(ledger.evidence()), []);
});

test('cancelling what has expired already changes no seat and leaves no record', () => {
  const ledger = new Ledger(4);
  const hold = ledger.place('expired', 'holder', [0]);
  ledger.end(hold, 'expired');
  ledger.finish(hold, 'cancelled');
  assert.equal(auditEvent(ledger.evidence()), []);
});

test('a rejection of a hold that Redis never knew needs no record', () => {
  const ledger = new Ledger(4);
  const hold = ledger.place('known', 'holder', [0]);
  const never = namedHold('never');
  const evidence = ledger.evidence();
  const holds = new Map(evidence.holds);
  holds.set(never, { ...ledger.hold(hold), status: 'rejected' });
  assert.equal(auditEvent({ ...evidence, holds, ended: new Map([[never, 1]]) }), []);
});

test.run();
