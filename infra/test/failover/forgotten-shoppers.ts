import { createApiClient } from '@holdfast/booking-api/contract';
import type { Journal } from '@holdfast/db/audit';
import { type Ambient, type HoldId, holdId } from '@holdfast/db/model';
import { seededFraction, type TestProcess, type TestStack } from '@holdfast/infra/testing';
import { createJournalledShopper } from '../../testing/journalled-shopper.ts';
import { openLiveViewer } from '../../testing/live-viewer.ts';
import type { OpenShow } from '../../testing/open-show.ts';
import { shopperToken } from '../../testing/sale/random-sale.ts';
import { until } from '../../testing/until.ts';

/** Shoppers at each hub who held a seat, and whose page said so. */
export type ForgottenShoppers = {
  readonly journals: readonly Journal[];
  /** How many of them were told `hold.lost` of the hold that they had. */
  told(): number;
  readonly count: number;
};

type Parts = {
  readonly stack: TestStack;
  readonly show: OpenShow;
  readonly ambient: Ambient;
  readonly seed: number;
};

const PER_HUB = 2;

/**
 * Places a hold for each and names it to a hub, as pages do; resolves when all are held, for longer
 * than the test lasts. `stops` gets what ends each page.
 */
export async function placeForgotten(
  parts: Parts,
  stops: (() => void)[],
): Promise<ForgottenShoppers> {
  const { stack, show } = parts;
  const fraction = seededFraction(parts.seed);
  const any = (): string => show.labels[Math.floor(fraction() * show.labels.length)] ?? '';
  const hubs = stack.hubs.flatMap((hub) => Array.from({ length: PER_HUB }, () => hub));
  const told = new Set<HoldId>();
  const journals = await Promise.all(
    hubs.map(async (hub, at) => {
      const name = `forgotten-${at + 1}`;
      const token = await shopperToken(stack);
      const api = createApiClient({ fetch, baseUrl: stack.gatewayUrl, token: () => token });
      const { id: event, chartHash, seatOf } = show;
      const shopper = createJournalledShopper({ name, api, event, chartHash, seatOf });
      await until('a seat is held', async () => (await shopper.place([any()])) === 'held');
      await until('it is extended', async () => (await shopper.extend()) === 'held');
      const hold = holdId(shopper.basket?.id ?? '');
      const onLost = (): void => void told.add(hold);
      await openPage({ ...parts, hub, name, token, hold, onLost }, stops);
      return shopper.journal;
    }),
  );
  return { journals, told: () => told.size, count: hubs.length };
}

/** Resolves when the hub knows which hold the page has. */
async function openPage(
  page: Parts & {
    readonly hub: TestProcess;
    readonly name: string;
    readonly token: string;
    readonly hold: HoldId;
    readonly onLost: () => void;
  },
  stops: (() => void)[],
): Promise<void> {
  const { stack, show, ambient, hub, name, token, hold } = page;
  const live = openLiveViewer({
    ...{ name, token, show, ambient, sections: 'all' },
    url: hub.url(),
    origin: stack.gatewayUrl,
    onNotice: (notice) => {
      if (notice.kind === 'hold.lost' && notice.hold === hold) page.onLost();
    },
  });
  stops.push(() => live.stop());
  // Before it connects: so its first question names the hold, and once live the hub knows it.
  live.viewer.nameHold(hold);
  await until('its page is live', () => live.isLive());
}
