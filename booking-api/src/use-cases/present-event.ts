import type { EventDocument, EventId } from '@holdfast/db/model';
import { type Refusal, refuse } from '../edge/refusal.ts';
import { unknownEvent } from './open-event.ts';
import type { OperatorParts } from './operator-parts.ts';

/** The document as it is stored now, for a change of it; `version` is what the caller has seen. */
export async function presentEvent(
  { catalogue }: OperatorParts,
  event: EventId,
  version: number | null,
): Promise<{ readonly kind: 'present'; readonly document: EventDocument } | Refusal> {
  const document = await catalogue.readEvent(event);
  if (document === null) return unknownEvent();
  if (version !== null && version !== document.version) {
    return refuse('event.precondition', `The event is at version ${document.version}.`);
  }
  return { kind: 'present', document };
}

/** Another writer came between reading and writing. */
export function changedEvent(): Refusal {
  return refuse('event.changed', 'The event was changed by somebody else at the same time.');
}
