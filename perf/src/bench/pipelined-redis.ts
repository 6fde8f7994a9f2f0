import { connect, type Socket } from 'node:net';

/** `redis-benchmark -P 16`: commands encoded beforehand, written sixteen at a time, replies only counted. */
const PIPELINE = 16;
const END_OF_BATCH = Buffer.from('*1\r\n$4\r\nPING\r\n');
const END_REPLY = '+PONG\r\n';

/** One connection that does nothing but send and wait: what Redis and one socket can do at most. */
export type PipelinedRedis = {
  /** Sends all commands, a pipeline at a time; resolves with the number of error replies. */
  send(commands: readonly Buffer[]): Promise<number>;
  close(): void;
};

export async function connectPipelined(port: number): Promise<PipelinedRedis> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => resolve());
  });
  socket.on('error', () => undefined); // the batch under way is rejected by 'close'
  return {
    send: async (commands) => {
      let errors = 0;
      for (let at = 0; at < commands.length; at += PIPELINE) {
        errors += await sendBatch(socket, commands.slice(at, at + PIPELINE));
      }
      return errors;
    },
    close: () => socket.destroy(),
  };
}

/** A script's answer never holds the line that PING is answered with, so that line ends the batch. */
function sendBatch(socket: Socket, batch: readonly Buffer[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!text.endsWith(END_REPLY)) return;
      socket.off('data', take);
      socket.off('close', closed);
      resolve(text.split('\r\n').filter((line) => line.startsWith('-')).length);
    };
    const closed = (): void => reject(new Error('Redis closed the connection'));
    socket.on('data', take);
    socket.once('close', closed);
    socket.write(Buffer.concat([...batch, END_OF_BATCH]));
  });
}

/** A command as Redis reads it (RESP2). */
export function encodeCommand(words: readonly string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`);
}
