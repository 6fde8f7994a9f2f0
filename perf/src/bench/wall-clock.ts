/** Milliseconds since 1970 with fractions, on a clock that does not jump within a run. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}
