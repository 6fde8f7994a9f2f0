import type { ChaosOutcome, ChaosRoundTold } from './chaos-run.ts';

/** The exact command that begins with this round again. */
export function againCommand(seed: number): string {
  return `npm run chaos -- --minutes 1 --seed ${seed}`;
}

/** One line when a round is over, more when it found something. */
export function roundLines(round: ChaosRoundTold, spentMs: number): string[] {
  const { number, seed, findings, feedRecords, calmedMs } = round;
  const verdict = findings.length === 0 ? 'clean' : `${findings.length} FINDINGS`;
  const spent = `${Math.round(spentMs / 1_000)} s`;
  const line = `${spent}, round ${number} (seed ${seed}): ${verdict}, ${feedRecords} transitions, calm after ${calmedMs} ms`;
  if (findings.length === 0) return [line];
  return [line, ...findings.map((finding) => `  ${finding}`), `  again: ${againCommand(seed)}`];
}

const MEBIBYTE = 2 ** 20;

/** The one page at the end. */
export function reportLines(outcome: ChaosOutcome, spentMs: number): string[] {
  const { rounds, tally, residentBytes, repairs } = outcome;
  const dirty = rounds.filter(({ findings }) => findings.length > 0);
  const transitions = rounds.reduce((sum, { feedRecords }) => sum + feedRecords, 0);
  const calmedMs = rounds.map((round) => round.calmedMs).sort((a, b) => a - b);
  const memory = [...residentBytes].map(
    ([name, bytes]) => `${name} ${Math.round(bytes / MEBIBYTE)}`,
  );
  return [
    `${rounds.length} rounds in ${Math.round(spentMs / 1_000)} s, ${transitions} transitions`,
    ...tally.lines().map((line) => `  ${line}`),
    `Calm again after ${calmedMs.at(0) ?? 0} to ${calmedMs.at(-1) ?? 0} ms`,
    `Resident memory at the end, MiB: ${memory.join(', ') || 'not known here'}`,
    `Seats that a reader had wrong: ${repairs}`,
    dirty.length === 0
      ? 'Findings: none'
      : `Findings in ${dirty.length} rounds: ${dirty.map(({ seed }) => againCommand(seed)).join('; ')}`,
  ];
}
