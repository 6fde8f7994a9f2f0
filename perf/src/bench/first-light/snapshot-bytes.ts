import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { packSnapshot, unpackSnapshot } from '@holdfast/booking-api/contract';
import {
  type Chart,
  SEAT_STATE_NAMES,
  type SeatMap,
  SeatState,
  seatLabels,
} from '@holdfast/db/model';
import { seededFraction } from '@holdfast/infra/testing';
import type { Check, Figure, Measure } from '../../harness/figure.ts';
import { readStadium } from '../venue.ts';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** As the API sends a snapshot that lives for a tick, and one that lives as long as a cache keeps it. */
const BROTLI_QUALITIES = [4, 9] as const;
const SEED = 1;
const BITS_PER_BYTE = 8;

/** Figure S, bytes: what a joiner of a stadium gets, beside the same as gzip of object JSON. */
export const snapshotBytes: Figure = {
  name: 'snapshot-bytes',
  title: 'Bytes of a snapshot of a stadium',
  limitMs: 60_000,
  run: async () => {
    const { chart } = await readStadium();
    const labels = seatLabels(chart);
    const measures: Measure[] = [{ label: 'seats', unit: '', value: chart.seatCount }];
    const checks: Check[] = [];
    for (const [state, map] of Object.entries(statesOf(chart))) {
      const packed = packSnapshot(chart.sections, map);
      const objects = labels.map((label, at) => ({
        label,
        state: SEAT_STATE_NAMES[map[at] === 2 ? 2 : 0],
      }));
      const json = Buffer.from(JSON.stringify(objects));
      const jsonGzip = (await gzipped(json)).length;
      const bytes = (label: string, value: number, peer?: number): void => {
        measures.push({ label: `${state}: ${label}`, unit: 'bytes', value });
        if (peer === undefined) return;
        measures.push({
          label: `${state}: gzip object JSON over ${label}`,
          unit: 'x',
          value: peer / value,
        });
      };
      bytes('raw', packed.length);
      bytes('gzip', (await gzipped(packed)).length, jsonGzip);
      for (const quality of BROTLI_QUALITIES) {
        const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
        bytes(`brotli ${quality}`, (await brotli(packed, { params })).length, jsonGzip);
      }
      bytes('object JSON', json.length);
      bytes('gzip object JSON', jsonGzip);
      bytes('entropy of independent seats', entropyBytes(map));
      const back = unpackSnapshot(chart.sections, packed);
      checks.push({
        what: `${state}: the packed map unpacks to itself`,
        passed: back !== null && Buffer.from(back).equals(Buffer.from(map)),
      });
    }
    const notes = [
      'Packed by the function that the API answers with: 2 bits a seat, each section on a fresh byte.',
      'Object JSON is [{"label":"…","state":"available"}, …], gzip at its usual level 6.',
      'Sold in blocks: whole rows from the front of each section; random: each seat by a seeded coin.',
    ];
    return { measures, ratios: [], checks, notes };
  },
};

function statesOf(
  chart: Chart,
): Readonly<Record<'empty' | 'half random' | 'half in blocks', SeatMap>> {
  const random = new Uint8Array(chart.seatCount);
  const fraction = seededFraction(SEED);
  for (let seat = 0; seat < random.length; seat += 1) {
    random[seat] = fraction() < 0.5 ? SeatState.booked : SeatState.available;
  }
  const blocks = new Uint8Array(chart.seatCount);
  for (const section of chart.sections) {
    let seat = section.start;
    for (const row of section.rows) {
      const sold = seat - section.start < section.seatCount / 2;
      blocks.fill(sold ? SeatState.booked : SeatState.available, seat, seat + row.numbers.length);
      seat += row.numbers.length;
    }
  }
  return {
    empty: new Uint8Array(chart.seatCount),
    'half random': random,
    'half in blocks': blocks,
  };
}

/** What no code of independent seats can get below, in bytes (blocks are not independent, and do). */
function entropyBytes(map: SeatMap): number {
  const counts = new Map<number, number>();
  for (const state of map) counts.set(state, (counts.get(state) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / map.length);
  return Math.ceil(bits / BITS_PER_BYTE);
}
