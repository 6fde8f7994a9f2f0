import { realAmbient } from '@holdfast/infra/runtime';
import { startStack, type TestStack } from '@holdfast/infra/testing';
import { type LiveViewer, openLiveViewer } from '../../testing/live-viewer.ts';
import type { OpenShow } from '../../testing/open-show.ts';
import { readFigures, sumOfFigures } from '../../testing/process-figures.ts';
import { shopperToken } from '../../testing/sale/random-sale.ts';
import { until } from '../../testing/until.ts';

const LIVE_LIMIT_MS = 90_000;

/** Starts a stack with one hub for one test, and ends it. */
export async function withHub(body: (stack: TestStack) => Promise<void>): Promise<void> {
  const stack = await startStack({});
  await body(stack).finally(() => stack.stop());
}

/** The sum of a hub's figures of that name; 0 where it has none yet. */
export async function hubFigure(stack: TestStack, which: RegExp): Promise<number> {
  const [hub] = stack.hubs;
  if (hub === undefined) throw new Error('a stack has a hub');
  const figures = await readFigures(hub);
  return [...figures].some(([name]) => which.test(name)) ? sumOfFigures(figures, which) : 0;
}

/** Opens viewers of everything through the gateway; resolves when all are live. */
export async function openViewers(
  stack: TestStack,
  show: OpenShow,
  count: number,
): Promise<readonly LiveViewer[]> {
  const token = await shopperToken(stack);
  const ambient = realAmbient();
  const viewers = Array.from({ length: count }, (_, at) =>
    openLiveViewer({
      ...{ name: `viewer-${at + 1}`, url: stack.gatewayUrl, origin: stack.gatewayUrl },
      ...{ token, show, ambient, sections: 'all' },
    }),
  );
  await until(
    `${count} viewers are live`,
    () => viewers.every((one) => one.isLive()),
    LIVE_LIMIT_MS,
  );
  return viewers;
}
