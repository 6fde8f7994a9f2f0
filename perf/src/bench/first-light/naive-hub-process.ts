import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { z } from 'zod';
import { serveTasks } from '../../harness/child-tasks.ts';
import { paced } from '../paced.ts';

/**
 * The peer of the hub: plain Socket.IO that emits every change to everybody as a JSON object. The
 * changes are made right here, so it has no Redis, no projection and no authentication to pay for.
 */
const emitInput = z.object({ perSecond: z.number(), seconds: z.number() });
const SECOND_MS = 1_000;

const server = createServer();
const io = new Server(server, {
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
});

serveTasks({
  listen: async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return address === null || typeof address === 'string' ? 0 : address.port;
  },
  emit: async (input) => {
    const { perSecond, seconds } = emitInput.parse(input);
    const { lateMs } = await paced(perSecond * seconds, seconds * SECOND_MS, async (number) => {
      io.emit('seat', { seat: `101-1-${number}`, state: number % 2 === 0 ? 'held' : 'available' });
    });
    return lateMs;
  },
});
