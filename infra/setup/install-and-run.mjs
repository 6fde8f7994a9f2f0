import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseNode } from './choose-node.mjs';
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs';
import { runAsShadow } from './run-as-shadow.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Loaded before the entry; ends it when this process is gone. */
const STOP_WITH_PARENT = new URL('./stop-with-parent.mjs', import.meta.url).href;

/**
 * @param {readonly string[]} words the entry (relative to the checkout) and its arguments
 * @returns {Promise<void>} settles when the entry ended; the exit code is then set
 */
export async function installAndRun(words) {
  const [entry, ...rest] = words;
  if (entry === undefined) {
    throw new Error('Say what to run: node infra/setup/prepare.mjs <entry.ts> [arguments]');
  }
  if (!dependenciesAreCurrent(ROOT)) await installDependencies(ROOT);
  const flags = ['--disable-warning=ExperimentalWarning', '--import', STOP_WITH_PARENT];
  await runAsShadow(chooseNode(ROOT), [...flags, resolve(ROOT, entry), ...rest], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // A process group of its own: Ctrl-C reaches the terminal's group, and the entry through us,
    // exactly once. In our group it would get one from the terminal and one or two forwarded.
    detached: true,
  });
}
