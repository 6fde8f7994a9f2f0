/** A process that uses less of its core than this was waiting for somebody else. */
const BUSY_SHARE = 0.85;

/**
 * Says when a throughput is not the measured process's own limit: it idled while the load side was
 * busy, or had nothing more to do. Shares are CPU time over wall time, 1 = one whole core. Null when
 * the measured process was what limited. CPU per operation stands either way.
 */
export function limitOtherThan(
  measured: { readonly name: string; readonly share: number },
  load: { readonly name: string; readonly share: number },
): string | null {
  if (measured.share >= BUSY_SHARE) return null;
  const idle = `${measured.name} used only ${percent(measured.share)} of a core`;
  return load.share >= BUSY_SHARE
    ? `${idle} because ${load.name} was the bottleneck (${percent(load.share)}): its throughput is a lower bound.`
    : `${idle} and ${load.name} ${percent(load.share)}: the machine's neighbours or round trips limited the throughput.`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
