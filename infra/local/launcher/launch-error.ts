/** Something that keeps the stack from starting or going on, told in one sentence with advice. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  readonly code: LaunchErrorCode;

  constructor(code: LaunchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type LaunchErrorCode =
  | 'launch.already-running'
  | 'launch.data-folder'
  | 'launch.port-busy'
  | 'launch.port-forbidden'
  | 'launch.fresh-on-brought-redis'
  | 'launch.redis-evicts'
  | 'launch.redis-too-old'
  | 'launch.page-broken'
  | 'launch.not-ready'
  | 'launch.stopped';
