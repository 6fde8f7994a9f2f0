import { createHash } from 'node:crypto';
import { suite } from '@holdfast/infra/testing';
import { PROTOCOL_HISTORY, PROTOCOL_VERSION } from '@holdfast/realtime-hub/protocol';
import * as assert from 'uvu/assert';
import { protocolVectors } from './protocol-vectors.ts';

const test = suite('protocol pin');

/** Changing the wire? Raise PROTOCOL_VERSION, tell PROTOCOL_HISTORY why, then pin the new hash here. */
const PINNED = { version: 2, hash: 'faf29f32172a17f1' };

test('the wire is the one that its version number promises', () => {
  const hash = createHash('sha256').update(protocolVectors()).digest('hex').slice(0, 16);
  assert.equal({ version: PROTOCOL_VERSION, hash }, PINNED);
});

test('the history ends with the present version and misses none', () => {
  assert.equal(
    PROTOCOL_HISTORY.map((entry) => entry.version),
    Array.from({ length: PROTOCOL_VERSION }, (_, at) => at + 1),
  );
});

test.run();
