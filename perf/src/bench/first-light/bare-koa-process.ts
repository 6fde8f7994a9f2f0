import { createServer } from 'node:http';
import { createTokenVerifier } from '@holdfast/infra/runtime';
import { bodyParser } from '@koa/bodyparser';
import Koa from 'koa';
import { z } from 'zod';
import { serveTasks } from '../../harness/child-tasks.ts';

/**
 * The peer of the API: a Koa route that proves the token with the same verifier, parses the body and
 * answers 201 with as many bytes as a hold has. It validates nothing, limits nothing, stores nothing.
 */
const listenInput = z.object({ keysFile: z.string() });
const BEARER = 'Bearer ';

/** About as long as a hold of one seat. */
const ANSWER = {
  id: `bare.${'0'.repeat(22)}`,
  event: 'bare',
  status: 'held',
  seats: ['101-1-1'],
  rev: 1,
  deadline: '2040-06-01T19:30:00.000Z',
  remainingMs: 240_000,
  extensionsLeft: 10,
  quote: { currency: 'EUR', total: 4_500, seats: [{ label: '101-1-1', amount: 4_500 }] },
  at: '2040-06-01T19:26:00.000Z',
  position: { epoch: '1700000000000000', offset: 1, chain: '0'.repeat(16) },
};

async function listen(keysFile: string): Promise<number> {
  const verifier = createTokenVerifier(keysFile);
  const app = new Koa();
  app.use(bodyParser({ enableTypes: ['json'] }));
  app.use(async (ctx) => {
    const verified = await verifier.verify(ctx.get('Authorization').slice(BEARER.length));
    ctx.status = verified.ok ? 201 : 401;
    ctx.body = ANSWER;
  });
  const server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}

serveTasks({ listen: (input) => listen(listenInput.parse(input).keysFile) });
