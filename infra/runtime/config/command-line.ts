import { SettingError } from './setting-error.ts';

/** What the parser must know of a flag. */
export type FlagForm = { readonly flag: string; readonly isSwitch: boolean };

export function wantsHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h');
}

/**
 * Reads `--flag value`, `--flag=value` and bare switches into flag -> text.
 * Throws `SettingError` on what it does not know, on a repeated flag and on a missing value.
 */
export function parseCommandLine(
  argv: readonly string[],
  forms: readonly FlagForm[],
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const [flag = '', inline] = splitOnce(word);
    const form = forms.find((known) => known.flag === flag);
    if (form === undefined) throw unknownFlag(word, forms);
    if (given.has(flag)) {
      throw new SettingError('setting.repeated', `${flag} was given twice; give it once.`);
    }
    if (inline !== undefined) {
      given.set(flag, inline);
    } else if (form.isSwitch) {
      given.set(flag, 'true');
    } else {
      at += 1;
      const value = argv[at];
      if (value === undefined || value.startsWith('--')) {
        throw new SettingError('setting.no-value', `${flag} needs a value behind it; see --help.`);
      }
      given.set(flag, value);
    }
  }
  return given;
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function unknownFlag(word: string, forms: readonly FlagForm[]): SettingError {
  const known = [...forms.map((form) => form.flag), '--help'].join(' ');
  const shown = JSON.stringify(word.slice(0, 60));
  return new SettingError(
    'setting.unknown-flag',
    `There is no flag ${shown}; the flags are ${known}.`,
  );
}
