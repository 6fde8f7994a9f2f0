import { startStack, suite, type TestStack } from '@holdfast/infra/testing';
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { type OpenShow, openShow } from '../testing/open-show.ts';
import { openBrowser } from '../testing/page/browser.ts';
import { colourAt, colourDistance } from '../testing/page/screen-colour.ts';
import { openShopWindow, type ShopWindow, type WindowPlan } from '../testing/page/shop-window.ts';
import { until } from '../testing/until.ts';

/** Small enough for a phone, large enough to need a zoom there. */
const HALL = hallChart({ sections: 3, rows: 8, seatsPerRow: 10 });
const SHORT_HOLD_MS = 6_000;
const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 3,
  hasTouch: true,
  isMobile: true,
} as const;
/** Two looks of a seat that a person tells apart at a glance. */
const CLEARLY_OTHER_COLOUR = 40;
const SAME_COLOUR = 12;

/** Several waits of up to 15 s each; the one that fails shall have the word, not the test's limit. */
const LIMITS = { timeoutMs: 60_000 };

type Room = { stack: TestStack; browser: Browser; calm: OpenShow; short: OpenShow };
type Given = { room: Room | null };
const test = suite<Given>('first light: pages', { room: null });

test.before(async (given) => {
  const stack = await startStack({ page: true });
  const browser = await openBrowser();
  const calm = await openShow(stack, { id: 'calm-light', chart: HALL });
  const policy = { holdTtlMs: SHORT_HOLD_MS };
  const short = await openShow(stack, { id: 'short-light', chart: HALL, policy });
  given.room = { stack, browser, calm, short };
});

test.after(async ({ room }) => {
  await room?.browser.close();
  await room?.stack.stop();
});

function roomOf({ room }: Given): Room {
  if (room === null) throw new Error('stack or browser did not start');
  return room;
}

/** Opens as many windows as plans, hands them over, and closes them; none may have met any trouble. */
async function inWindows(
  { browser, stack }: Room,
  show: OpenShow,
  plans: readonly Pick<WindowPlan, 'options' | 'prepare'>[],
  body: (...windows: ShopWindow[]) => Promise<void>,
): Promise<void> {
  const url = stack.gatewayUrl;
  const open = (plan: Pick<WindowPlan, 'options' | 'prepare'>): Promise<ShopWindow> =>
    openShopWindow(browser, { url, event: show.id, ...plan });
  const windows = await Promise.all(plans.map(open));
  await Promise.all(windows.map((window) => window.untilConnection('live')));
  await body(...windows);
  for (const window of windows) assert.equal(window.troubles.take(), [], 'console of a page');
  await Promise.all(windows.map((window) => window.close()));
}

test(
  'I4: a seat tapped in one window turns in the other, and again when it is given back',
  async (given) => {
    const room = roomOf(given);
    await inWindows(room, room.calm, [{}, {}], async (mine, theirs) => {
      if (!mine || !theirs) return;
      const seat = 'B-3-4';
      const look = async (window: ShopWindow) =>
        colourAt(room.browser, window.page, await window.probe(seat));
      const free = await look(theirs);
      await mine.choose(seat);
      await mine.untilLook(seat, 'mine');
      await theirs.untilLook(seat, 'held');
      await mine.untilBasket([seat]);
      assert.equal(await theirs.basket(), []);
      const held = await look(theirs);
      assert.ok(colourDistance(free, held) > CLEARLY_OTHER_COLOUR, `${free} beside ${held}`);
      assert.ok(
        colourDistance(await look(mine), held) > CLEARLY_OTHER_COLOUR,
        'mine is not theirs',
      );
      await mine.press('release');
      await theirs.untilLook(seat, 'available');
      await mine.untilLook(seat, 'available');
      const again = await look(theirs);
      assert.ok(colourDistance(free, again) < SAME_COLOUR, `${free} and again ${again}`);
    });
  },
  LIMITS,
);

test(
  'a hold that runs out is free again in both windows, and its owner is told',
  async (given) => {
    const room = roomOf(given);
    await inWindows(room, room.short, [{}, {}], async (mine, theirs) => {
      if (!mine || !theirs) return;
      await mine.choose('A-1-1');
      await mine.untilBasket(['A-1-1']);
      await theirs.untilLook('A-1-1', 'held');
      await theirs.untilLook('A-1-1', 'available');
      await mine.untilLook('A-1-1', 'available');
      await mine.untilMessage(/Your time is over/);
      await mine.untilBasket([]);
    });
  },
  LIMITS,
);

test(
  'a page that is loaded again finds its hold, with all its seats and its time',
  async (given) => {
    const room = roomOf(given);
    await inWindows(room, room.calm, [{}], async (window) => {
      if (!window) return;
      const seats = ['A-2-5', 'A-2-6'];
      for (const seat of seats) {
        await window.choose(seat);
        await window.untilLook(seat, 'mine');
      }
      await window.untilBasket(seats);
      await window.page.reload();
      await window.untilBasket(seats);
      for (const seat of seats) await window.untilLook(seat, 'mine');
      assert.match(await window.page.getByTestId('time-left').innerText(), /4:00|3:[345]\d/);
      await window.press('release');
      await window.untilBasket([]);
    });
  },
  LIMITS,
);

