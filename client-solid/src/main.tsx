import { createApiClient } from '@holdfast/booking-api/contract';
import type { Ambient, CancelTimer } from '@holdfast/db/model';
import { render } from 'solid-js/web';
import { App } from './app.tsx';
import { broadcastTabs } from './shop/broadcast-tabs.ts';
import { takeTurns } from './shop/one-tab-at-a-time.ts';
import { createSessionKeeper, type SessionKeeper } from './shop/session.ts';
import type { Site } from './shop/site.ts';
import './style/base.css';
import './style/events.css';
import './style/shop.css';
import './style/map.css';
import './style/basket.css';

/** The page's clock, timers and chance: the only file of the client that touches the globals. */
function browserAmbient(): Ambient {
  const cancels = (timer: number): CancelTimer => {
    return () => window.clearTimeout(timer);
  };
  return {
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    timers: {
      after: (delayMs, task) => cancels(window.setTimeout(task, delayMs)),
      every: (periodMs, task) => cancels(window.setInterval(task, periodMs)),
    },
    random: {
      fraction: () => Math.random(),
      bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    },
  };
}

function openSite(): Site {
  const ambient = browserAmbient();
  const own = { fetch: window.fetch.bind(window), baseUrl: '' };
  const api = createApiClient({ ...own, token: () => session.token });
  const anonymous = createApiClient({ ...own, token: () => null });
  const session: SessionKeeper = createSessionKeeper({
    storage: () => localStorage,
    request: () => api.call('createSession', {}),
    oneTabAtATime: takeTurns(navigator.locks, 'holdfast.session', ambient.timers),
    clock: ambient.clock,
  });
  const tabs = broadcastTabs(() => new BroadcastChannel('holdfast.basket'));
  return { api, anonymous, session, ambient, tabs };
}

const page = document.getElementById('page');
if (page === null) throw new Error('index.html has no element #page');
const site = openSite();
render(() => <App site={site} />, page);
