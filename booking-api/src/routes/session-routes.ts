import type { Handlers } from '../edge/call.ts';
import { startSession } from '../use-cases/start-session.ts';

export function sessionRoutes(
  parts: Parameters<typeof startSession>[0],
): Pick<Handlers, 'createSession'> {
  return {
    createSession: async () => ({ status: 201, body: await startSession(parts) }),
  };
}
