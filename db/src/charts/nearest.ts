/** ` (did you mean "Stalls"?)` when one of `names` is close to what was written, else ''. */
export function didYouMean(written: string, names: readonly string[]): string {
  const wanted = written.toLowerCase();
  let best = '';
  let bestDistance = Math.max(1, Math.floor(wanted.length / DIFFERENCE_SHARE)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best === '' ? '' : ` (did you mean "${best}"?)`;
}

/** At most a third of the letters may differ before a name is no longer "close". */
const DIFFERENCE_SHARE = 3;

/** Levenshtein distance: insertions, deletions and replacements from one text to the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
