import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { dataFolder } from '../local/launcher/data-folder.ts';
import { serviceEnvironment } from '../local/launcher/service-environment.ts';
import { readSettings } from '../runtime/config/read-settings.ts';

const test = suite('service environment');

function environment(
  base: Record<string, string> = {},
  overrides: Record<string, string> = {},
): Record<string, string | undefined> {
  const redisUrl = 'redis://127.0.0.1:7000';
  return serviceEnvironment(base, { redisUrl, folder: dataFolder('data'), origins: [], overrides });
}

test('a local stack allows 5,000 requests a second, as many changes of one shopper, and 20,000 sockets', () => {
  const env = environment();
  const api = readSettings('api', { env, argv: [] });
  assert.is(api.rateLimitPerSecond, 5_000);
  assert.is(api.holdRateLimitPerSecond, 5_000);
  assert.is(readSettings('hub', { env, argv: [] }).socketsPerAddressMax, 20_000);
});

test('a local stack does not count unbought seats by address: all of it has one', () => {
  const counts = (env: Record<string, string | undefined>) =>
    readSettings('api', { env, argv: [] }).budgetsByAddress;
  assert.is(counts(environment()), false);
  assert.is(counts(environment({ BUDGETS_BY_ADDRESS: 'true' })), true);
  assert.is(counts({}), true, 'an installation counts them unless it is told not to');
});

test('a limit that the person set is kept, and one of a test wins over it', () => {
  const base = { RATE_LIMIT_PER_SECOND: '7', SOCKETS_PER_ADDRESS_MAX: '8' };
  const env = environment(base, { SOCKETS_PER_ADDRESS_MAX: '9' });
  assert.is(readSettings('api', { env, argv: [] }).rateLimitPerSecond, 7);
  assert.is(readSettings('hub', { env, argv: [] }).socketsPerAddressMax, 9);
});

test('services listen on this machine only and believe one proxy, whatever the environment says', () => {
  const env = environment({ HOST: '0.0.0.0', TRUSTED_PROXY_HOPS: '4', PORT: '80' });
  const { host, port, adminPort, trustedProxyHops } = readSettings('api', { env, argv: [] });
  assert.equal([host, port, adminPort, trustedProxyHops], ['127.0.0.1', 0, 0, 1]);
});

test.run();
