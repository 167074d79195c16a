/** The process of one scenario, see scripts/chaos.mjs: `run-scenario.mjs NAME OPTIONS`, its rows by IPC. */
const [name, options] = process.argv.slice(2);
try {
  const { run } = await import(`../${name}.mjs`);
  await tell({ rows: await run(JSON.parse(options)) });
  process.exit(0);
} catch (error) {
  await tell({ error: error?.stack ?? String(error) });
  process.exit(1);
}

function tell(message) {
  return new Promise((resolve) => process.send(message, resolve));
}
