import { Counter, Gauge, type Registry } from '@holdfast/infra/runtime';
import type { Reader } from '../projection/reader.ts';
import type { ReaderCounters } from '../projection/reader-counters.ts';
import type { RefusalCode } from '../protocol/refusal.ts';
import type { WatchAnswer } from '../protocol/watch-answer.ts';

/** What the hub counts. Figures of the projection are read from its own counters when asked for. */
export type HubMetrics = {
  connected(change: 1 | -1): void;
  /** A text went to `sockets` sockets. */
  sent(name: 'f' | 'b' | 'o', chars: number, sockets: number): void;
  answered(answer: WatchAnswer): void;
  refused(code: RefusalCode): void;
  slow(): void;
  unknownMessage(): void;
};

const READER_FIGURES: readonly (readonly [keyof ReaderCounters, string])[] = [
  ['applied', 'Feed entries applied to projections'],
  ['early', 'Deltas that came before their turn'],
  ['pulls', 'Reads of the feed'],
  ['pulled', 'Feed entries that no delta had told: lost deltas'],
  ['reloads', 'Whole snapshots loaded'],
  ['compared', 'Snapshots compared with the projection'],
  ['repairs', 'Seats that a comparison had to repair; must read 0'],
  ['renewals', 'Epochs renewed because Redis had gone back'],
  ['failures', 'Store calls that failed and were made again'],
  ['unreadable', 'Messages on the bus that were no deltas'],
];

export function createHubMetrics(
  registry: Registry,
  reader: () => Reader,
  nowMs: () => number,
): HubMetrics {
  const registers = [registry];
  const counter = (name: string, help: string, labels: readonly string[] = []) =>
    new Counter({ name: `holdfast_hub_${name}`, help, labelNames: [...labels], registers });
  const connections = new Gauge({
    name: 'holdfast_hub_connections',
    help: 'Sockets that passed the handshake',
    registers,
  });
  const texts = counter('texts_total', 'Frames (f), beats (b) and overviews (o) built', ['kind']);
  const deliveries = counter('deliveries_total', 'Texts times the sockets they went to', ['kind']);
  const bytes = counter('delivered_bytes_total', 'Payload bytes handed to sockets', ['kind']);
  const answers = counter('watched_sections_total', 'Sections answered, by kind', ['kind']);
  const refusals = counter('refusals_total', 'Refusals by code', ['code']);
  const slow = counter('slow_viewers_total', 'Sockets taken out of their rooms as too slow');
  const unknown = counter('unknown_messages_total', 'Messages that the protocol does not have');
  // Bound once: this is counted for every room and tick.
  const bound = (kind: string) => ({
    built: texts.labels(kind),
    delivered: deliveries.labels(kind),
    payload: bytes.labels(kind),
  });
  const sent = { f: bound('f'), b: bound('b'), o: bound('o') };
  for (const [figure, help] of READER_FIGURES) {
    new Counter({
      name: `holdfast_hub_projection_${figure}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(reader().counters[figure]);
      },
    });
  }
  new Gauge({
    name: 'holdfast_hub_projection_lag_seconds',
    help: 'Time since the least recently verified projection was seen at the head of its feed',
    registers,
    collect() {
      const atMs = nowMs();
      const ready = reader().projections.filter((projection) => projection.ready);
      const oldestMs = Math.min(atMs, ...ready.map((projection) => projection.verifiedAtMs));
      this.set((atMs - oldestMs) / 1_000);
    },
  });
  return {
    connected: (change) => connections.inc(change),
    sent: (kind, chars, sockets) => {
      const { built, delivered, payload } = sent[kind];
      built.inc();
      delivered.inc(sockets);
      payload.inc(chars * sockets);
    },
    answered: ({ sections }) => {
      for (const [, kind] of sections) answers.inc({ kind });
    },
    refused: (code) => refusals.inc({ code }),
    slow: () => slow.inc(),
    unknownMessage: () => unknown.inc(),
  };
}
