/** What kind of place a path of the checkout is; the walls differ in who may pass. */

/** A process's outermost file: it may take what others are handed. */
export function isMain(path: string): boolean {
  return /(^|\/)main\.tsx?$/.test(path);
}

/** Tests, and what exists for tests, benchmarks and starting things on one machine only. */
export function isHarness(path: string): boolean {
  return (
    isTest(path) ||
    path.startsWith('infra/testing/') ||
    path.startsWith('perf/') ||
    isLauncher(path)
  );
}

export function isTest(path: string): boolean {
  return /^[^/]+\/test\//.test(path);
}

export function isLauncher(path: string): boolean {
  return path.startsWith('infra/local/') || path.startsWith('infra/setup/');
}

/** Tool configuration such as `vite.config.ts`, whose form the tool decides. */
export function isToolConfig(path: string): boolean {
  return path.endsWith('.config.ts');
}

/** `db/src/charts/create-event/main.ts` is a command that lives beside what it uses. */
export function isCommandOfDb(path: string): boolean {
  return path.startsWith('db/') && isMain(path);
}

/** `db`, `realtime-hub`, ... */
export function workspaceOf(path: string): string {
  return path.split('/')[0] ?? '';
}
