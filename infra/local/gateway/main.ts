import { startAdminServer } from '../../runtime/admin-server.ts';
import { runMain } from '../../runtime/lifecycle/run-main.ts';
import { createRegistry } from '../../runtime/metrics.ts';
import { startGateway } from './gateway-server.ts';
import { upstreamsMessage } from './upstreams.ts';

/** The gateway as a process of the local stack; the launcher tells it where the servers are. */
runMain('gateway', async ({ settings, logger, announceReady }) => {
  const gateway = await startGateway({
    host: settings.host,
    port: settings.gatewayPort,
    pageFolder: settings.pageFolder,
    logger,
  });
  process.on('message', (message) => {
    const parsed = upstreamsMessage.safeParse(message);
    if (parsed.success) gateway.setUpstreams(parsed.data);
  });
  const admin = await startAdminServer({
    host: settings.host,
    port: settings.adminPort,
    isReady: () => true,
    registry: createRegistry('gateway'),
    logger,
  });
  return {
    run: async () => announceReady({ port: gateway.port, adminPort: admin.port }),
    drain: () => gateway.drain(),
    stop: async () => {
      gateway.stop();
      await admin.stop();
    },
  };
});
