import { SECTION_SEATS_MAX } from '@holdfast/db/model';

/** Sections that one chart may have (the importers allow no more); bounds every list of a message. */
export const SECTIONS_MAX = 2_000;

/** Offsets that one `watch` names; sections beyond are answered in full, so a request stays small. */
export const OFFSETS_MAX = 1_000;

/** Seats of a section: the width of the index in a payload (`SECTION_SEATS_MAX` is 4,096). */
export const PAYLOAD_SEATS_MAX = SECTION_SEATS_MAX;

/** Longest frame, beat or overview that a viewer reads; a longer one is not ours. */
export const MESSAGE_CHARS_MAX = 1_000_000;

/** Longest message that a hub reads from a viewer, in bytes: the largest `watch` fits. */
export const REQUEST_BYTES_MAX = 32 * 1_024;

/** Longest token that a hub looks at. */
export const TOKEN_CHARS_MAX = 4_096;

/** An all-seats frame goes out at most this often. */
export const FRAME_TICK_MS = 50;

/** A beat follows a flush this often; a viewer that hears none for several periods asks again. */
export const BEAT_PERIOD_MS = 5_000;

export const OVERVIEW_PERIOD_MS = 1_000;
