import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { loadConfig, VARIABLES } from "@stt/core/config";
import { type Copy, DockerfileParser, type Env, type From, type Instruction } from "dockerfile-ast";
import { describe, expect, it } from "vitest";
import { parse, Scalar } from "yaml";

/** What the Dockerfile writes where the build argument goes. */
const VARIANT_ARG = ["$", "{VARIANT}"].join("");
const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

interface Stage {
  name: string;
  from: string;
  steps: Instruction[];
}

const instructions = DockerfileParser.parse(read("docker/Dockerfile")).getInstructions();
const stages: Stage[] = [];
for (const step of instructions) {
  if (step.getKeyword() === "FROM") {
    stages.push({
      name: (step as From).getBuildStage() ?? "",
      from: (step as From).getImage() ?? "",
      steps: [],
    });
  } else stages.at(-1)?.steps.push(step);
}

/** The stages an image of `variant` is made of, from its last to its first. */
function ancestry(name: string, variant: string): Stage[] {
  const stage = stages.find((candidate) => candidate.name === name);
  return stage ? [stage, ...ancestry(stage.from.replace(VARIANT_ARG, variant), variant)] : [];
}

const textOf = (list: readonly Stage[]) => list.flatMap(({ steps }) => steps.map(String)).join("\n");

describe("the image", () => {
  it.each(["cpu", "cuda"])("has the layers of the design in their order for %s", (variant) => {
    expect(ancestry("production", variant).map(({ name }) => name)).toEqual([
      "production",
      "runtime-config",
      "system-libs",
      "base",
      `base-${variant}`,
    ]);
  });

  it("copies only from stages that exist and files that are in the repository and not ignored", () => {
    const allowed = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    let copies = 0;
    for (const [at, stage] of stages.entries()) {
      for (const step of stage.steps.filter((candidate) => candidate.getKeyword() === "COPY")) {
        copies += 1;
        const from = (step as Copy).getFromFlag()?.getValue();
        if (from) {
          expect(
            stages.slice(0, at).map(({ name }) => name),
            `COPY --from=${from} in ${stage.name}`,
          ).toContain(from);
          continue;
        }
        for (const argument of step.getArguments().slice(0, -1)) {
          const source = argument.getValue();
          expect(existsSync(path.join(root, source)), `${source}, copied in ${stage.name}`).toBe(true);
          const sent = allowed.some((entry) => source === entry || source.startsWith(`${entry}/`));
          expect(sent, `${source} is kept out by .dockerignore`).toBe(true);
        }
      }
    }
    expect(copies).toBeGreaterThan(20);
  });

  it("carries the whole portable build: the addon is nothing without the libraries beside it", () => {
    const build = textOf(stages.filter(({ name }) => name === "heavy-deps"));
    expect(build).toMatch(/build-native\.mjs --portable/);
    expect(build).toMatch(/ cp cache\/native\/\*\/\* \/out\/native\/ /);
    const runtime = textOf(stages.filter(({ name }) => name === "runtime-config"));
    expect(runtime).toContain("COPY --from=heavy-deps /out/native /opt/stt/native");
    expect(runtime).toContain("STT_NATIVE_ADDON=/opt/stt/native/stt_whisper.node");
  });

  it("carries every package that npm installs for the server, also where npm puts it beside the package", () => {
    const places = Object.entries(JSON.parse(read("package-lock.json")).packages as Record<string, { dev?: boolean }>)
      .filter(([place, { dev }]) => !dev && /^(packages\/(server|core)\/)?node_modules\//.test(place))
      .map(([place]) => place.slice(0, place.indexOf("node_modules/") + "node_modules".length));
    const sources = stages
      .find(({ name }) => name === "runtime-config")!
      .steps.filter((step) => (step as Copy).getFromFlag?.()?.getValue() === "light-deps")
      .map((step) => step.getArguments()[0]!.getValue());
    expect(new Set(places)).toContain("packages/server/node_modules");
    for (const place of new Set(places)) {
      const carried = sources.some((source) => `/app/${place}/`.startsWith(`${source}/`));
      expect(carried, `${place} is not copied from light-deps`).toBe(true);
    }
  });

  it("carries what the CUDA engine is linked with, and breaks off where something is missing", () => {
    const build = textOf(stages.filter(({ name }) => name === "heavy-deps"));
    expect(build).toMatch(/libcublas.* \/out\/lib\//);
    const runtime = textOf(stages.filter(({ name }) => name === "runtime-config"));
    const [copied, checked] = ["COPY --from=heavy-deps /out/lib /usr/local/lib", "RUN ldconfig && ! ldd "].map((step) =>
      runtime.indexOf(step),
    );
    expect(copied).toBeGreaterThan(-1);
    expect(checked).toBeGreaterThan(copied!);
    // NVIDIA's build image has it, the run-time image and most machines do not.
    expect(read("packages/server/scripts/build-native.mjs")).toContain('GGML_CUDA_NCCL: "OFF"');
  });

  it("has the command stt-server", () => {
    const runtime = textOf(stages.filter(({ name }) => name === "runtime-config"));
    const [, target] = /ln -s \/app\/(\S+) \/usr\/local\/bin\/stt-server/.exec(runtime)!;
    expect(statSync(path.join(root, target!)).mode & 0o111, target).toBe(0o111);
    expect(runtime).toContain('ENTRYPOINT ["tini", "--", "stt-server"]');
  });

  it("takes compiled packages in the versions of the lock", () => {
    const locked = JSON.parse(read("package-lock.json")).packages;
    for (const [arg, name] of [
      ["NODEJS_WHISPER_VERSION", "nodejs-whisper"],
      ["NODE_ADDON_API_VERSION", "node-addon-api"],
      ["NODE_API_HEADERS_VERSION", "node-api-headers"],
      ["ONNXRUNTIME_VERSION", "onnxruntime-node"],
    ]) {
      expect(read("docker/Dockerfile")).toContain(`ARG ${arg}=${locked[`node_modules/${name}`].version}\n`);
    }
  });

  it.each(["cpu", "cuda"])("holds no build tools and runs as a user of its own for %s", (variant) => {
    const layers = ancestry("production", variant);
    const text = textOf(layers);
    expect(text).not.toMatch(/g\+\+|cmake|npm (ci|install)|devel/);
    // The Node image has npm and headers: only its one program is taken.
    expect(layers.at(-1)!.from).toMatch(/^\$\{(DEBIAN_IMAGE\}|CUDA_IMAGE\}-base-)/);
    // By number, so that a cluster can see that it is not root.
    expect(text).toMatch(/^USER 10001:10001$/m);
    expect(text).toMatch(/^HEALTHCHECK /m);
    expect(layers[0]!.steps.map((step) => step.getKeyword())).toEqual(layers[0]!.steps.map(() => "COPY"));
  });

  it("sets only variables that the server knows, to the values that the configuration page says", () => {
    const pairs = instructions
      .filter((step) => step.getKeyword() === "ENV")
      .flatMap((step) => (step as Env).getProperties());
    const env = Object.fromEntries(
      pairs.map((pair) => [pair.getName(), pair.getValue()!.replace(VARIANT_ARG, "cuda")]),
    );
    expect(env).toHaveProperty("BIND_HOST");
    for (const notOurs of ["NODE_ENV", "STT_NATIVE_ADDON"]) delete env[notOurs];
    const variables = Object.values(VARIABLES);
    for (const key of Object.keys(env))
      expect(
        variables.some((variable) => variable.env === key),
        key,
      ).toBe(true);
    expect(loadConfig(env).warnings).toEqual([]);
  });

  it("is started by compose with the values that the configuration page says", () => {
    const { environment = {} } = Object.fromEntries(servicesOf("compose.yml"))["stt-server"]!;
    for (const { env: name, container } of Object.values(VARIABLES)) {
      if (container === undefined) continue;
      const value = environment[name]?.replace(/^\$\{\w+:-(.*)\}$/, "$1");
      expect(value, name).toBe(String(container));
    }
  });

  it("carries Whisper base, unless it is built without", () => {
    const text = textOf(stages.filter(({ name }) => name === "runtime-config"));
    expect(text).toContain("COPY --from=model /model packages/model-whisper-base");
    const model = textOf(stages.filter(({ name }) => name === "model"));
    expect(model).toMatch(/if \[ "\$\{MODEL\}" = base \]; then .* ggml-base-q8_0\.bin \/model\/; fi/);
    expect(instructions.map(String)).toContain("ARG MODEL=base");
    expect(text).not.toContain("packages/server/models");
  });

  it("carries the model that hears the ends of turns", () => {
    const text = textOf(stages.filter(({ name }) => name === "runtime-config"));
    expect(text).toMatch(
      /COPY packages\/model-smart-turn\/LICENSE .*smart-turn-v3\.2-float\.onnx packages\/model-smart-turn\//,
    );
  });

  it("is called unhealthy when nothing answers", () => {
    const check = () =>
      execFileSync(process.execPath, ["docker/healthcheck.mjs"], {
        cwd: root,
        env: { CONTROL_PORT: "9" },
        stdio: "pipe",
      });
    expect(check).toThrow(/unhealthy: .*ECONNREFUSED/);
  });
});

interface Service {
  build?: { dockerfile?: string };
  environment?: Record<string, string>;
  volumes?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
  image?: string;
  deploy?: { resources?: { reservations?: { devices?: unknown } } };
}

const COMPOSE_FILES = [
  "compose.yml",
  "docker/compose.cpu.yml",
  "docker/compose.balanced.yml",
  "docker/compose.balanced-cpu.yml",
  "docker/compose.monitoring.yml",
];

/** Where a service is declared; in other files something is laid over it. */
const DECLARED: Record<string, string> = {
  "stt-server": "compose.yml",
  "stt-server-2": "docker/compose.balanced.yml",
};

function servicesOf(file: string): [string, Service][] {
  // `!reset` is compose's own tag: "forget what the file before said".
  const reset = { tag: "!reset", collection: "seq" as const, nodeClass: undefined, resolve: () => new Scalar(null) };
  // biome-ignore lint/suspicious/noExplicitAny: the library types collection tags for its own node classes only
  return Object.entries(parse(read(file), { customTags: [reset as any] }).services);
}

describe.each(COMPOSE_FILES)("%s", (file) => {
  const services = servicesOf(file);
  const declared = services.filter(([name]) => (DECLARED[name] ?? file) === file);

  it("mounts only what exists", () => {
    for (const [name, { volumes = [], build }] of services) {
      for (const volume of volumes.filter((entry) => entry.startsWith("."))) {
        expect(existsSync(path.join(root, volume.split(":")[0]!)), `${volume} of ${name}`).toBe(true);
      }
      if (build?.dockerfile) expect(existsSync(path.join(root, build.dockerfile))).toBe(true);
    }
  });

  it("names only variables that the server knows", () => {
    const known = new Set<string>(Object.values(VARIABLES).map(({ env }) => env));
    for (const [name, { environment = {} }] of services.filter(([service]) => service.startsWith("stt-server"))) {
      for (const variable of Object.keys(environment)) expect(known.has(variable), `${variable} of ${name}`).toBe(true);
    }
  });

  it("lets a server drain before it is killed, and keeps its models in the volume whatever .env says", () => {
    for (const [name, service] of declared.filter(([own]) => own.startsWith("stt-server"))) {
      const grace = 1000 * Number.parseInt(service.stop_grace_period ?? "10s", 10);
      expect(grace, name).toBeGreaterThan(loadConfig({}).config.drainTimeoutMs + 10_000);
      expect(service.environment?.MODEL_DIR, name).toBe("/models");
      expect(service.volumes, name).toContain("models:/models");
      expect(service.environment?.HISTORY_DIR, name).toMatch(/^\/history\b/);
      expect(service.volumes, name).toContain("history:/history");
    }
  });

  it("gives no container more rights than it needs", () => {
    for (const [name, service] of declared) {
      expect(service.cap_drop, name).toEqual(["ALL"]);
      expect(service.security_opt, name).toEqual(["no-new-privileges:true"]);
      if (name !== "grafana") expect(service.read_only, name).toBe(true);
    }
  });
});

it("lets no two servers write the figures of their graphs into the same file", () => {
  const servers = COMPOSE_FILES.flatMap(servicesOf).filter(([name]) => DECLARED[name] !== undefined);
  const directories = servers.flatMap(([, { environment }]) => environment?.HISTORY_DIR ?? []);
  expect(new Set(directories).size).toBe(directories.length);
  expect(directories).toHaveLength(2);
});

it.each([
  ["one server", ["compose.yml", "docker/compose.cpu.yml"]],
  ["two servers", COMPOSE_FILES.filter((file) => file !== "docker/compose.monitoring.yml")],
])("without a GPU %s ask for none", (_, files) => {
  const laid: Record<string, { image?: string; devices?: unknown }> = {};
  for (const [name, { image, deploy }] of files.flatMap(servicesOf).filter(([own]) => own.startsWith("stt-server"))) {
    laid[name] = { ...laid[name], ...(image && { image }), ...deploy?.resources?.reservations };
  }
  for (const [name, service] of Object.entries(laid)) {
    expect(service, name).toEqual({ image: expect.stringContaining("stt-server:cpu"), devices: null });
  }
});

describe("profiles", () => {
  it.each([
    ["fastest", "tiny", "cuda", 1],
    ["best", "large", "auto", 15],
    ["cpu", "small", "cpu", 3],
  ])("%s is a configuration that the server takes", (name, whisperModel, device, beamSize) => {
    const { config, warnings } = loadConfig(parseEnv(read(`docker/profiles/${name}.env`)));
    expect(config).toMatchObject({ whisperModel, device, beamSize });
    expect(warnings).toEqual([]);
  });
});

const make = (...args: string[]) => execFileSync("make", args, { cwd: root, encoding: "utf8" });

describe("the Makefile", () => {
  it.each([
    "help",
    "install",
    "run",
    "run-minimal-editor",
    "run-websocket-client",
    "deploy",
    "remote-logs",
    "remote-status",
    "docker-build",
    "docker-run",
    "docker-logs",
    "docker-stop",
    "docker-status",
  ])("has the original system's target %s", (target) => {
    expect(make("-n", target).trim()).not.toBe("");
    expect(make("help")).toContain(target);
  });

  it("deploys to the host it is given and never deletes the configuration there", () => {
    const commands = make("-n", "deploy", "SERVER_HOST=box.example", "SERVER_USER=me");
    expect(commands).toContain("me@box.example:stt/");
    expect(commands).toContain("--filter='protect .env'");
  });
});
