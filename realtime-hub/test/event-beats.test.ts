import { createManualAmbient, suite } from '@holdfast/infra/testing';
import {
  BEAT_PERIOD_MS,
  type Beat,
  decodeBeat,
  decodeFrame,
  readWatchReply,
  sectionDigest,
} from '@holdfast/realtime-hub/protocol';
import * as assert from 'uvu/assert';
import { SeatPicture } from '../src/viewer/seat-picture.ts';
import { EVENT, openSimulatedEvent, SECTIONS } from './simulated-event.ts';
import { startSimulatedHub } from './simulated-hub.ts';

const test = suite('beats of an event');

/** What one socket was sent, in order, and the picture that its answer and frames make. */
type Heard = {
  readonly order: string[];
  readonly beats: { readonly atMs: number; readonly beat: Beat }[];
  readonly picture: SeatPicture;
};

async function beating() {
  const ambient = createManualAmbient();
  const event = await openSimulatedEvent(ambient);
  const hub = startSimulatedHub(event.store, ambient);
  await ambient.settle();
  const join = (sections: 'all' | readonly number[]): Heard => {
    const heard: Heard = { order: [], beats: [], picture: new SeatPicture(SECTIONS) };
    const socket = {
      rooms: new Set<string>(),
      deliver: (name: string, text: string) => take(heard, name, text),
    };
    hub.sockets.add(socket);
    const reply = readWatchReply(hub.watch(socket, { sections }));
    assert.ok(reply.ok && reply.value.outcome === 'watching');
    if (reply.ok && reply.value.outcome === 'watching') {
      for (const [section, kind, payload = ''] of reply.value.sections) {
        if (kind === 'full') heard.picture.apply(section, kind, payload);
      }
    }
    return heard;
  };
  const take = ({ order, beats, picture }: Heard, name: string, text: string): void => {
    order.push(name);
    const frame = decodeFrame(text);
    if (name === 'f' && frame.ok) {
      for (const { section, kind, payload } of frame.value.parts) {
        picture.apply(section, kind, payload);
      }
    }
    const beat = decodeBeat(text);
    if (name === 'b' && beat.ok) {
      beats.push({ atMs: ambient.clock.monotonicMs(), beat: beat.value });
    }
  };
  const flip = async (seat: number): Promise<void> => {
    const { epoch, entries } = await event.flip(seat);
    hub.reader.feed(EVENT, epoch, entries);
  };
  return { ambient, hub, join, flip };
}

test('a beat comes every 5 s, whether or not anything changed', async () => {
  const { ambient, hub, join, flip } = await beating();
  const { beats } = join('all');
  await ambient.advance(BEAT_PERIOD_MS);
  await flip(1);
  await ambient.advance(2 * BEAT_PERIOD_MS);
  assert.equal(
    beats.map(({ atMs }) => atMs),
    [5_000, 10_000, 15_000],
  );
  hub.stop();
});

test('a beat follows a flush: what waits for its tick goes out first, and the digests are of it', async () => {
  const { ambient, hub, join, flip } = await beating();
  const { order, beats, picture } = join('all');
  await ambient.advance(BEAT_PERIOD_MS - 10);
  await flip(1);
  await ambient.settle();
  // The tick of the first frame is not over, so this one would wait past the beat.
  await flip(20);
  await ambient.advance(10);
  assert.equal(order, ['f', 'f', 'b']);
  const [first] = beats;
  assert.equal([first?.beat.hubOffset, first?.beat.lastFrame], [2, 2]);
  assert.equal(
    first?.beat.digests,
    SECTIONS.map((_, section) => picture.digest(section)),
  );
  assert.equal([picture.map[1], picture.map[20]], [3, 3]);
  hub.stop();
});

test('the digests are of the published seats, one byte a seat, as every viewer can reckon them', async () => {
  const { ambient, hub, join, flip } = await beating();
  const { beats } = join('all');
  for (const seat of [0, 13, 58]) await flip(seat);
  await ambient.advance(BEAT_PERIOD_MS);
  const map = hub.reader.find(EVENT)?.map ?? new Uint8Array();
  assert.equal([map[0], map[13], map[58]], [3, 3, 3]);
  assert.equal(
    beats.at(-1)?.beat.digests,
    SECTIONS.map(({ start, seatCount }) => sectionDigest(map, start, start + seatCount)),
  );
  hub.stop();
});

test('the beat of a section tells the last frame of its own chain and how far the hub is', async () => {
  const { ambient, hub, join, flip } = await beating();
  const { beats, picture } = join([0]);
  await flip(1);
  await ambient.advance(1_000);
  await flip(20);
  await ambient.advance(BEAT_PERIOD_MS - 1_000);
  const { scope, hubOffset, lastFrame, digests } = beats.at(-1)?.beat ?? {};
  assert.equal({ scope, hubOffset, lastFrame }, { scope: 0, hubOffset: 2, lastFrame: 1 });
  assert.equal(digests, [picture.digest(0)]);
  hub.stop();
});

test('nobody in a room, no beat; a stopped channel beats no more', async () => {
  const { ambient, hub, join } = await beating();
  const { order } = join([]);
  await ambient.advance(BEAT_PERIOD_MS);
  assert.equal(order, []);
  const watcher = join('all');
  hub.stop();
  await ambient.advance(2 * BEAT_PERIOD_MS);
  assert.equal(watcher.order, []);
  assert.is(ambient.armed(), 0);
});

test.run();
