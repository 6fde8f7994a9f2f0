import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * A stopped process cannot notice that its test died, and would stand still for ever. So while one is
 * stopped, a shell beside it waits for a word on a pipe. When the pipe closes without one, because the
 * test threw, was killed with -9 or forgot, it lets the process go on, which then finds its parent
 * gone and ends in order, and kills what is still there after that.
 */
const WATCH = `
read -r word && exit
kill -CONT "$1"
turns=0
while kill -0 "$1" && [ "$turns" -lt "$2" ]; do sleep 0.1; turns=$((turns + 1)); done
kill -KILL "$1"
`;

const TURN_MS = 100;
/** Longer than a service takes to end in order. */
const GRACE_MS = 20_000;

/** Begins to watch; call what it returns when the process runs again or is gone. */
export function guardStopped(pid: number, graceMs = GRACE_MS): () => void {
  // A group of its own: the runner ends the test's whole group.
  const guard = spawn('sh', ['-c', WATCH, 'sh', `${pid}`, `${graceMs / TURN_MS}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined); // without a shell the test's own clean-up must do
  guard.stdin.on('error', () => undefined);
  guard.unref();
  // A pipe to a child is a socket, though it is typed as any stream.
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return () => guard.stdin.end('over\n');
}
