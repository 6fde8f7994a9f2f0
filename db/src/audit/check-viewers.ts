import { nameOf } from './check-seats.ts';
import type { AuditEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';

/** Every viewer shows the true map, whatever was dropped, doubled or reordered on the way (I4). */
export function* checkViewers({ map, viewers }: AuditEvidence): Generator<Finding> {
  for (const viewer of viewers) {
    for (const [at, shown] of viewer.map.entries()) {
      const seat = viewer.from + at;
      const right = map[seat];
      if (shown === right) continue;
      const truth = right === undefined ? 'no such seat' : nameOf(right);
      const sentence = `Viewer ${viewer.name} shows seat ${seat} as ${nameOf(shown)}; true is ${truth}.`;
      yield { code: 'viewer.differs', seat, sentence };
    }
  }
}
