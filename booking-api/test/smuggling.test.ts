import { SMUGGLED_REQUESTS, sendRaw, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { type ApiKit, startApiKit } from './api-kit.ts';

const test = suite<{ kit: ApiKit }>('security 18: smuggled requests');

test.before(async (context) => {
  context.kit = await startApiKit();
});
test.after(({ kit }) => kit.stop());

for (const [what, bytes] of Object.entries(SMUGGLED_REQUESTS)) {
  test(`${what}: one problem, the end of the connection, and no second request`, async ({
    kit,
  }) => {
    const before = kit.logs.length;
    const answer = await sendRaw(kit.apis[0]?.port() ?? 0, bytes);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, what);
    assert.match(answer, 'application/problem+json');
    assert.match(answer, /connection: close/i);
    assert.is(answer.match(/HTTP\/1\.1 /g)?.length, 1, answer);
    // The hidden one is the only GET; a first one whose body is wrong may have begun.
    for (const line of kit.logs.slice(before)) assert.not.match(line, '"method":"GET"');
  });
}

test.run();
