/** A setting that cannot be used. The message is one sentence for the person who gave it. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  readonly code:
    | 'setting.invalid'
    | 'setting.unknown-flag'
    | 'setting.repeated'
    | 'setting.no-value';

  constructor(code: SettingError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
