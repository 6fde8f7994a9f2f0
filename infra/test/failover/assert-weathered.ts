import type { TestStack } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { readFigures, sumOfFigures } from '../../testing/process-figures.ts';
import type { FailoverEnd } from './failover-sale.ts';
import { commonOffset } from './told-on-chain.ts';

/** What holds of every failover, whatever it forgot; prints what it was and how long it took. */
export async function assertWeathered(stack: TestStack, end: FailoverEnd): Promise<void> {
  const { tally } = end;
  console.log(`${describe(end)}\n${tally.lines().join('\n')}`);
  assert.equal(stack.troubles(), [], 'no process died');
  assert.equal(end.findings, []);
  for (const verb of ['place', 'amend']) {
    for (const never of ['unreachable', 'server.fault']) {
      assert.is(tally.of(verb, never), 0, `no ${verb} is ${never}`);
    }
  }
  for (const service of [...stack.apis, ...stack.hubs]) {
    const figures = await readFigures(service);
    assert.is(sumOfFigures(figures, /projection_.*repairs/), 0, `${service.name} repaired no map`);
  }
}

/** What holds beside that where there was no Redis for a while. */
export function assertRefusedMeanwhile({ tally }: FailoverEnd): void {
  assert.ok(tally.of('place', 'store.unavailable') > 0, 'some were refused meanwhile');
}

/** What holds beside that where writes were lost that people had been told of. */
export function assertLossTold({ before, after, forgotten, times }: FailoverEnd): void {
  assert.ok(commonOffset(before, after) < before.position.offset, 'records are lost');
  assert.ok(forgotten.records > 0, 'answers are lost');
  assert.is.not(after.position.epoch, before.position.epoch);
  assert.type(times.toldMs, 'number', 'every forgotten holder was told');
}

function describe({ before, after, forgotten, times }: FailoverEnd): string {
  const records = before.position.offset - commonOffset(before, after);
  const isKept = before.position.epoch === after.position.epoch;
  const revived = times.revivedMs === null ? '' : `ready to go on ${times.revivedMs} ms, `;
  const told = times.toldMs === null ? '' : `, forgotten holders told ${times.toldMs} ms`;
  return [
    `After the end: ${revived}first hold ${times.firstHoldMs} ms, screens right ${times.screensMs} ms${told}.`,
    `${records} records, ${forgotten.records} answers and ${forgotten.extensions} extensions forgotten, epoch ${isKept ? 'kept' : 'renewed'}.`,
  ].join(' ');
}
