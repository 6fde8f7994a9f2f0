import type { ReleaseCommand, ReleaseReply, RevokeCommand, RevokeReply } from '../hold-commands.ts';
import { append, endHold, freeSeats, held, isLoading, type Step, written } from './step.ts';

export function release(step: Step, command: ReleaseCommand): ReleaseReply {
  const { holdId, owner, rev, trail } = command;
  if (isLoading(step.state)) return { ...written(step), outcome: 'event.loading' };
  const hold = step.state.holds.get(holdId);
  if (hold === undefined || hold.owner !== owner) {
    return { ...written(step), outcome: 'hold.unknown' };
  }
  if (hold.status === 'booked' || hold.status === 'confirming') {
    return { ...written(step), outcome: `hold.${hold.status}`, ...held(holdId, hold) };
  }
  if (hold.status !== 'held') {
    return { ...written(step), outcome: 'replayed', ...held(holdId, hold) };
  }
  if (rev !== null && rev !== hold.rev) {
    return { ...written(step), outcome: 'hold.changed', ...held(holdId, hold) };
  }
  const ended = endHold(step, holdId, hold, 'released');
  const changes = freeSeats(step, hold.seats, `h:${holdId}`);
  append(step, { verb: 'release', outcome: 'released', changes }, { id: holdId, owner }, trail);
  return { ...written(step), outcome: 'released', ...held(holdId, ended) };
}

export function revoke(step: Step, command: RevokeCommand): RevokeReply {
  const { holdId, trail } = command;
  if (isLoading(step.state)) return { ...written(step), outcome: 'event.loading' };
  const hold = step.state.holds.get(holdId);
  if (hold === undefined) return { ...written(step), outcome: 'hold.unknown' };
  if (hold.status === 'booked' || hold.status === 'confirming') {
    return { ...written(step), outcome: `hold.${hold.status}`, ...held(holdId, hold) };
  }
  if (hold.status !== 'held') {
    return { ...written(step), outcome: 'replayed', ...held(holdId, hold) };
  }
  const ended = endHold(step, holdId, hold, 'revoked');
  const changes = freeSeats(step, hold.seats, `h:${holdId}`);
  const subject = { id: holdId, owner: hold.owner };
  append(step, { verb: 'revoke', outcome: 'revoked', changes }, subject, trail);
  return { ...written(step), outcome: 'revoked', ...held(holdId, ended) };
}
