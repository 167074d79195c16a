import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { VARIABLES } from "@stt/core/config";
import { Deployment } from "kubernetes-models/apps/v1";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { PersistentVolumeClaim, Service } from "kubernetes-models/v1";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments, stringify } from "yaml";

const root = fileURLToPath(new URL("../..", import.meta.url));
const KINDS = { Deployment, Service, PersistentVolumeClaim, HorizontalPodAutoscaler, PodDisruptionBudget, Ingress };

/** Debian's Go with its copies of Helm's template functions. */
const hasGo = (() => {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

interface Manifest {
  kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: judged by the validators and by TypeScript below
  spec: any;
}

const directory = mkdtempSync(path.join(tmpdir(), "stt-helm-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const program = path.join(directory, "helm-render");

function render(values: object): Manifest[] {
  const file = path.join(directory, "values.yaml");
  writeFileSync(file, stringify(values));
  const output = execFileSync(program, ["docker/helm/stt", file], { cwd: root, encoding: "utf8" });
  return parseAllDocuments(output).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

const EVERYTHING = {
  image: { repository: "registry.example.org/stt", tag: "1.2.3" },
  envSecret: "stt-keys",
  gpu: { count: 2 },
  ingress: { enabled: true, className: "nginx", tlsSecret: "stt-tls" },
  autoscaling: { enabled: true },
  podMonitor: { enabled: true, credentialsSecret: "stt-metrics" },
  models: { persistence: { storageClass: "fast" } },
  nodeSelector: { pool: "gpu" },
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
  podAnnotations: { team: "speech" },
};

describe.skipIf(!hasGo)("the Helm chart", () => {
  beforeAll(() => {
    const env = { ...process.env, GO111MODULE: "off", GOPATH: "/usr/share/gocode", GOFLAGS: "" };
    execFileSync("go", ["build", "-o", program, "./scripts/helm-render"], { cwd: root, env });
  }, 180_000);

  const only = (manifests: Manifest[], kind: string) => manifests.filter((manifest) => manifest.kind === kind);

  it.each([
    ["with its defaults", {}, ["Deployment", "PersistentVolumeClaim", "PodDisruptionBudget", "Service"]],
    [
      "with everything switched on",
      EVERYTHING,
      [
        "Deployment",
        "HorizontalPodAutoscaler",
        "Ingress",
        "PersistentVolumeClaim",
        "PodDisruptionBudget",
        "PodMonitor",
        "Service",
      ],
    ],
  ])("renders what Kubernetes takes %s", (_name, values, kinds) => {
    const manifests = render(values);
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(kinds);
    for (const manifest of manifests) {
      const Kind = KINDS[manifest.kind as keyof typeof KINDS];
      // Of the Prometheus operator's kinds there is no schema here.
      if (manifest.kind !== "PodMonitor") new Kind(manifest as never).validate();
    }
  });

  it("has no field that Kubernetes does not know", () => {
    // The schemas allow unknown fields; the types of the same package do not.
    const imports = [
      'import type { IDeployment } from "kubernetes-models/apps/v1";',
      'import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";',
      'import type { IIngress } from "kubernetes-models/networking.k8s.io/v1";',
      'import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1";',
      'import type { IPersistentVolumeClaim, IService } from "kubernetes-models/v1";',
    ];
    const manifests = render(EVERYTHING).filter(({ kind }) => kind !== "PodMonitor");
    const constants = manifests.map(
      (manifest, i) => `export const m${i}: I${manifest.kind} = ${JSON.stringify(manifest)};`,
    );
    const check = (lines: string[]) => {
      // Beside node_modules, where TypeScript looks for the types.
      const file = path.join(root, "scripts", `.helm-${process.pid}.check.ts`);
      writeFileSync(file, [...imports, ...lines].join("\n"));
      try {
        const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"];
        execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), ...options, file], {
          encoding: "utf8",
          stdio: "pipe",
        });
        return "";
      } catch (error) {
        return (error as { stdout: string }).stdout;
      } finally {
        rmSync(file, { force: true });
      }
    };
    expect(check(constants)).toBe("");
    expect(check(constants.map((line) => line.replace('"readinessProbe"', '"readynessProbe"')))).toContain(
      "readynessProbe",
    );
  }, 60_000);

  it("drains before it stops, and lets a new pod take over first", () => {
    const [deployment] = only(render({ drainTimeoutSeconds: 20 }), "Deployment");
    const { strategy, template } = deployment!.spec;
    const [container] = template.spec.containers;
    expect(template.spec.terminationGracePeriodSeconds).toBe(35);
    expect(container.lifecycle.preStop.exec.command).toEqual(["sleep", "5"]);
    expect(container.env).toContainEqual({ name: "DRAIN_TIMEOUT", value: "20" });
    expect(container.readinessProbe.httpGet.path).toBe("/readyz");
    expect(container.livenessProbe.httpGet.path).toBe("/healthz");
    expect(strategy.rollingUpdate.maxUnavailable).toBe(0);
  });

  it("names only variables that the server knows", () => {
    const [deployment] = only(render({}), "Deployment");
    const known = new Set<string>(Object.values(VARIABLES).map(({ env }) => env));
    for (const { name } of deployment!.spec.template.spec.containers[0].env) expect(known.has(name), name).toBe(true);
  });

  it("scales on the load that the server tells", () => {
    const manifests = render(EVERYTHING);
    expect(only(manifests, "HorizontalPodAutoscaler")[0]!.spec.metrics[0].pods.metric.name).toBe("stt_load");
    expect(only(manifests, "Deployment")[0]!.spec.replicas).toBeUndefined();
    const limits = only(manifests, "Deployment")[0]!.spec.template.spec.containers[0].resources.limits;
    expect(limits["nvidia.com/gpu"]).toBe(2);
  });

  it("runs on the CPU where no GPU is asked for", () => {
    const [deployment] = only(render({ gpu: { count: 0 } }), "Deployment");
    const [container] = deployment!.spec.template.spec.containers;
    expect(container.env).toContainEqual({ name: "DEVICE", value: "cpu" });
    expect(container.resources.limits["nvidia.com/gpu"]).toBeUndefined();
  });
});
