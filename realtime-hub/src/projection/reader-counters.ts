/** What a reader has done since it was made; a service copies these into its metrics. */
export type ReaderCounters = {
  /** Entries applied, from deltas and from the feed. */
  applied: number;
  /** Entries that came before their turn. */
  early: number;
  /** Reads of the feed. */
  pulls: number;
  /** Entries that only the feed told: each is a lost delta. */
  pulled: number;
  /** Whole snapshots loaded, the first of each event included. */
  reloads: number;
  /** Snapshots compared with what was projected. */
  compared: number;
  /** Seats that a comparison had to repair: must read 0. */
  repairs: number;
  /** Epochs renewed because the store had gone back. */
  renewals: number;
  /** Store calls that failed; each is made again. */
  failures: number;
  /** Messages that were no deltas. */
  unreadable: number;
};

export function createReaderCounters(): ReaderCounters {
  return {
    applied: 0,
    early: 0,
    pulls: 0,
    pulled: 0,
    reloads: 0,
    compared: 0,
    repairs: 0,
    renewals: 0,
    failures: 0,
    unreadable: 0,
  };
}
