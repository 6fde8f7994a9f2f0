/** Names of rows in order: `A`, `B`, ... `Z`, `AA`, `AB` without the letters in `skip`, or numbers. */
export function rowNamesFrom(first: string, skip: string, count: number): string[] {
  if (/^[0-9]+$/.test(first)) {
    return Array.from({ length: count }, (_, at) => `${Number(first) + at}`);
  }
  const letters = [...ALPHABET].filter((letter) => !skip.includes(letter));
  const start = ordinalOf(first, letters);
  return Array.from({ length: count }, (_, at) => nameOf(start + at, letters));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Counting with letters has no zero: A is 1, Z is 26, AA is 27. */
function ordinalOf(name: string, letters: readonly string[]): number {
  return [...name].reduce(
    (sum, letter) => sum * letters.length + Math.max(0, letters.indexOf(letter)) + 1,
    0,
  );
}

function nameOf(ordinal: number, letters: readonly string[]): string {
  let name = '';
  for (let rest = ordinal; rest > 0; rest = Math.floor((rest - 1) / letters.length)) {
    name = `${letters[(rest - 1) % letters.length] ?? ''}${name}`;
  }
  return name;
}
