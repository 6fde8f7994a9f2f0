/**
 * The bounds of every plan and chart. They are checked before memory is spent, so that a plan of a
 * few bytes which asks for a billion seats is refused as quickly as a plan with a typing error.
 */

/** Seats of one chart. */
export const CHART_SEATS_MAX = 200_000;
/** Bytes of a plan file; looked up before the file is read. */
export const PLAN_BYTES_MAX = 64 * 1024 * 1024;
/** Braces and brackets that may be open at once; a real plan needs about ten. */
export const PLAN_DEPTH_MAX = 32;
/** Sections of one chart, after the large ones were cut. */
export const CHART_SECTIONS_MAX = 2_000;
/** Rows of one section. */
export const SECTION_ROWS_MAX = 2_000;
/** Category indexes are stored in a byte a seat. */
export const CATEGORIES_MAX = 64;
export const LEVELS_MAX = 32;
export const AREAS_MAX = 2_000;
/** Corners of one drawn area. */
export const AREA_POINTS_MAX = 2_000;
/** Characters of a name, and of a text that is drawn. */
export const NAME_LENGTH_MAX = 200;
/** Characters of a section id, a row name or a seat number. */
export const SHORT_NAME_LENGTH_MAX = 40;
/** Characters of a seat label; imported ones may be UUIDs with a prefix. */
export const LABEL_LENGTH_MAX = 128;
/** Coordinates reach from minus to plus this: ten kilometres in centimetres. */
export const COORDINATE_MAX = 1_000_000;
/** Minor units: one seat costs at most ten million of them. */
export const PRICE_MAX = 10_000_000;
