import { isHarness, isMain, isTest, workspaceOf } from './places.ts';

/**
 * The doors of every workspace and who may come through. `exports` in each package.json lists the
 * same doors (a test compares); this table adds the callers. Services never see each other's src.
 */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  db: ['model', 'redis', 'charts', 'catalogue', 'audit'],
  'realtime-hub': ['protocol', 'viewer', 'projection', 'emitter', 'testing'],
  'booking-api': ['contract', 'testing'],
  'expiry-worker': ['testing'],
  infra: ['runtime', 'testing'],
};

/** Pure doors: they run in a browser, and nothing that is not pure may be behind them. */
export const BROWSER_SAFE_DOORS: readonly string[] = [
  '@holdfast/db/model',
  '@holdfast/realtime-hub/protocol',
  '@holdfast/realtime-hub/viewer',
  '@holdfast/booking-api/contract',
];

const STORAGE = ['@holdfast/db/model', '@holdfast/db/redis', '@holdfast/db/charts'];
const SERVICE = [...STORAGE, '@holdfast/db/catalogue', '@holdfast/infra/runtime'];

/** Doors for the shipped code below a folder; the longest folder that fits decides. */
const CALLERS: readonly (readonly [folder: string, doors: readonly string[]])[] = [
  ['db/src', []],
  ['realtime-hub/src', SERVICE],
  ['realtime-hub/src/protocol', ['@holdfast/db/model']],
  ['realtime-hub/src/viewer', ['@holdfast/db/model']],
  ['realtime-hub/src/projection', ['@holdfast/db/model', '@holdfast/infra/runtime']],
  [
    'booking-api/src',
    [
      ...SERVICE,
      '@holdfast/realtime-hub/protocol',
      '@holdfast/realtime-hub/projection',
      '@holdfast/realtime-hub/emitter',
    ],
  ],
  ['booking-api/src/contract', ['@holdfast/db/model']],
  [
    'expiry-worker/src',
    [
      ...SERVICE,
      '@holdfast/db/audit',
      '@holdfast/realtime-hub/protocol',
      '@holdfast/realtime-hub/projection',
      '@holdfast/realtime-hub/emitter',
    ],
  ],
  ['client-solid/src', BROWSER_SAFE_DOORS],
  ['infra/runtime', ['@holdfast/db/model', '@holdfast/db/redis']],
];

/** Why this door is closed to this file, or null. */
export function whyClosed(path: string, door: string): string | null {
  const [, workspace = '', ...rest] = door.split('/');
  const name = rest.join('/');
  if (!(DOORS[workspace] ?? []).includes(name)) return `there is no door ${door}`;
  if (isHarness(path)) return null;
  if (name === 'testing') return `${door} is for tests`;
  if (workspaceOf(path) === workspace) {
    // Another folder of the own workspace may be addressed by its door, one's own only by file.
    return path.startsWith(`${workspace}/src/${name}/`) ? `${door} is this file's own door` : null;
  }
  if (isCommand(path)) return null;
  const caller = CALLERS.filter(([folder]) => path.startsWith(`${folder}/`)).at(-1);
  if (caller?.[1].includes(door) === true) return null;
  return `${door} is closed to ${caller?.[0] ?? workspaceOf(path)}`;
}

/** A command of db is a process of its own; like every main.ts it connects the parts. */
function isCommand(path: string): boolean {
  return path.startsWith('db/src/') && isMain(path) && !isTest(path);
}