test(
  'I5: who was slower is told so in words, keeps the rest of the basket, and sees the seat taken',
  async (given) => {
    const room = roomOf(given);
    const gate = Promise.withResolvers<void>();
    /** The slower shopper's change of the basket waits on its way. */
    const prepare = async (page: Page): Promise<void> => {
      await page.route('**/holds/*', async (route) => {
        if (route.request().method() === 'PATCH') await gate.promise;
        await route.continue();
      });
    };
    await inWindows(room, room.calm, [{}, { prepare }], async (faster, slower) => {
      if (!faster || !slower) return;
      await slower.choose('C-1-1');
      await slower.untilBasket(['C-1-1']);
      await slower.choose('C-1-2');
      await slower.untilLook('C-1-2', 'adding');
      await faster.choose('C-1-2');
      await faster.untilBasket(['C-1-2']);
      gate.resolve();
      const words = await slower.untilMessage(/Somebody was faster/);
      assert.match(words, /Block C, row 1, seat 2 is taken/);
      await slower.untilLook('C-1-2', 'held');
      await slower.untilBasket(['C-1-1']);
      for (const window of [faster, slower]) {
        await window.press('release');
        await window.untilBasket([]);
      }
    });
  },
  LIMITS,
);

test(
  'I4: when the hub dies the page says so, comes back by itself, and shows what changed meanwhile',
  async (given) => {
    const room = roomOf(given);
    const { stack, calm } = room;
    const [hub] = stack.hubs;
    await inWindows(room, calm, [{}], async (window) => {
      if (!window || !hub) return;
      const words = await noteConnection(window.page);
      const before = hub.pid();
      await hub.crash();
      await window.untilConnection('offline');
      const request = {
        params: { event: calm.id },
        body: { seats: ['A-8-1'], chartHash: calm.chartHash },
      };
      const blocked = await calm.operator.call('blockSeats', request);
      assert.is(blocked.kind, 'done');
      await window.untilConnection('live', 30_000);
      assert.is.not(hub.pid(), before);
      await window.untilLook('A-8-1', 'blocked');
      assert.match((await words()).join(' '), /^live offline .*catching-up live$/);
      await calm.operator.call('unblockSeats', request);
      await window.untilLook('A-8-1', 'available');
      // What Chromium itself writes when a connection cannot be made.
      assert.equal(window.troubles.take(/WebSocket connection to .* failed/), []);
    });
  },
  LIMITS,
);

/** What the badge said since this call, each word once in a row. */
async function noteConnection(page: Page): Promise<() => Promise<string[]>> {
  const noted = await page.getByTestId('connection').evaluateHandle((badge) => {
    const words = [badge.getAttribute('data-state') ?? ''];
    const note = (): void => {
      const word = badge.getAttribute('data-state') ?? '';
      if (words.at(-1) !== word) words.push(word);
    };
    new MutationObserver(note).observe(badge, { attributes: true });
    return words;
  });
  return () => noted.jsonValue();
}

test(
  'an outdated page reloads itself once; if it is still outdated then, it says so and stays',
  async (given) => {
    const room = roomOf(given);
    let loads = 0;
    const old = /"protocol":\d+/;
    const prepare = async (page: Page): Promise<void> => {
      page.on('load', () => {
        loads += 1;
      });
      await page.routeWebSocket(/socket\.io/, (socket) => {
        const hub = socket.connectToServer();
        socket.onMessage((message) => hub.send(`${message}`.replace(old, '"protocol":0')));
      });
    };
    const { browser, stack, calm } = room;
    const plan = { url: stack.gatewayUrl, event: calm.id, prepare };
    const window = await openShopWindow(browser, plan);
    await window.untilMessage(/out of date/);
    await window.untilConnection('outdated');
    assert.is(loads, 2, 'once by the test, once by itself');
    await window.page.reload();
    await window.untilMessage(/out of date/);
    assert.is(loads, 3, 'not again for the same version');
    await window.page.unrouteAll();
    assert.equal(window.troubles.take(), []);
    await window.close();
  },
  LIMITS,
);

test(
  'on a phone the seats can be tapped, the basket is in sight and nothing runs off the side',
  async (given) => {
    const room = roomOf(given);
    await inWindows(room, room.calm, [{ options: PHONE }, {}], async (phone, desk) => {
      if (!phone || !desk) return;
      await phone.choose('B-5-5');
      await phone.untilBasket(['B-5-5']);
      await desk.untilLook('B-5-5', 'held');
      const sideways = await phone.page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      assert.is(sideways, 0);
      for (const part of ['basket-seat', 'time-left', 'release', 'connection', 'seat-map']) {
        const box = await phone.page.getByTestId(part).boundingBox();
        const { width, height } = PHONE.viewport;
        const inSight = box !== null && box.x >= 0 && box.x + box.width <= width && box.y < height;
        assert.ok(inSight, `${part} is in sight: ${JSON.stringify(box)}`);
      }
      await phone.page.getByTestId('release').tap();
      await phone.untilBasket([]);
      await desk.untilLook('B-5-5', 'available');
    });
  },
  LIMITS,
);

test(
  'from the list of events a click leads to the map, without loading a page',
  async (given) => {
    const { browser, stack, calm } = roomOf(given);
    const page = await browser.newPage();
    await page.goto(stack.gatewayUrl);
    const cards = page.getByTestId('event');
    await until('both events are listed', async () => (await cards.count()) === 2);
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.locator(`a[href="/events/${calm.id}"]`).click();
    await page.getByTestId('seat-map').waitFor();
    assert.is(loads, 0);
    await page.close();
  },
  LIMITS,
);

test(
  'the policy forbids foreign and inline scripts, and these tests would see a breach of it',
  async (given) => {
    const room = roomOf(given);
    const answer = await fetch(room.stack.gatewayUrl);
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /script-src 'self'/);
    assert.not.match(policy, /unsafe/);
    await inWindows(room, room.calm, [{}], async (window) => {
      if (!window) return;
      const breach = window.page.addScriptTag({ content: 'window.foreign = 1' });
      await breach.then(
        () => assert.unreachable('an inline script ran'),
        () => undefined,
      );
      assert.ok(window.troubles.take().some((line) => /Content Security Policy/.test(line)));
    });
  },
  LIMITS,
);

test.run();
