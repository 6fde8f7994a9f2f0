import {
  BLOCK_SEATS_MAX,
  type BlockCommand,
  type BlockReply,
  type UnblockCommand,
  type UnblockReply,
} from '../event-commands.ts';
import { stateOfHolder } from '../feed-record.ts';
import type { HoldId } from '../ids.ts';
import type { Blocker, EndedHold } from '../reply.ts';
import { refuseSeats } from './seat-rules.ts';
import { append, endHold, freeSeats, isLoading, type Step, writeSeat, written } from './step.ts';

/** What block and unblock check alike. */
function refuseBlock(
  step: Step,
  { seats, chartHash }: BlockCommand | UnblockCommand,
): 'chart.changed' | 'seats.invalid' | 'seats.too-many' | null {
  if (step.state.chartHash !== chartHash) return 'chart.changed';
  return refuseSeats(step, seats, BLOCK_SEATS_MAX);
}

export function block(step: Step, command: BlockCommand): BlockReply {
  if (isLoading(step.state)) return { ...written(step), outcome: 'event.loading' };
  const wrong = refuseBlock(step, command);
  if (wrong !== null) return { ...written(step), outcome: wrong };
  const changed: number[] = [];
  const refused: Blocker[] = [];
  const ended: EndedHold[] = [];
  for (const seat of command.seats) {
    if (command.revokeHolds) revokeHolderOf(step, seat, command, ended);
    const holder = step.state.holders.get(seat);
    if (holder === undefined) {
      writeSeat(step, seat, 'x');
      changed.push(seat);
    } else if (holder !== 'x') {
      refused.push({ seat, state: stateOfHolder(holder), mine: false });
    }
  }
  if (changed.length > 0) {
    const changes = changed.map((seat) => `${seat}:-:x`);
    append(step, { verb: 'block', outcome: 'blocked', changes }, null, command.trail);
  }
  return { ...written(step), outcome: 'blocked', changed, refused, ended };
}

function revokeHolderOf(
  step: Step,
  seat: number,
  { trail }: BlockCommand,
  ended: EndedHold[],
): void {
  const holder = step.state.holders.get(seat);
  if (holder?.startsWith('h:') !== true) return;
  const id = holder.slice(2) as HoldId; // a seat's holder names the hold that place wrote
  const hold = step.state.holds.get(id);
  if (hold?.status !== 'held') return;
  endHold(step, id, hold, 'revoked');
  const changes = freeSeats(step, hold.seats, holder);
  append(step, { verb: 'revoke', outcome: 'revoked', changes }, { id, owner: hold.owner }, trail);
  ended.push({ holdId: id, owner: hold.owner, status: 'revoked' });
}

export function unblock(step: Step, command: UnblockCommand): UnblockReply {
  if (isLoading(step.state)) return { ...written(step), outcome: 'event.loading' };
  const wrong = refuseBlock(step, command);
  if (wrong !== null) return { ...written(step), outcome: wrong };
  const changed = command.seats.filter((seat) => step.state.holders.get(seat) === 'x');
  for (const seat of changed) writeSeat(step, seat, '');
  if (changed.length > 0) {
    const changes = changed.map((seat) => `${seat}:x:-`);
    append(step, { verb: 'unblock', outcome: 'unblocked', changes }, null, command.trail);
  }
  return { ...written(step), outcome: 'unblocked', changed };
}
