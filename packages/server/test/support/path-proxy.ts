import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Takes `/PREFIX/` away and passes on the rest, as `location /PREFIX/ { proxy_pass http://server/; }` does.
 *
 * @param keeps passes on the prefix too, as it does without the slash behind the server
 */
export async function pathProxy(prefix: string, port: number, keeps = false): Promise<{ url: string; close(): void }> {
  const options = ({ method, headers, url = "" }: IncomingMessage) =>
    url.startsWith(`${prefix}/`) || (keeps && url === prefix)
      ? { port, host: "127.0.0.1", method, headers, path: keeps ? url : url.slice(prefix.length) }
      : undefined;
  const proxy = createServer((incoming, outgoing) => {
    const target = options(incoming);
    if (!target) {
      outgoing.writeHead(404).end();
      return;
    }
    incoming.pipe(
      request(target, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  proxy.on("upgrade", (incoming, socket: Duplex) => {
    const target = options(incoming);
    if (!target) {
      socket.destroy();
      return;
    }
    const onward = request(target);
    const answerHead = ({ statusCode, statusMessage, rawHeaders }: IncomingMessage) => {
      const lines = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : []));
      return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join("\r\n")}\r\n\r\n`;
    };
    onward.on("upgrade", (answer, upstream) => {
      socket.write(answerHead(answer));
      upstream.pipe(socket).pipe(upstream);
      for (const each of [socket, upstream]) each.on("error", () => each.destroy());
    });
    onward.on("response", (answer) => {
      socket.write(answerHead(answer));
      answer.pipe(socket);
    });
    onward.end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}`,
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
