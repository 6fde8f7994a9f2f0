import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createLogger } from '../runtime/logger.ts';

const test = suite('logger');

function lines(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(
    createLogger('test', 'info', {
      write: (line) => {
        text += line;
      },
    }),
  );
  return text;
}

test('secrets and personal fields are removed at the top and one level down', () => {
  const text = lines((logger) =>
    logger.info({ token: 'hush', owner: 'hush', request: { address: 'hush', id: 'r-1' } }, 'seen'),
  );
  assert.not.match(text, 'hush');
  assert.match(text, 'r-1');
});

test('an error keeps message, code and causes, but not what libraries hang on it', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const error = Object.assign(new Error('outer', { cause }), { command: { args: ['hush'] } });
  const text = lines((logger) => logger.error({ err: error }, 'failed'));
  assert.not.match(text, 'hush');
  assert.match(text, 'ECONNREFUSED');
  assert.match(text, 'outer');
});

test.run();
