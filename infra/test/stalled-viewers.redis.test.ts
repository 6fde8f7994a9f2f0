import { sleep } from '@holdfast/db/model';
import { realAmbient } from '@holdfast/infra/runtime';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import type { LiveViewer } from '../testing/live-viewer.ts';
import { type OpenShow, openShow } from '../testing/open-show.ts';
import { shopperToken } from '../testing/sale/random-sale.ts';
import { until } from '../testing/until.ts';
import { hubFigure, openViewers, withHub } from './first-light/one-hub.ts';
import { openStalledViewers } from './first-light/stalled-viewers.ts';

const MIB = 1_024 * 1_024;
const STALLED = 500;
/** What waits for them, at most 64 KiB and one answer each, and twice as much that was not swept up yet. */
const STALLED_GROWTH_MAX_BYTES = 256 * MIB;
/** An answer with all 140,000 seats of this hall has 47 kB. */
const BIG_HALL = hallChart({ sections: 40, rows: 70, seatsPerRow: 50 });
/** All of them ask so often, */
const QUESTIONS = 5;
/** and these go on, as fast as a connection may: the network takes 2.6 MB from the hub by itself. */
const GREEDY = 40;
const GREEDY_LIMIT_MS = 60_000;
const QUESTION_PERIOD_MS = 200;
/** On a machine that does nothing else a change is seen after some 20 ms. */
const SEEN_LIMIT_MS = 5_000;
const SEATS_TURNED = 50;
const TEST_LIMIT_MS = 170_000;

const test = suite('viewers that do not read');

test(
  'row 35, I4: 500 viewers that stop reading and ask for more all the same cost the hub less than 256 MiB, are told that they are slow, and another viewer sees every change',
  () =>
    withHub(async (stack) => {
      const show = await openShow(stack, { id: 'stalled-light', chart: BIG_HALL });
      const token = await shopperToken(stack);
      const [bystander] = await openViewers(stack, show, 1);
      if (bystander === undefined) throw new Error('one viewer was opened');
      const states: string[] = [];
      // At the hub itself: a gateway in between would keep a good part of what is not read.
      const url = stack.hubs[0]?.url() ?? '';
      const where = { url, origin: stack.gatewayUrl, token, event: show.id };
      const stalled = await openStalledViewers({ ...where, count: STALLED });
      const slowOnes = (): Promise<number> =>
        hubFigure(stack, /refusals_total.*viewer.slow|slow_viewers_total/);
      const resident = (): Promise<number> => hubFigure(stack, /^process_resident_memory_bytes/);
      const before = await resident();
      let [peak, slowestMs] = [before, 0];
      let question = 0;
      const isOver = async (): Promise<boolean> => {
        stalled.ask(question < QUESTIONS ? STALLED : GREEDY);
        slowestMs = Math.max(slowestMs, await turnSeats(show, question, bystander));
        peak = Math.max(peak, await resident());
        states.push(bystander.viewer.state.kind);
        question += 1;
        await sleep(realAmbient().timers, QUESTION_PERIOD_MS);
        return question > QUESTIONS && (await slowOnes()) >= GREEDY;
      };
      try {
        await until('the greedy ones are told that they are slow', isOver, GREEDY_LIMIT_MS);
      } finally {
        stalled.stop();
        bystander.stop();
      }
      console.log(
        `the hub grew by ${Math.round((peak - before) / MIB)} MiB in ${question} rounds of questions, told viewers ${await slowOnes()} times that they are slow, and a change was seen after at most ${Math.round(slowestMs)} ms`,
      );
      assert.ok(peak - before < STALLED_GROWTH_MAX_BYTES, `${(peak - before) / MIB} MiB`);
      assert.equal([...new Set(states)], ['live'], 'the bystander was not disturbed');
      assert.equal(stack.troubles(), [], 'no process died');
    }),
  { timeoutMs: TEST_LIMIT_MS },
);

/** Blocks or frees a row and waits until the viewer shows it; gives how long it took. */
async function turnSeats(show: OpenShow, turn: number, bystander: LiveViewer): Promise<number> {
  const next = turn % 2 === 0 ? 3 : 0;
  const seats = show.labels.slice(0, SEATS_TURNED);
  const request = { params: { event: show.id }, body: { seats, chartHash: show.chartHash } };
  const verb = next === 3 ? 'blockSeats' : 'unblockSeats';
  // A busy machine may be late; then the call is said to have changed nothing and is made again.
  await until(`turn ${turn} is done`, async () => {
    return (await show.operator.call(verb, request)).kind === 'done';
  });
  const startedMs = performance.now();
  const shows = (): boolean => seats.every((_, seat) => bystander.viewer.map[seat] === next);
  await until('the viewer shows the turn', shows, SEEN_LIMIT_MS);
  return performance.now() - startedMs;
}

test.run();
