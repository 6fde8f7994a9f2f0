import { suite } from '@holdfast/infra/testing';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { parseRedisAddress, withoutPassword } from '../runtime/redis-address.ts';

const test = suite('redis address');

test('one server is what it was: redis:// or rediss:// with a host', () => {
  for (const url of ['redis://127.0.0.1:6379', 'rediss://user:pass@redis.example.org/2']) {
    assert.equal(parseRedisAddress(url), { kind: 'single', url });
  }
});

test('a cluster is named by some of its nodes; without a port it is 6379', () => {
  assert.equal(parseRedisAddress('redis+cluster://10.0.0.1:7000,node-2.example.org,[::1]:7002'), {
    kind: 'cluster',
    isEncrypted: false,
    nodes: [
      { host: '10.0.0.1', port: 7_000 },
      { host: 'node-2.example.org', port: 6_379 },
      { host: '::1', port: 7_002 },
    ],
  });
});

test('Sentinel is named by some sentinels and the name of the primary; their port is 26379', () => {
  assert.equal(parseRedisAddress('rediss+sentinel://app:p%40ss@s1,s2:5000/main/3'), {
    kind: 'sentinel',
    isEncrypted: true,
    username: 'app',
    password: 'p@ss',
    sentinels: [
      { host: 's1', port: 26_379 },
      { host: 's2', port: 5_000 },
    ],
    primaryName: 'main',
    database: 3,
  });
});

test('a password alone is the one of the default user', () => {
  const address = parseRedisAddress('redis+cluster://:secret@h:1');
  assert.ok(address?.kind === 'cluster');
  assert.is(address.password, 'secret');
  assert.is(address.username, undefined);
});

test('what has none of the forms is refused', () => {
  for (const text of [
    '',
    'redis://',
    'http://127.0.0.1',
    'redis+cluster://',
    'redis+cluster://h:0',
    'redis+cluster://h:65536',
    'redis+cluster://h:1/0',
    'redis+cluster://h:1,',
    'redis+cluster://user@h:1',
    'redis+cluster://:%zz@h:1',
    'redis+sentinel://h:1',
    'redis+sentinel://h:1/',
    'redis+sentinel://h:1/a b',
    'redis+sentinel://h:1/main/x',
    'redis+sentinel://h:1/main/0/more',
    'redis+cluster://h:1?x=1',
  ]) {
    assert.is(parseRedisAddress(text), null, text);
  }
});

test('whatever is given, it is read or refused, and shown without its password', () => {
  const hosts = fc.array(fc.domain(), { minLength: 1, maxLength: 4 });
  const password = fc.nat().map((number) => `pw-${number}`);
  fc.assert(
    fc.property(hosts, password, (names, secret) => {
      for (const [scheme, tail] of [
        ['redis+cluster', ''],
        ['redis+sentinel', '/main'],
      ] as const) {
        const text = `${scheme}://app:${secret}@${names.join(',')}${tail}`;
        assert.is(parseRedisAddress(text)?.kind, scheme.slice('redis+'.length));
        assert.not.match(withoutPassword(text), secret);
        assert.match(withoutPassword(text), names.join(','));
      }
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseRedisAddress(text)));
});

test.run();
