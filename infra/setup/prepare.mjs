/**
 * `npm start`, `npm test` and the other scripts begin here: `node infra/setup/prepare.mjs <entry.ts> [arguments]`.
 *
 * 1. Looks at the Node it runs on (20 or newer).
 * 2. Installs the dependencies when they are missing or another lock file asks for others.
 * 3. Runs the entry on Node 24, which is one of the dependencies, and becomes its shadow: signals
 *    go in, the exit code comes out, and if the shadow dies the entry is told to stop.
 *
 * Plain JavaScript without dependencies, because nothing is installed yet when it runs. This first
 * file keeps to syntax that very old versions parse, so that they get a sentence, not a stack trace.
 */
import process from 'node:process';

const OLDEST_MAJOR = 20;

if (Number(process.versions.node.split('.')[0]) < OLDEST_MAJOR) {
  console.error(
    `Holdfast needs Node ${OLDEST_MAJOR} or newer and this is ${process.version}. ` +
      'Install a newer one and run the command again.',
  );
  process.exit(1);
}
import('./install-and-run.mjs')
  .then((setup) => setup.installAndRun(process.argv.slice(2)))
  .catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
