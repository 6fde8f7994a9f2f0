import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { checkModel, type Finding, SEARCH_LIMIT_MS } from './check-model.ts';

const MODEL_FOLDER = join(import.meta.dirname, '../../model');
/** A search that is smaller than this has lost a part of the model. */
const STATES_MIN = 500_000;
const LIMITS = { timeoutMs: SEARCH_LIMIT_MS + 40_000 };

const test = suite('booking model');

test(
  'I1, I2 and I3 hold in every state of the model, and all that it can do occurs',
  async () => {
    const finding = await checkModel({ about: 'assertions', defines: ['WITNESSES'] });
    report('every order of steps', finding);
    assert.is(finding.violation, null);
    assert.ok(finding.complete, finding.output);
    assert.ok(finding.states > STATES_MIN, `only ${finding.states} states`);
    assert.equal([...finding.occurred].sort(), namedBranches());
  },
  LIMITS,
);

test(
  'I2: who is told accepted is answered, though the bus or Redis forgets, on every fair path',
  async () => {
    const finding = await checkModel({ about: 'answers', defines: ['SEATS=1'] });
    report('an answer always comes', finding);
    assert.is(finding.violation, null);
    assert.ok(finding.complete, finding.output);
    assert.ok(finding.states > STATES_MIN, `only ${finding.states} states`);
  },
  LIMITS,
);

/** One safety device is taken out, and one invariant judges alone. */
const DEFECTS: readonly { title: string; defines: readonly string[] }[] = [
  {
    title: 'I1: without create-only markers an old writer sells a seat twice (row 19)',
    defines: ['NO_MARKER', 'ONLY_I1'],
  },
  {
    title: 'I1: a commit that does not look who has a seat leaves it to two people (row 13)',
    defines: ['NO_COMMIT_CAS', 'ONLY_I1'],
  },
  {
    title: 'I3: a commit that does not look at the record ends a hold twice (row 27)',
    defines: ['NO_COMMIT_CAS', 'ONLY_I3'],
  },
  {
    title: 'I1: an expiry that does not judge again frees the seat of another hold (row 1)',
    defines: ['NO_EXPIRE_CAS', 'ONLY_I1', 'HOLDS=3'],
  },
  {
    title: 'I3: an expiry that does not judge again ends a hold twice (row 16)',
    defines: ['NO_EXPIRE_CAS', 'ONLY_I3'],
  },
  {
    title: 'I2: a rejection that is not written first is overtaken by a late batch (row 19)',
    defines: ['NO_REJECTED_DOCUMENT', 'ONLY_I2'],
  },
];

for (const { title, defines } of DEFECTS) {
  test(
    title,
    async () => {
      const finding = await checkModel({ about: 'assertions', defines, short: true });
      report(`${defines.join(' ')}: ${finding.violation}`, finding);
      assert.match(finding.violation ?? 'nothing', /^assertion violated/);
    },
    LIMITS,
  );
}

test(
  'I2: without looks at confirming holds a lost message leaves its owner without an answer (row 18)',
  async () => {
    const finding = await checkModel({ about: 'answers', defines: ['SEATS=1', 'NO_LOOK'] });
    report(`NO_LOOK: ${finding.violation}`, finding);
    assert.is(finding.violation, 'acceptance cycle');
  },
  LIMITS,
);

test(
  'a search that was cut off does not count as complete',
  async () => {
    const defines = ['SEATS=1', 'LOSSES=0'];
    const finding = await checkModel({ about: 'assertions', defines, depthMax: 30, short: true });
    assert.is(finding.violation, null);
    assert.not.ok(finding.complete);
  },
  LIMITS,
);

function report(what: string, { states, transitions, memoryMb, seconds }: Finding): void {
  const size = `${states} states, ${transitions} transitions, ${Math.round(memoryMb)} MB`;
  console.log(`${what}: ${size}, ${seconds.toFixed(1)} s`);
}

/** Every branch that the model wants to see taken. */
function namedBranches(): string[] {
  const texts = globSync('*.pml', { cwd: MODEL_FOLDER }).map((name) =>
    readFileSync(join(MODEL_FOLDER, name), 'utf8'),
  );
  const named = texts.flatMap((text) => [...text.matchAll(/OCCURS\("([^"]+)"\)/g)]);
  return [...new Set(named.map(([, what = '']) => what))].sort();
}

test.run();
