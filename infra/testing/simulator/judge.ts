import { type AuditEvidence, auditEvent, type ViewerMap } from '@holdfast/db/audit';
import { type EventState, samePosition, stateOfHolder } from '@holdfast/db/model';
import type { Installation } from './installation.ts';
import type { Chapter } from './store-history.ts';
import { journalsOf, type ToldJournal } from './told-entries.ts';

/** Something that must never be. */
export type Violation = { readonly code: string; readonly sentence: string };

/** What is still to come before everything is as it must be; null when nothing is. */
export function unrestOf(all: Installation, sale: string): string | null {
  const { state, history } = all.store;
  if (state.epoch === '0' || state.loading !== null) return 'the event is not open';
  if (!history.settled) return 'the jumped clock of the store is not settled';
  for (const { name, running } of [...all.apis, ...all.hubs, ...all.workers]) {
    if (running === null || running.life.standsStill || running.switches.drains) {
      return `${name} is away`;
    }
    if (!running.link.passes) return `${name} does not reach the store`;
  }
  if (all.shoppers.some(({ busy }) => busy > 0)) return 'a shopper waits for an answer';
  if (state.sale !== sale) return `the sale is ${state.sale} and its document says ${sale}`;
  return overdue(all) ?? projections(all) ?? viewers(all);
}

function overdue({ store }: Installation): string | null {
  const nowMs = store.eventMs();
  for (const [hold, dueAtMs] of store.state.due) {
    if (dueAtMs <= nowMs) return `hold ${hold} is due since ${nowMs - dueAtMs} ms`;
  }
  return null;
}

function projections(all: Installation): string | null {
  const { state, event } = all.store;
  const map = mapOf(state);
  for (const { name, running } of [...all.apis, ...all.hubs]) {
    const projection = running?.service.reader.find(event);
    if (projection === undefined) continue;
    const isThere = projection.ready && samePosition(projection.position, state);
    if (!isThere || projection.map.some((seat, at) => seat !== map[at])) {
      return `the map of ${name} is not the store's`;
    }
  }
  return null;
}

function viewers({ viewers: all, store }: Installation): string | null {
  const map = mapOf(store.state);
  for (const { name, viewer, sale, shown } of all) {
    if (viewer.state.kind !== 'live') return `${name} is ${viewer.state.kind}`;
    if (sale !== store.state.sale) return `${name} shows the sale as ${sale}`;
    const differs = shown().some(({ from, map: seats }) =>
      seats.some((seat, at) => seat !== map[from + at]),
    );
    if (differs) return `${name} does not show what the store has (I4)`;
  }
  return null;
}

/** The audit of every chapter, the last one with what viewers show. */
export function auditAll(all: Installation): Violation[] {
  const { history } = all.store;
  const told = all.shoppers.map(({ journal }) => journal);
  const chapters = history.chapters();
  return chapters.flatMap((chapter, at) => {
    const isLast = at === chapters.length - 1;
    const seen = isLast ? all.viewers.flatMap(({ shown }) => shown()) : [];
    const evidence = evidenceOf(chapter, told, seen, all);
    if (evidence === null) return [];
    const where = isLast ? '' : ` (chapter ${at + 1} of ${chapters.length})`;
    return auditEvent(evidence).map(({ code, sentence }) => ({
      code,
      sentence: `${sentence}${where}`,
    }));
  });
}

/** A viewer that follows its rules is never wrong; the digests of beats are for what nobody foresaw. */
export function wrongViewers({ viewers: all, store }: Installation): Violation[] {
  if (store.history.wentBack) return [];
  return all
    .filter(({ wrong }) => wrong > 0)
    .map(({ name, wrong }) => ({
      code: 'viewer.wrong',
      sentence: `${name} showed wrong seats ${wrong} times, until a beat told it (I4).`,
    }));
}

function evidenceOf(
  chapter: Chapter,
  told: readonly ToldJournal[],
  viewersSeen: readonly ViewerMap[],
  { store }: Installation,
): AuditEvidence | null {
  const { state, base, archived } = chapter;
  if (base === null || state.loading !== null) return null;
  const { seatCount, policy, epoch, offset, chain, holders, holds, owned, due, ended, feed } =
    state;
  return {
    ...{ seatCount, policy, holders, holds, owned, due, ended, base },
    position: { epoch, offset, chain },
    feed: [...archived, ...feed],
    map: mapOf(state),
    journals: journalsOf(chapter, told, store.history),
    viewers: viewersSeen,
  };
}

function mapOf({ seatCount, holders }: EventState): Uint8Array {
  return Uint8Array.from({ length: seatCount }, (_, seat) =>
    stateOfHolder(holders.get(seat) ?? ''),
  );
}
