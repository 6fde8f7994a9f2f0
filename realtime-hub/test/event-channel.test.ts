import { createManualAmbient, type ManualAmbient, suite } from '@holdfast/infra/testing';
import { decodeFrame, type Frame } from '@holdfast/realtime-hub/protocol';
import * as assert from 'uvu/assert';
import { EVENT, openSimulatedEvent, SEAT_COUNT } from './simulated-event.ts';
import { type SimulatedHub, startSimulatedHub } from './simulated-hub.ts';

const test = suite('event channel');

async function channelBench() {
  const manual = createManualAmbient();
  /** What a send to all seats costs; the clock moves by it while the flush runs. */
  const sending = { costMs: 0 };
  let spentMs = 0;
  const ambient: ManualAmbient = {
    ...manual,
    clock: { ...manual.clock, monotonicMs: () => manual.clock.monotonicMs() + spentMs },
  };
  const event = await openSimulatedEvent(ambient);
  const hub = startSimulatedHub(event.store, ambient);
  // The first snapshot was an event of its own; quiet begins a tick later.
  await ambient.advance(100);
  const join = (sections: 'all' | readonly number[]): Frame[] => {
    const frames: Frame[] = [];
    const socket = {
      rooms: new Set<string>(),
      deliver: (name: string, text: string) => {
        const frame = decodeFrame(text);
        if (name === 'f' && frame.ok) frames.push(frame.value);
        if (name === 'f') spentMs += sending.costMs;
      },
    };
    hub.sockets.add(socket);
    hub.watch(socket, { sections });
    return frames;
  };
  const flip = async (...seats: number[]): Promise<void> => {
    const told = [];
    for (const seat of seats) told.push(await event.flip(seat));
    for (const { epoch, entries } of told) hub.reader.feed(EVENT, epoch, entries);
  };
  return { ambient, event, hub, join, flip, sending };
}

function spans(frames: readonly Frame[]): [number, number][] {
  return frames.map(({ prev, offset }) => [prev, offset]);
}

function projected(hub: SimulatedHub): Uint8Array {
  return hub.reader.find(EVENT)?.map ?? new Uint8Array();
}

test('the first change after quiet goes out at once, then at most one frame per room and tick', async () => {
  const { ambient, hub, join, flip } = await channelBench();
  const frames = join('all');
  await flip(1);
  await ambient.settle();
  assert.equal(spans(frames), [[0, 1]]);
  await flip(2, 3, 4, 20, 21);
  await ambient.advance(49);
  assert.is(frames.length, 1);
  await ambient.advance(1);
  assert.equal(spans(frames), [
    [0, 1],
    [1, 6],
  ]);
  assert.equal(
    frames[1]?.parts.map((part) => part.section),
    [0, 1],
  );
  hub.stop();
});

/** How long after a flush of this cost the next frame leaves, changes waiting all the time. */
async function pauseAfter(costMs: number): Promise<number> {
  const { ambient, hub, join, flip, sending } = await channelBench();
  const frames = join('all');
  sending.costMs = costMs;
  await flip(1);
  await ambient.settle();
  assert.is(frames.length, 1);
  sending.costMs = 0;
  await flip(2);
  let waitedMs = 0;
  while (frames.length === 1 && waitedMs < 1_000) {
    waitedMs += 1;
    await ambient.advance(1);
  }
  hub.stop();
  return waitedMs;
}

test('after a flush that took long the next one waits twice its length, within bounds', async () => {
  assert.is(await pauseAfter(0), 50);
  assert.is(await pauseAfter(20), 50);
  assert.is(await pauseAfter(60), 120);
  assert.is(await pauseAfter(2_000), 250);
});

test('once flushes are quick again, so is the tick', async () => {
  const { ambient, hub, join, flip, sending } = await channelBench();
  const frames = join('all');
  sending.costMs = 100;
  await flip(1);
  await ambient.settle();
  sending.costMs = 0;
  await flip(2);
  await ambient.advance(200);
  assert.is(frames.length, 2);
  await flip(3);
  await ambient.advance(50);
  assert.is(frames.length, 3);
  hub.stop();
});

test('a seat that ended where it began is in the frame all the same', async () => {
  const { ambient, hub, join, flip } = await channelBench();
  const frames = join([0]);
  await flip(1, 1);
  await ambient.settle();
  assert.equal(spans(frames), [[0, 2]]);
  assert.is(frames[0]?.parts.length, 1);
  hub.stop();
});

test('a section room hears of its own section only, each with a chain of its own', async () => {
  const { ambient, hub, join, flip } = await channelBench();
  const [first, second] = [join([0]), join([1])];
  await flip(1);
  await ambient.advance(100);
  await flip(20);
  await ambient.advance(100);
  await flip(2);
  await ambient.advance(100);
  assert.equal(spans(first), [
    [0, 1],
    [1, 3],
  ]);
  assert.equal(spans(second), [[0, 2]]);
  hub.stop();
});

test('a frame longer than the full state of its section is sent as full state', async () => {
  const { ambient, hub, join, flip } = await channelBench();
  const frames = join('all');
  await flip(...Array.from({ length: SEAT_COUNT }, (_, seat) => seat));
  await ambient.settle();
  assert.ok(frames.every(({ parts }) => parts.every(({ kind }) => kind === 'full')));
  assert.ok(projected(hub).every((state) => state === 3));
  hub.stop();
});

test('row 34, I4: who joins between a change and its frame is at the end of that frame, never before its beginning', async () => {
  const { ambient, hub, join, flip } = await channelBench();
  await flip(1);
  await flip(2);
  const late = join('all');
  await ambient.advance(100);
  await flip(3);
  await ambient.settle();
  assert.equal(spans(late), [
    [1, 2],
    [2, 3],
  ]);
  hub.stop();
});

test.run();
