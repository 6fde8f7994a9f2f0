/**
 * Loaded with `--import` into every test process. When the process stays alive after its last test,
 * the runner sends SIGUSR2 and this names what keeps it: one word per kind of handle.
 */
process.on('SIGUSR2', () => {
  const kinds = process.getActiveResourcesInfo();
  const counted = [...new Set(kinds)].map(
    (kind) => `${kind} x${kinds.filter((other) => other === kind).length}`,
  );
  console.error(`Still open: ${counted.join(', ')}`);
});
