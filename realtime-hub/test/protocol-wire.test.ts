import { eventId } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import {
  createSeatChanges,
  decodeBeat,
  decodeFrame,
  decodeFullState,
  decodeOverview,
  decodeSeatChanges,
  encodeFrame,
  encodeFullState,
  encodeSeats,
  type Frame,
  movedDigest,
  readHubRefusal,
  readOwnerNotice,
  readSaleMessage,
  readWatchReply,
  sectionDigest,
} from '@holdfast/realtime-hub/protocol';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { decodeDelta, deltaEntry, encodeDelta } from '../src/emitter/delta.ts';
import { seatChanges } from './protocol-vectors.ts';

const test = suite('socket wire');

const SECTION_SEATS = 4_096;
const touchedSeats = fc.uniqueArray(fc.integer({ min: 0, max: SECTION_SEATS - 1 }), {
  maxLength: 3_000,
});

test('a section payload gives back exactly the touched seats and is never longer than its full state', () => {
  const into = createSeatChanges();
  const states = new Uint8Array(SECTION_SEATS);
  fc.assert(
    fc.property(touchedSeats, fc.uint8Array({ minLength: 64, maxLength: 64 }), (seats, noise) => {
      const map = Uint8Array.from({ length: SECTION_SEATS }, (_, at) => (noise[at % 64] ?? 0) & 3);
      const sorted = seats.toSorted((a, b) => a - b);
      const changes = seatChanges(sorted.map((seat) => [seat, map[seat] ?? 0]));
      const { kind, payload } = encodeSeats(changes, map, 0, SECTION_SEATS);
      assert.ok(payload.length <= encodeFullState(map, 0, SECTION_SEATS).length);
      if (kind === 'full') {
        assert.ok(decodeFullState(payload, SECTION_SEATS, states));
        assert.equal(states, map);
        return;
      }
      assert.ok(decodeSeatChanges(payload, SECTION_SEATS, into));
      assert.equal([...into.indexes.subarray(0, into.count)], sorted);
      assert.equal(
        [...into.states.subarray(0, into.count)],
        sorted.map((seat) => map[seat]),
      );
    }),
  );
});

test('a payload that names a seat beyond its section is refused and applies nothing', () => {
  const into = createSeatChanges();
  const map = new Uint8Array(200);
  const { payload } = encodeSeats(seatChanges([[150, 1]]), map, 0, 200);
  assert.ok(decodeSeatChanges(payload, 151, into));
  assert.not.ok(decodeSeatChanges(payload, 150, into));
  assert.is(into.count, 0);
});

test('the digest of a section can be kept change by change and equals the digest of the whole', () => {
  const seats = fc.array(fc.tuple(fc.nat(99), fc.nat(3)), { maxLength: 200 });
  fc.assert(
    fc.property(seats, (changes) => {
      const map = new Uint8Array(100);
      let digest = sectionDigest(map, 0, 100);
      for (const [seat, state] of changes) {
        digest = movedDigest(digest, seat, map[seat] ?? 0, state);
        map[seat] = state;
      }
      assert.is(digest, sectionDigest(map, 0, 100));
    }),
  );
});

test('a frame is one ASCII string that gives back its scope, epoch, offsets and parts', () => {
  const part = fc.record(
    {
      section: fc.nat(999),
      kind: fc.constantFrom<('changes' | 'full')[]>('changes', 'full'),
      payload: fc.stringMatching(/^[A-Za-z0-9_-]{0,40}$/),
    },
    { noNullPrototype: true },
  );
  const frame: fc.Arbitrary<Frame> = fc
    .record({
      scope: fc.oneof(fc.constant<'all'>('all'), fc.nat(999)),
      epoch: fc.nat().map(String),
      prev: fc.nat(),
      parts: fc.array(part, { maxLength: 30 }),
    })
    .map((fields) => ({ ...fields, offset: fields.prev + 1 }));
  fc.assert(
    fc.property(frame, (given) => {
      const text = encodeFrame(given);
      assert.match(text, /^[\x20-\x7e]*$/);
      assert.equal(decodeFrame(text), { ok: true, value: given });
    }),
  );
});

test('readers of the wire never throw, whatever they are given', () => {
  const readers = [
    decodeFrame,
    decodeBeat,
    decodeOverview,
    readWatchReply,
    readOwnerNotice,
    readSaleMessage,
    readHubRefusal,
    decodeDelta,
  ];
  const vectors = ['*|7|1|2|3:AA', '3|7|9|8|zz', '7|9|1,2', '1|gala|7|3:0000000000000000:'];
  const broken = fc
    .tuple(fc.constantFrom(...vectors), fc.nat(30), fc.string({ maxLength: 5 }))
    .map(([text, at, noise]) => text.slice(0, at) + noise + text.slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(fc.anything({ withNullPrototype: true }), broken), (value) => {
      for (const read of readers) read(value);
    }),
    { numRuns: 2_000 },
  );
  const hostile = JSON.parse('{"__proto__":{"outcome":"refused"},"constructor":1}') as unknown;
  for (const read of readers) read(hostile);
  assert.is(readHubRefusal(hostile), null);
});

test('a delta gives back the offsets, chains and states of the feed entries it was built from', () => {
  const chain = (digit: string): string => digit.repeat(16);
  const tail = 'gala.0123456789012345678901|0|shopper|tap|req|trace|1700000000000';
  const entries = [
    { offset: 8, prev: chain('a'), chain: chain('b'), line: `8|place|placed|3:-:h,4:-:h|${tail}` },
    { offset: 9, prev: chain('b'), chain: chain('c'), line: `9|commit|booked|3:h:b|${tail}` },
    { offset: 10, prev: chain('c'), chain: chain('d'), line: `10|block|blocked|7:-:x|${tail}` },
  ].map(deltaEntry);
  const delta = { event: eventId('gala'), epoch: '1700000000000001', entries };
  const text = encodeDelta(delta);
  assert.is(text.includes('req'), false, 'request ids and holders stay out of it');
  assert.equal(decodeDelta(text), delta);
  assert.equal(entries[2]?.states, [3]);
});

test.run();
