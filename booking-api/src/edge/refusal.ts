import type { Problem, ProblemCode } from '../contract/door.ts';

/** Members of a problem that a refusal adds to what the table says of its code. */
export type RefusalExtras = Partial<
  Pick<Problem, 'errors' | 'seats' | 'hold' | 'sale' | 'mostSeats' | 'retryAfterMs'>
>;

/** Why a request was not done. An outcome like any other: it is returned, never thrown. */
export type Refusal = RefusalExtras & {
  readonly kind: 'refused';
  readonly code: ProblemCode;
  /** One sentence about this very case; nothing of what lies behind the API. */
  readonly detail: string;
};

export function refuse(code: ProblemCode, detail: string, extras: RefusalExtras = {}): Refusal {
  return { kind: 'refused', code, detail, ...extras };
}

/** When to come back to something that passes by itself. */
export const RETRY_SOON_MS = 1_000;
