/** A network between client and server that breaks where it is told to. */
import { connect, createServer } from "node:net";

/**
 * @typedef {object} Cut where a connection breaks; the first that applies
 * @property {number} [upBytes] after so many bytes from the client, over all its connections
 * @property {string} [message] at a message of the server of this type ...
 * @property {number} [nth] ... the how manieth, from 0
 * @property {"before" | "after"} [side] whether the message still arrives. @default "before"
 * @property {"reset" | "silent"} [how] `silent`: nothing arrives any more, and nobody is told. @default "reset"
 * @property {number} [outageMs] nobody is let in for this long. @default 0
 */

/**
 * Listens on a free port; connection k goes to `targets[k]`, later ones to the last.
 *
 * @param {number[]} targets ports
 * @param {Cut[]} cuts applied one after the other
 */
export async function openProxy(targets, cuts = []) {
  const pairs = new Set();
  const state = { connections: 0, cuts: 0, upBytes: 0, closedUntil: 0 };
  const waiting = [...cuts];
  /** Messages of the present cut's type so far. */
  let seen = 0;

  const server = createServer({ noDelay: true }, (client) => {
    client.on("error", () => {});
    if (performance.now() < state.closedUntil) {
      client.resetAndDestroy();
      return;
    }
    const target = connect({ port: targets[Math.min(state.connections++, targets.length - 1)], noDelay: true });
    const pair = { client, target, silent: false };
    pairs.add(pair);
    target.on("error", () => {});
    const drop = () => {
      pairs.delete(pair);
      client.destroy();
      target.destroy();
    };
    client.on("close", drop);
    target.on("close", () => {
      if (!pair.silent) drop();
    });
    client.on("data", (data) => {
      if (pair.silent) return;
      const cut = waiting[0];
      const left = (cut?.upBytes ?? Number.POSITIVE_INFINITY) - state.upBytes;
      state.upBytes += Math.min(data.length, Math.max(0, left));
      if (data.length < left) target.write(data);
      else {
        if (left > 0) target.write(data.subarray(0, left));
        // What was written is on its way: as in a real network, it may arrive or not.
        breakPair(pair);
      }
    });
    const frames = textFrames();
    target.on("data", (data) => {
      if (pair.silent) return;
      const cut = waiting[0];
      if (cut?.message === undefined) {
        frames(data, () => {});
        client.write(data);
        return;
      }
      let kept = data.length;
      let hit = false;
      frames(data, (type, from, to) => {
        if (hit || type !== cut.message || seen++ < (cut.nth ?? 0)) return;
        hit = true;
        kept = cut.side === "after" ? to : Math.max(0, from);
      });
      client.write(data.subarray(0, kept), () => hit && breakPair(pair));
    });
  });

  function breakPair(pair) {
    const { how = "reset", outageMs = 0 } = waiting.shift() ?? {};
    state.cuts++;
    seen = 0;
    state.closedUntil = performance.now() + outageMs;
    pair.silent = true;
    if (how === "silent") return;
    pairs.delete(pair);
    // The other end of a cable that was cut sees a reset at its next packet.
    pair.client.resetAndDestroy();
    pair.target.resetAndDestroy();
  }

  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return {
    port,
    url: `ws://127.0.0.1:${port}`,
    /** Connections let through, and cuts made. */
    state,
    close() {
      server.close();
      for (const { client, target } of pairs) {
        client.destroy();
        target.destroy();
      }
    },
  };
}

/** Follows a server's WebSocket stream; tells each text frame's `type` and where in the present data it lies. */
function textFrames() {
  let rest = Buffer.alloc(0);
  let upgraded = false;
  return (data, onFrame) => {
    const before = rest.length;
    rest = Buffer.concat([rest, data]);
    let at = 0;
    if (!upgraded) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      upgraded = true;
      at = end + 4;
    }
    while (rest.length - at >= 2) {
      const short = rest[at + 1] & 0x7f;
      const head = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (rest.length - at < head) break;
      const length =
        short === 126 ? rest.readUInt16BE(at + 2) : short === 127 ? Number(rest.readBigUInt64BE(at + 2)) : short;
      if (rest.length - at < head + length) break;
      if ((rest[at] & 0x0f) === 1) {
        const type = /^\{"type":"(\w+)"/.exec(rest.toString("utf8", at + head, at + head + Math.min(length, 40)))?.[1];
        onFrame(type, at - before, at + head + length - before);
      }
      at += head + length;
    }
    rest = rest.subarray(at);
  };
}
