import type { HoldId } from '@holdfast/db/model';

/**
 * The only request of a viewer: for joining, for closing a gap and for coming back. It replaces
 * what the socket watched before; a section that is not named is left.
 */
export type WatchRequest = {
  /** Section numbers (places in the chart), each once; `[]` for the overview alone. */
  readonly sections: 'all' | readonly number[];
  /** The epoch that the offsets belong to; absent when the viewer knows nothing yet. */
  readonly epoch?: string;
  /** How far the viewer is, by section. A watched section without an entry is answered in full. */
  readonly offsets?: readonly SectionOffset[];
  /**
   * The live hold of this page. When a new epoch begins, the hub looks it up and tells `hold.lost`
   * if the store forgot it: nobody else remembers that it was there.
   */
  readonly hold?: HoldId;
};

export type SectionOffset = readonly [section: number, offset: number];
