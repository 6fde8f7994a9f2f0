import { PATHS, type RouteName } from '@holdfast/booking-api/contract';

export type HostileCall = {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** What a hostile client knows: a shopper's own good token, and ids that are not its own. */
export type HostileMaterial = {
  readonly token: string;
  readonly event: string;
  readonly foreignHold: string;
  readonly chartHash: string;
};

const MEGABYTE = 1_000_000;
const DEEP = 5_000;

/** Every operation with every kind of wrong body, wrong address and wrong token. */
export function* hostileCalls(material: HostileMaterial): Generator<HostileCall> {
  for (const name of Object.keys(PATHS) as RouteName[]) {
    const { method, path } = PATHS[name];
    const filled = fill(path, material.event, material.foreignHold);
    const good = { authorization: `Bearer ${material.token}` };
    const json = { ...good, 'content-type': 'application/json' };
    for (const [kind, body] of Object.entries(hostileBodies(material))) {
      // Anybody may read an open address, and may become a shopper.
      if (method === 'GET' || name === 'createSession') continue;
      yield { name: `${name} with ${kind}`, method, path: filled, headers: json, body };
    }
    for (const [kind, token] of Object.entries(hostileTokens(material.token))) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      if (name === 'createSession') continue;
      const body = method === 'GET' ? {} : { body: '{}' };
      yield { name: `${name} with ${kind}`, method, path: filled, headers, ...body };
    }
    if (!path.includes('{event}')) continue;
    for (const id of HOSTILE_IDS) {
      const wrong = fill(path, path.includes('{hold}') ? material.event : id, id);
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{"rev":1}' };
      yield { name: `${name} at ${id.slice(0, 20)}`, method, path: wrong, headers: json, ...body };
    }
  }
}

const HOSTILE_IDS = [
  '__proto__',
  'constructor',
  '-1',
  '%00',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  "'..redis.call('flushall')..'",
  'x'.repeat(2_000),
  '%0d%0aX-Injected:%201',
];

function fill(path: string, event: string, hold: string): string {
  return path.replace('{event}', event).replace('{hold}', hold);
}

function hostileBodies({ chartHash }: HostileMaterial): Record<string, string> {
  const many = Array.from({ length: 10_000 }, (_, at) => `A-1-${at}`);
  return {
    'broken JSON': '{"seats":["A-1-2"',
    'no body': '',
    'a prototype': `{"__proto__":{"role":"operator"},"seats":["A-1-2"],"chartHash":"${chartHash}"}`,
    'ten thousand seats': JSON.stringify({ seats: many, chartHash }),
    'a string of a megabyte': JSON.stringify({ seats: ['x'.repeat(MEGABYTE)], chartHash }),
    'negative indexes': JSON.stringify({ seats: [-1, -2], chartHash }),
    'a foreign key': JSON.stringify({ seats: ['A-1-2'], chartHash, owner: 'operator-1' }),
    'deep nesting': `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
    'numbers out of range': '{"rev":1e999,"seats":1e999}',
    null: 'null',
  };
}

function hostileTokens(good: string): Record<string, string> {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const operator = encode({ ...Object(claims), role: 'operator' });
  return {
    'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${operator}.`,
    'another role': `${header}.${operator}.${signature}`,
    'no signature': `${header}.${payload}.`,
    'a huge token': 'a'.repeat(6_000),
    'no token': '',
  };
}
