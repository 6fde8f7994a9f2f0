import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { until } from '../until.ts';
import { type PageTroubles, watchForTroubles } from './page-troubles.ts';

/** How a seat is painted, in the page's own words (`client-solid`, the map element's probe). */
export type SeatLook = 'available' | 'held' | 'booked' | 'blocked' | 'mine' | 'adding' | 'dropping';

const seatProbe = z.object({
  x: z.number(),
  y: z.number(),
  inSight: z.boolean(),
  look: z.enum(['available', 'held', 'booked', 'blocked', 'mine', 'adding', 'dropping']),
  choosable: z.object({ mouse: z.boolean(), touch: z.boolean() }),
});
export type SeatProbe = z.infer<typeof seatProbe>;

/** One browser window of one shopper at one event, driven as a person would: by what is on the screen. */
export type ShopWindow = {
  readonly page: Page;
  readonly troubles: PageTroubles;
  probe(label: string): Promise<SeatProbe>;
  /** Taps or clicks the seat, after coming near enough for the screen to take it. */
  choose(label: string): Promise<void>;
  untilLook(label: string, look: SeatLook, limitMs?: number): Promise<void>;
  untilConnection(state: ConnectionWord, limitMs?: number): Promise<void>;
  untilMessage(says: RegExp): Promise<string>;
  /** Labels of the seats in the basket that the server has granted. */
  basket(): Promise<string[]>;
  untilBasket(labels: readonly string[]): Promise<void>;
  press(testId: string): Promise<void>;
  close(): Promise<void>;
};

export type ConnectionWord =
  | 'live'
  | 'unverified'
  | 'catching-up'
  | 'offline'
  | 'outdated'
  | 'refused';

export type WindowPlan = {
  /** `http://localhost:<port>` */
  readonly url: string;
  readonly event: string;
  readonly options?: BrowserContextOptions;
  /** Before the page is loaded: routes of the test's own. */
  readonly prepare?: (page: Page) => Promise<void>;
};

const SCREEN: BrowserContextOptions = { viewport: { width: 1_280, height: 800 } };
const LIMIT_MS = 15_000;

/** Opens a window with a storage of its own, thus another shopper, and waits for its map. */
export async function openShopWindow(browser: Browser, plan: WindowPlan): Promise<ShopWindow> {
  const context = await browser.newContext({ ...SCREEN, ...plan.options });
  const page = await context.newPage();
  const troubles = watchForTroubles(page);
  await plan.prepare?.(page);
  await page.goto(`${plan.url}/events/${plan.event}`);
  await page.getByTestId('seat-map').waitFor();
  const touch = plan.options?.hasTouch === true;
  return shopWindow(page, troubles, touch);
}

function shopWindow(page: Page, troubles: PageTroubles, touch: boolean): ShopWindow {
  const map = page.getByTestId('seat-map');
  const probe = (label: string): Promise<SeatProbe> => probeSeat(map, label);
  const granted = page.locator('[data-testid="basket-seat"][data-state="held"]');
  // Read in one go: a line may leave between a look at the list and a look at the line.
  const basket = (): Promise<string[]> =>
    granted.evaluateAll((lines) => lines.map((line) => line.getAttribute('data-label') ?? ''));
  return {
    ...{ page, troubles, probe, basket },
    choose: async (label) => {
      await tapAt(page, await comeNear(page, probe, label, touch), touch);
    },
    untilLook: async (label, look, limitMs) => {
      const what = `seat ${label} is painted as ${look}`;
      await until(what, async () => (await probe(label)).look === look, limitMs);
    },
    untilConnection: async (state, limitMs = LIMIT_MS) => {
      const badge = page.locator(`[data-testid="connection"][data-state="${state}"]`);
      await badge.waitFor({ timeout: limitMs });
    },
    untilMessage: (says) => {
      const message = page.getByTestId('message').filter({ hasText: says }).first();
      return message.innerText({ timeout: LIMIT_MS });
    },
    untilBasket: async (labels) => {
      const wanted = inOrder(labels);
      const what = `the basket has [${wanted}]`;
      await until(what, async () => inOrder(await basket()) === wanted);
    },
    press: (testId) => page.getByTestId(testId).click(),
    close: () => page.context().close(),
  };
}

async function probeSeat(map: Locator, label: string): Promise<SeatProbe> {
  const answer = await map.evaluate((host, seat): unknown => {
    const probe: unknown = Reflect.get(host, 'probe');
    return typeof probe === 'function' ? probe.call(host, seat) : null;
  }, label);
  const read = seatProbe.safeParse(answer);
  if (!read.success) throw new Error(`the map knows no seat ${label}`);
  return read.data;
}

/**
 * Zooms in where the seat is until a tap there chooses it, and answers its place. The camera flies,
 * so a place only counts once it has stood still for a while.
 */
async function comeNear(
  page: Page,
  probe: (label: string) => Promise<SeatProbe>,
  label: string,
  touch: boolean,
): Promise<SeatProbe> {
  const isReady = ({ choosable }: SeatProbe): boolean =>
    touch ? choosable.touch : choosable.mouse;
  const far = await probe(label);
  if (!isReady(far)) {
    await tapAt(page, far, touch);
    await until(`a tap brings seat ${label} near`, async () => isReady(await probe(label)));
  }
  let last = far;
  let looks = 0;
  const place = await until(`the map stands still at seat ${label}`, async () => {
    const now = await probe(label);
    looks = now.x === last.x && now.y === last.y ? looks + 1 : 0;
    last = now;
    return looks >= STILL_LOOKS ? now : null;
  });
  if (!place.inSight) throw new Error(`seat ${label} is out of sight`);
  return place;
}

/** A flight changes the map every frame; so many equal looks in a row are longer than some frames. */
const STILL_LOOKS = 5;

async function tapAt(page: Page, { x, y }: SeatProbe, touch: boolean): Promise<void> {
  if (touch) await page.touchscreen.tap(x, y);
  else await page.mouse.click(x, y);
}

function inOrder(labels: readonly string[]): string {
  return labels.toSorted((one, other) => one.localeCompare(other)).join(' ');
}
