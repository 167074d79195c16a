/** What went wrong with a model, and what to do about it, in the operator's language. */
import { fill } from "@stt/ui";
import { ApiError } from "./api.js";
import type { ModelPull } from "./server-types.js";
import type { Texts } from "./texts.js";

export interface Problem {
  sentence: string;
  /** The server's own words, with addresses and figures; English. */
  detail: string;
}

/** Where a model's download is asked for, seen and stopped. */
export function pullPath(name: string): string {
  return `v1/models/${encodeURIComponent(name)}/pull`;
}

/** Of a download that failed. */
export function downloadProblem({ code = "", message }: ModelPull, texts: Texts): Problem {
  return problem(texts.downloadProblems, code, message, texts);
}

/** Of a request that was refused, or did not arrive. */
export function requestProblem(error: unknown, texts: Texts): Problem {
  const code = error instanceof ApiError ? error.code : "connection_failed";
  return problem(texts.modelProblems, code, error instanceof Error ? error.message : String(error), texts);
}

function problem(sentences: Readonly<Record<string, string>>, code: string, detail: string, texts: Texts): Problem {
  return { sentence: sentences[code] ?? fill(texts.failed, { message: detail }), detail };
}
