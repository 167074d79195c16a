/** The workflows cannot run here; what can be known of them without running is held by these. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { OPT_IN_PLATFORMS, PLATFORMS } from "../release-plan.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const scripts: Record<string, string> = JSON.parse(read("package.json")).scripts;

interface Step {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

interface Job {
  needs?: string | string[];
  permissions?: Record<string, string>;
  outputs?: Record<string, string>;
  strategy?: { matrix: Record<string, unknown> & { include?: Record<string, string>[] } };
  container?: string;
  "timeout-minutes"?: number;
  steps: Step[];
}

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const workflowOf = (file: string): Workflow => parse(read(path.join(".github/workflows", file)), { strict: true });
const needsOf = ({ needs = [] }: Job) => [needs].flat();
const release = workflowOf("release.yml");

describe.each(readdirSync(path.join(root, ".github/workflows")))("%s", (file) => {
  const text = read(path.join(".github/workflows", file));
  const { permissions, jobs } = workflowOf(file);
  const steps = Object.entries(jobs).flatMap(([job, { steps: list }]) => list.map((step) => ({ job, step })));

  it("may only read unless a job says what it writes", () => {
    expect(permissions).toEqual({ contents: "read" });
    for (const [name, job] of Object.entries(jobs)) {
      for (const [scope, level] of Object.entries(job.permissions ?? {}))
        expect(level, `${name}: ${scope}`).toMatch(/^(read|write)$/);
    }
  });

  it("pins each action to a major version and gives each job an end", () => {
    for (const { job, step } of steps) {
      if (step.uses) expect(step.uses, job).toMatch(/^[a-z0-9-]+\/[a-z0-9-]+@v\d+$/);
      expect(Boolean(step.uses) !== Boolean(step.run), `${job}: ${JSON.stringify(step)}`).toBe(true);
    }
    for (const [name, job] of Object.entries(jobs)) expect(job["timeout-minutes"], name).toBeGreaterThan(0);
  });

  it("runs only what the repository has", () => {
    const commands = steps.map(({ step }) => `${step.run ?? ""}\n${step.with?.version ?? ""}`).join("\n");
    const names = [...commands.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
    for (const name of names) expect(Object.keys(scripts)).toContain(name);
    for (const [, program] of commands.matchAll(/(?:^|\s)(\.ci\/\w+|(?:node )?scripts\/[\w./-]+)/g)) {
      expect(existsSync(path.join(root, program!.replace("node ", ""))), program).toBe(true);
    }
  });

  it("refers to jobs, outputs, steps and matrix entries that exist", () => {
    for (const [name, job] of Object.entries(jobs)) {
      for (const needed of needsOf(job)) expect(Object.keys(jobs), name).toContain(needed);
      const used = JSON.stringify(job);
      for (const [, needed, output] of used.matchAll(/needs\.([\w-]+)\.outputs\.(\w+)/g)) {
        expect(needsOf(job), name).toContain(needed);
        expect(Object.keys(jobs[needed!]?.outputs ?? {}), `${name}: ${needed}`).toContain(output);
      }
      const ids = job.steps.map(({ id }) => id);
      for (const [, id] of used.matchAll(/steps\.(\w+)\./g)) expect(ids, name).toContain(id);
      const { include = [], ...axes } = job.strategy?.matrix ?? {};
      for (const [, key] of used.matchAll(/matrix\.(\w+)/g)) {
        expect(key! in axes || (include.length > 0 && include.every((entry) => key! in entry)), `${name}: ${key}`).toBe(
          true,
        );
      }
    }
  });

  it("holds no secret, and lets nothing from outside into a shell", () => {
    expect(text).not.toMatch(/npm_[A-Za-z0-9]{20,}|gh[pousr]_[A-Za-z0-9]{20,}|-----BEGIN/);
    for (const { job, step } of steps) {
      expect(step.run ?? "", `${job}: values go through env`).not.toMatch(/\$\{\{/);
      for (const [key, value] of Object.entries({ ...step.env, ...step.with })) {
        if (/token|password|secret/i.test(key))
          expect(value, `${job}: ${key}`).toMatch(/^\$\{\{ (secrets\.\w+|github\.token) \}\}$/);
      }
    }
  });
});

describe("the release", () => {
  it("builds an addon for each platform that it publishes", () => {
    const built = release.jobs.addon!.strategy!.matrix.include!.map(({ platform }) => platform);
    expect(built).toEqual(PLATFORMS);
    expect(OPT_IN_PLATFORMS).toEqual(["linux-x64-cuda"]);
    expect(needsOf(release.jobs.publish!)).toEqual(expect.arrayContaining(["addon", "addon-cuda"]));
  });

  it("starts the image it has built before it pushes one", () => {
    const steps = release.jobs.image!.steps;
    const started = steps.findIndex(({ run }) => run?.includes("docker run") && run.includes("--check"));
    const loaded = steps.findIndex((step) => step.with?.load === true);
    const pushed = steps.findIndex((step) => step.with?.push === true);
    expect(steps[started]?.run).toContain(String(steps[loaded]?.with?.tags));
    expect([loaded, started, pushed]).toEqual([...new Set([loaded, started, pushed])].sort((a, b) => a - b));
    expect(loaded).toBeGreaterThan(-1);
  });

  it("compiles CUDA for the same cards, with the same toolkit, as the image", () => {
    const dockerfile = read("docker/Dockerfile");
    const cuda = release.jobs["addon-cuda"]!;
    const archs = cuda.steps.find(({ env }) => env?.CUDAARCHS)!.env!.CUDAARCHS;
    expect(dockerfile).toContain(`ARG CUDAARCHS="${archs}"`);
    const [, version] = /ARG CUDA_IMAGE=\S+:([\d.]+)/.exec(dockerfile)!;
    expect(cuda.container).toBe(`nvidia/cuda:${version}-devel-ubuntu22.04`);
  });

  it("lets only the jobs that sign have an identity, and only the publishing step the registry's token", () => {
    const signing = Object.entries(release.jobs).filter(([, job]) => job.permissions?.["id-token"]);
    expect(signing.map(([name]) => name)).toEqual(["publish", "image"]);
    const withToken = Object.values(release.jobs).flatMap((job) =>
      job.steps.filter((step) => JSON.stringify(step).includes("secrets.")),
    );
    expect(withToken.map(({ run }) => run)).toEqual(["npm run release:publish -- dist-release"]);
  });
});
