/**
 * The scripts as their callers know them: whether a script gets the alarm key of its own hold, its
 * arguments in order, its outcomes. Each Lua file repeats this in its header; a test compares them.
 */
export type ScriptShape = {
  readonly alarm: boolean;
  readonly argv: readonly string[];
  readonly outcomes: readonly string[];
};

const LOADING = 'event.loading';
const CHANGEABLE = ['hold.unknown', 'hold.ended', 'hold.overdue', 'hold.changed'];
const SEATS = [
  ...['seats.unavailable', 'seats.overdue', 'seats.invalid', 'seats.too-many'],
  'budget.spent',
];
const KEYED = ['sale.closed', 'idempotency.mismatch', LOADING];

export const SCRIPTS = {
  place: {
    alarm: true,
    argv: [
      'hold_id',
      'owner',
      'seats',
      'quote',
      'chart_hash',
      'idem_field',
      'body_hash',
      'address',
      'seen_now',
      'elapsed',
      'trail',
    ],
    outcomes: [
      'placed',
      'replayed',
      'hold.exists',
      'hold.unknown',
      'chart.changed',
      'clock.jumped',
      ...SEATS,
      ...KEYED,
    ],
  },
  amend: {
    alarm: true,
    argv: [
      'hold_id',
      'owner',
      'rev',
      'seats',
      'quote',
      'chart_hash',
      'op_id',
      'body_hash',
      'trail',
    ],
    outcomes: [
      ...words('amended released replayed hold.booked hold.confirming chart.changed'),
      ...CHANGEABLE,
      ...SEATS,
      ...KEYED,
    ],
  },
  extend: {
    alarm: true,
    argv: ['hold_id', 'owner', 'rev', 'op_id', 'body_hash', 'seen_now', 'elapsed'],
    outcomes: [
      ...words(
        'extended replayed extend.limit budget.spent clock.jumped hold.booked hold.confirming',
      ),
      ...CHANGEABLE,
      ...KEYED,
    ],
  },
  release: {
    alarm: true,
    argv: ['hold_id', 'owner', 'rev', 'trail'],
    outcomes: words(
      'released replayed hold.unknown hold.booked hold.confirming hold.changed event.loading',
    ),
  },
  expire_due: {
    alarm: false,
    argv: ['seen_now', 'elapsed', 'only', 'limit', 'trail'],
    outcomes: words('swept clock.jumped event.loading'),
  },
  begin_confirm: {
    alarm: true,
    argv: ['hold_id', 'owner', 'rev'],
    outcomes: ['confirming', 'replayed', ...CHANGEABLE, LOADING],
  },
  commit: {
    alarm: true,
    argv: ['hold_id', 'owner', 'seats', 'quote', 'trail'],
    outcomes: words('booked repaired replayed event.loading'),
  },
  reject: {
    alarm: true,
    argv: ['hold_id', 'owner', 'contested', 'trail'],
    outcomes: words('rejected recorded replayed hold.booked event.loading'),
  },
  cancel: {
    alarm: true,
    argv: ['hold_id', 'owner', 'seats', 'trail'],
    outcomes: words('cancelled recorded replayed event.loading'),
  },
  revoke: {
    alarm: true,
    argv: ['hold_id', 'trail'],
    outcomes: words('revoked replayed hold.unknown hold.booked hold.confirming event.loading'),
  },
  block: {
    alarm: false,
    argv: ['seats', 'chart_hash', 'revoke_holds', 'trail'],
    outcomes: words('blocked chart.changed seats.invalid seats.too-many event.loading'),
  },
  unblock: {
    alarm: false,
    argv: ['seats', 'chart_hash', 'trail'],
    outcomes: words('unblocked chart.changed seats.invalid seats.too-many event.loading'),
  },
  repair: {
    alarm: false,
    argv: ['seat', 'seen', 'next_holder', 'trail'],
    outcomes: words('repaired repair.stale hold.confirming seats.invalid event.loading'),
  },
  sale: {
    alarm: false,
    argv: ['next_state', 'version'],
    outcomes: words('changed replayed sale.illegal event.loading'),
  },
  load_begin: {
    alarm: false,
    argv: ['token', 'chart_hash', 'seats', 'sale_state', 'version', 'rules'],
    outcomes: words('begun event.open load.taken policy.invalid'),
  },
  load_part: {
    alarm: false,
    argv: ['token', 'seats'],
    outcomes: words('stored event.open load.taken seats.invalid'),
  },
  load_end: { alarm: false, argv: ['token'], outcomes: words('opened event.open load.taken') },
  load_close: {
    alarm: false,
    argv: ['chart_hash'],
    outcomes: words('closed replayed sale.illegal event.loading'),
  },
  new_epoch: {
    alarm: false,
    argv: ['seen_epoch'],
    outcomes: words('renewed epoch.stale event.loading'),
  },
  rebase: {
    alarm: false,
    argv: ['seen_shift', 'jump'],
    outcomes: words('rebased rebase.stale event.loading'),
  },
  read_hold: {
    alarm: false,
    argv: ['hold_id', 'owner'],
    outcomes: words('found hold.unknown event.loading'),
  },
  probe: {
    alarm: false,
    argv: ['owner', 'idem_field'],
    outcomes: words('clear known basket overdue event.loading'),
  },
  snapshot: { alarm: false, argv: [], outcomes: words('taken event.loading') },
  catch_up: {
    alarm: false,
    argv: ['seen_epoch', 'seen_offset', 'seen_chain', 'limit'],
    outcomes: words('entries trimmed rewritten other-epoch event.loading'),
  },
  next_due: { alarm: false, argv: [], outcomes: words('due idle event.loading') },
  trim_ended: {
    alarm: false,
    argv: ['older_than', 'limit'],
    outcomes: words('trimmed event.loading'),
  },
  trim_budget: {
    alarm: false,
    argv: ['cursor', 'limit'],
    outcomes: words('trimmed event.loading'),
  },
  trim_feed: {
    alarm: false,
    argv: ['seen_epoch', 'before_offset'],
    outcomes: words('trimmed epoch.stale event.loading'),
  },
} as const satisfies Record<string, ScriptShape>;

export type ScriptName = keyof typeof SCRIPTS;

function words(text: string): string[] {
  return text.split(' ');
}
