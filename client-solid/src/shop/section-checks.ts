import type { SectionState } from '@holdfast/realtime-hub/viewer';

/**
 * How many sections are shown but being checked: their seats did not have the digest that the hub
 * told, so they may be wrong until they have been asked for anew.
 */
export type SectionChecks = {
  /** Takes a section's new state; gives how many are being checked now. */
  note(section: number, state: SectionState): number;
};

export function createSectionChecks(): SectionChecks {
  const checking = new Set<number>();
  return {
    note(section, state) {
      // Of an unknown section nothing is shown that could be wrong.
      if (state === 'checking') checking.add(section);
      else checking.delete(section);
      return checking.size;
    },
  };
}
