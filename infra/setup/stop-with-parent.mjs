/**
 * Loaded with `--import` into a process that was started with an IPC channel: when the other end is
 * gone, even by `kill -9`, this process gets SIGTERM and stops in its usual way. The channel alone
 * does not keep the process alive.
 */
import process from 'node:process';

if (process.channel !== undefined && process.channel !== null) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel.unref();
}
