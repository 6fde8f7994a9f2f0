import type { Holder } from './reply.ts';

/** Whether a stored text is what the `seats` hash may hold; '' stands for available. */
export function isHolder(text: string): text is Holder {
  return text === '' || text === 'x' || text.startsWith('h:') || text.startsWith('b:');
}
