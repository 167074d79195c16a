/** The image's health check: exits 0 when the server in this container answers on /healthz. */
import { request as http } from "node:http";
import { request as https } from "node:https";

const { CONTROL_PORT = "8011", TLS_CERT_FILE = "" } = process.env;
const send = TLS_CERT_FILE ? https : http;
// The certificate names the server's public name, not this loopback address.
const options = { host: "127.0.0.1", port: CONTROL_PORT, path: "/healthz", timeout: 4000, rejectUnauthorized: false };

const fail = (reason) => {
  process.stderr.write(`unhealthy: ${reason}\n`);
  process.exit(1);
};

const request = send(options, (response) => {
  if (response.statusCode === 200) process.exit(0);
  fail(`/healthz answered ${response.statusCode}`);
});
request.on("timeout", () => fail("/healthz did not answer within 4 s"));
request.on("error", (error) => fail(error.message));
request.end();
