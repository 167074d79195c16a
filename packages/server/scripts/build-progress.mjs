/** Shows a build's progress: one updating line on a terminal, a few lines elsewhere. */

/**
 * @param {NodeJS.WriteStream} stream
 * @returns {{ update(progress: { phase: string, percent: number }): void, end(message: string): void }}
 */
export function progressLine(stream, now = () => performance.now()) {
  const startedAt = now();
  const seconds = () => `${Math.round((now() - startedAt) / 1000)} s`;
  let lastMilestone = -1;
  return {
    update({ phase, percent }) {
      if (stream.isTTY) {
        stream.write(`\r\x1b[K${phase} ${String(percent).padStart(3)} %  ${seconds()}`);
        return;
      }
      const milestone = Math.floor(percent / 25);
      if (milestone === lastMilestone) return;
      lastMilestone = milestone;
      stream.write(`${phase}: ${percent} %, ${seconds()}\n`);
    },
    end(message) {
      stream.write(`${stream.isTTY ? "\r\x1b[K" : ""}${message} (${seconds()})\n`);
    },
  };
}
