/** What the troubled API and its test agree on: who holds exactly these seats meets the trouble. */
export const PAUSE_SEATS = [0, 1] as const;
export const PAUSE_POINT = 'between lock and write';
export const BLOCK_SEATS = [2, 3] as const;
export const BLOCKING = 'the event loop is about to be blocked';
export const BLOCK_MS = 5_000;
