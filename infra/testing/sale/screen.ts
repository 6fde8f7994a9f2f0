import type { ViewerMap } from '@holdfast/db/audit';

/** Something that watches an event and shows seats, whoever wrote it. */
export type Screen = {
  readonly name: string;
  /** Whether it claims that what it shows is true. */
  isLive(): boolean;
  /** Where it stands, for the message of a failed test. */
  describe(): string;
  /** What it shows of each watched section, for the audit. */
  shown(sections: 'all' | readonly number[]): ViewerMap[];
  stop(): void;
};
