import { suite } from '@holdfast/infra/testing';
import {
  encodeFullState,
  encodeSeatChanges,
  type Frame,
  sectionDigest,
  type WatchAnswer,
} from '@holdfast/realtime-hub/protocol';
import * as assert from 'uvu/assert';
import { Following } from '../src/viewer/following.ts';
import { SeatPicture } from '../src/viewer/seat-picture.ts';
import { seatChanges } from './protocol-vectors.ts';

const test = suite('following');

const SECTIONS = [
  { start: 0, seatCount: 8 },
  { start: 8, seatCount: 8 },
];
const EPOCH = '1700000000000001';

/** A viewer's bookkeeping at offset 10 of both sections, every seat available. */
function followingAtTen(): { following: Following; picture: SeatPicture; turns: string[] } {
  const turns: string[] = [];
  const picture = new SeatPicture(SECTIONS);
  const following = new Following(SECTIONS.length, picture, {
    seats: () => undefined,
    section: (section, state) => turns.push(`${section} ${state}`),
  });
  following.choose('all');
  following.answer({ sections: 'all' }, fullAnswer(10, new Uint8Array(16)));
  turns.length = 0;
  return { following, picture, turns };
}

function fullAnswer(offset: number, map: Uint8Array): WatchAnswer {
  return {
    outcome: 'watching',
    reached: true,
    epoch: EPOCH,
    offset,
    chartHash: 'c',
    seatCount: 16,
    sale: 'open',
    sections: SECTIONS.map(
      ({ start, seatCount }, section) =>
        [section, 'full', encodeFullState(map, start, start + seatCount)] as const,
    ),
  };
}

function frame(prev: number, offset: number, seat: number, state: number, epoch = EPOCH): Frame {
  const payload = encodeSeatChanges(seatChanges([[seat, state]]));
  return { scope: 'all', epoch, prev, offset, parts: [{ section: 0, kind: 'changes', payload }] };
}

test('row 34, I4: offset <= r: a frame that the snapshot has already is ignored', () => {
  const { following, picture } = followingAtTen();
  following.frame(frame(8, 10, 3, 1));
  assert.is(picture.map[3], 0);
  assert.is(following.isBehind(), false);
});

test('prev <= r < offset: a frame is applied, and all sections of its scope are at its offset', () => {
  const { following, picture } = followingAtTen();
  assert.is(following.frame(frame(9, 12, 3, 1)), 'fitted');
  assert.is(picture.map[3], 1);
  assert.equal([following.offset(0), following.offset(1)], [12, 12]);
});

test('row 33, I4: prev > r: a gap, nothing is applied and the request names where the viewer is', () => {
  const { following, picture } = followingAtTen();
  assert.is(following.frame(frame(11, 12, 3, 1)), 'missing');
  assert.is(picture.map[3], 0);
  assert.ok(following.isBehind());
  assert.equal(following.request(), {
    sections: 'all',
    epoch: EPOCH,
    offsets: [
      [0, 10],
      [1, 10],
    ],
  });
});

test('a viewer ahead of its hub in the same epoch is never taken back', () => {
  const { following } = followingAtTen();
  const request = following.request();
  const current = [
    [0, 'current'],
    [1, 'current'],
  ] as const;
  following.answer(request, { ...fullAnswer(7, new Uint8Array(16)), sections: current });
  assert.is(following.offset(0), 10);
  following.answer({ sections: 'all' }, fullAnswer(7, new Uint8Array(16).fill(2)));
  assert.equal([following.offset(0), following.isBehind()], [10, false]);
});

test('row 33, I4: a beat: mine > F is skipped, mine < L asks, else a wrong digest turns the section to checking', () => {
  const { following, picture, turns } = followingAtTen();
  const right = sectionDigest(picture.map, 0, 8);
  const beat = { scope: 'all', epoch: EPOCH } as const;
  following.beat({ ...beat, hubOffset: 9, lastFrame: 9, digests: [1, 1] });
  assert.is(following.isBehind(), false);
  assert.is(
    following.beat({ ...beat, hubOffset: 11, lastFrame: 10, digests: [right, right] }),
    'fitted',
  );
  following.beat({ ...beat, hubOffset: 12, lastFrame: 10, digests: [right, 1] });
  assert.equal(turns, ['1 checking']);
  assert.equal(following.request().offsets, [[0, 10]], 'the checked section is asked in full');
  following.answer(following.request(), fullAnswer(10, new Uint8Array(16).fill(1)));
  assert.equal([turns.at(-1), picture.map[8]], ['1 shown', 1]);
  following.beat({ ...beat, hubOffset: 12, lastFrame: 12, digests: [right, right] });
  assert.ok(following.isBehind());
});

test('a frame of another epoch makes everything unknown, and its full parts are known again', () => {
  const { following } = followingAtTen();
  assert.is(following.frame(frame(3, 4, 3, 1, '1700000000000002')), 'other-epoch');
  assert.equal([following.offset(0), following.isBehind()], [-1, true]);
  const payload = encodeFullState(new Uint8Array(8), 0, 8);
  const parts = [
    { section: 0, kind: 'full', payload },
    { section: 1, kind: 'full', payload },
  ] as const;
  following.frame({ scope: 'all', epoch: '1700000000000003', prev: 0, offset: 9, parts });
  assert.equal([following.offset(1), following.isBehind()], [9, false]);
});

test('a part that cannot be read changes nothing and the section is asked in full', () => {
  const { following, picture } = followingAtTen();
  const parts = [{ section: 0, kind: 'changes', payload: '____' }] as const;
  following.frame({ scope: 'all', epoch: EPOCH, prev: 10, offset: 11, parts });
  assert.equal(picture.map, new Uint8Array(16));
  assert.equal(following.request().offsets, [[1, 11]]);
});

test.run();
