import { existsSync } from 'node:fs';
import { base64Url, ownerId } from '@holdfast/db/model';
import { wantsHelp } from '../../runtime/config/command-line.ts';
import { processSource, readSettings } from '../../runtime/config/read-settings.ts';
import { SettingError } from '../../runtime/config/setting-error.ts';
import { settingsHelp } from '../../runtime/config/settings-help.ts';
import { realAmbient } from '../../runtime/real-ambient.ts';
import {
  ensureSigningKeys,
  rotateSigningKeys,
  SigningKeysError,
} from '../../runtime/tokens/signing-keys.ts';
import { createTokenIssuer } from '../../runtime/tokens/token-issuer.ts';
import { dataFolder } from '../launcher/data-folder.ts';
import { LaunchError } from '../launcher/launch-error.ts';

/**
 * `npm run token`: prints a token signed with the keys of a data folder, and nothing else. With
 * `--rotate` it changes the keys instead; running services look at the file once a second.
 */
const SUBJECT_BYTES = 16;

async function runTokenCommand(): Promise<void> {
  const source = processSource();
  if (wantsHelp(source.argv)) {
    console.log(settingsHelp('token', 'npm run token -- [flags]'));
    return;
  }
  const settings = readSettings('token', source);
  const folder = dataFolder(settings.dataFolder);
  if (!existsSync(folder.root)) {
    throw new LaunchError(
      'launch.data-folder',
      `There is no data folder ${folder.root}; run npm start first, or check --data.`,
    );
  }
  const file = folder.signingKeysFile;
  if (settings.rotateKeys) {
    await rotateSigningKeys(file);
    console.log(
      `A new key in ${file} signs now; tokens of the previous key stay valid until the next rotation, and running services re-read the file by themselves.`,
    );
    return;
  }
  await ensureSigningKeys(file);
  const { random } = realAmbient();
  const subject = settings.tokenSubject ?? base64Url(random.bytes(SUBJECT_BYTES));
  const token = await createTokenIssuer(file).issue({
    subject: ownerId(subject),
    role: settings.tokenRole,
    ttlSeconds: settings.tokenTtlSeconds,
  });
  console.log(token);
}

function isForPeople(error: unknown): error is Error {
  return (
    error instanceof SettingError ||
    error instanceof SigningKeysError ||
    error instanceof LaunchError
  );
}

try {
  await runTokenCommand();
} catch (error) {
  if (!isForPeople(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
