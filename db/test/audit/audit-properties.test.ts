import { seededFraction, suite, testSeed } from '@holdfast/infra/testing';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { auditEvent } from '../../src/audit/door.ts';
import { CORRUPTIONS } from './corruptions.ts';
import { randomStory } from './random-story.ts';

const test = suite('audit of random stories');
const seed = testSeed('audit of random stories');
const STORIES = 200;
const story = fc.record({ seed: fc.nat(), steps: fc.integer({ min: 0, max: 120 }) });

test('a legal story is clean, however long and whatever it tells', () => {
  const property = fc.property(story, (drawn) => {
    const ledger = randomStory(seededFraction(drawn.seed), drawn.steps);
    assert.equal(auditEvent(ledger.evidence()), []);
  });
  fc.assert(property, { seed, numRuns: STORIES });
});

for (const [name, corrupt] of Object.entries(CORRUPTIONS)) {
  test(`${name} is found in any story`, () => {
    let spoilt = 0;
    const property = fc.property(story, (drawn) => {
      const fraction = seededFraction(drawn.seed);
      const evidence = corrupt(randomStory(fraction, drawn.steps).evidence(), fraction);
      if (evidence === null) return;
      spoilt += 1;
      assert.ok(auditEvent(evidence).length > 0);
    });
    fc.assert(property, { seed, numRuns: STORIES });
    assert.ok(spoilt > STORIES / 10, `only ${spoilt} of ${STORIES} stories could be spoilt`);
  });
}

test.run();
