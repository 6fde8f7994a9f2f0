/**
 * Loaded with `--import` into a process that was started with an IPC channel: when the parent is
 * gone, even by `kill -9`, this process gets SIGTERM and stops in its usual way. The channel alone
 * does not keep the process alive.
 */
import process from 'node:process';

/** The channel closes a moment before the system names a new parent. */
const LOOK_AGAIN_MS = 50;

const parent = process.ppid;

function stopWithoutParent() {
  // A process may also close the channel itself; then its parent is still there.
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  else setTimeout(stopWithoutParent, LOOK_AGAIN_MS).unref();
}

if (process.channel !== undefined && process.channel !== null) {
  process.once('disconnect', stopWithoutParent);
  process.channel.unref();
}

// A fork inherits the flags of its parent, but whether it stops with us is not for us to say.
const flag = process.execArgv.indexOf(import.meta.url);
if (flag > 0) process.execArgv.splice(flag - 1, 2);
