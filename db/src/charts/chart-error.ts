/** What can be wrong with a plan or a stored chart. Stable: callers branch on it, people read the message. */
export type ChartErrorCode =
  | 'chart.file'
  | 'chart.too-large'
  | 'chart.json'
  | 'chart.format'
  | 'chart.invalid'
  | 'chart.empty'
  | 'chart.duplicate'
  | 'chart.limit'
  | 'chart.price';

/**
 * A plan or chart that is refused as a whole; nothing of it was stored. The message names the place
 * (`zones[2].rows[5].seats[3].category`), what is wrong there and what to do about it.
 */
export class ChartError extends Error {
  readonly code: ChartErrorCode;
  /** Path into the document, or '' where the document as a whole is meant. */
  readonly place: string;

  constructor(code: ChartErrorCode, place: string, problem: string, options?: ErrorOptions) {
    super(place === '' ? problem : `${place}: ${problem}`, options);
    this.name = 'ChartError';
    this.code = code;
    this.place = place;
  }
}
