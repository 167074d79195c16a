import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, RequestError } from "@hono/node-server";
import { OpenAPIHono } from "@hono/zod-openapi";
import { isSttError } from "@stt/core";
import type { Context } from "hono";
import { adminRoutes } from "./admin.js";
import type { App, AppContext, AppEnv } from "./app-context.js";
import { asrWebserviceFailures, asrWebserviceRoutes } from "./asr-webservice.js";
import { consoleRoutes } from "./console.js";
import { crossOrigin } from "./cors.js";
import { deepgramFailures, prerecordedRoutes } from "./deepgram/prerecorded.js";
import { editorRoutes } from "./editor.js";
import { FieldError, fieldErrorOf } from "./field-error.js";
import { healthRoutes } from "./health.js";
import { keyRoutes } from "./keys.js";
import { lingeringClose } from "./lingering-close.js";
import { metricsRoutes } from "./metrics.js";
import { modelRoutes } from "./models.js";
import { modelAdminRoutes } from "./models-admin.js";
import { openApiRoutes } from "./openapi.js";
import { plainBodies } from "./plain-bodies.js";
import { type FailureStatus, isOurFault, type Problem, problem, refusalHeaders, statusOf } from "./problem.js";
import { replacementRoutes } from "./replacements.js";
import { requestId } from "./request-id.js";
import { sessionRoutes } from "./sessions.js";
import { soundHead } from "./sound-head.js";
import { tokenRoutes } from "./tokens.js";
import { transcriptionRoutes } from "./transcriptions.js";
import { whisperCppFailures, whisperCppRoutes } from "./whisper-cpp.js";

/** The HTTP application, the same on both listeners: each file beside this one adds its routes. */
export function createApp(context: AppContext): (request: IncomingMessage, response: ServerResponse) => void {
  const { fetch } = createRoutes(context);
  return getRequestListener(fetch, {
    overrideGlobalObjects: false,
    // What is left of a body is for `lingeringClose`.
    autoCleanupIncoming: false,
    // Without a Host header; `soundHead` sees that there is none.
    hostname: "localhost",
    errorHandler: (error) => (error instanceof RequestError ? unaddressed(error) : failedOutside(context, error)),
  });
}

/** Of a request from which no address can be made. */
function unaddressed({ message }: RequestError): Response {
  const sentence = `The request line and the Host header make no address: ${message}.`;
  return Response.json(problem(sentence, "bad_message"), { status: 400, headers: { Connection: "close" } });
}

/** What no route has caught. */
function failedOutside({ log }: AppContext, error: unknown): Response {
  log.error({ err: error }, "a request failed");
  return Response.json(problem("The server failed to answer this request.", "internal"), { status: 500 });
}

/** Whatever refuses, the clients of a wire read it in their manner. */
function failuresOfWires(app: App, { asrWebserviceApi, whisperCppApi, deepgramApi }: AppContext["config"]): void {
  if (asrWebserviceApi) for (const path of ["/asr", "/detect-language"]) app.use(path, asrWebserviceFailures);
  if (whisperCppApi) app.use("/inference", whisperCppFailures);
  if (deepgramApi) app.use("/v1/listen", deepgramFailures);
}

/** All routes. A slash at the end of a path is no other path: a proxy or a person may add one. */
export function createRoutes(context: AppContext): App {
  const app: App = new OpenAPIHono<AppEnv>({
    strict: false,
    defaultHook: (result) => {
      if (!result.success) throw fieldErrorOf(result.error, "data" in result ? result.data : undefined);
    },
  });
  app.use(lingeringClose(context.config));
  app.use(requestId);
  failuresOfWires(app, context.config);
  app.use(soundHead);
  crossOrigin(app, context.origins);
  app.use(plainBodies);
  healthRoutes(app, context);
  sessionRoutes(app, context);
  tokenRoutes(app, context);
  metricsRoutes(app, context);
  modelAdminRoutes(app, context);
  modelRoutes(app, context);
  transcriptionRoutes(app, context);
  replacementRoutes(app, context);
  if (context.config.asrWebserviceApi) asrWebserviceRoutes(app, context);
  if (context.config.whisperCppApi) whisperCppRoutes(app, context);
  if (context.config.deepgramApi) prerecordedRoutes(app, context);
  adminRoutes(app, context);
  keyRoutes(app, context);
  editorRoutes(app);
  consoleRoutes(app);
  openApiRoutes(app);

  const failed = (c: Context<AppEnv>, { error }: Problem, status: FailureStatus) => {
    const written = c.var.writeFailure?.(error, status) ?? { body: { error }, status };
    return c.json(written.body, written.status);
  };
  app.notFound((c) => c.json(problem(`There is nothing at ${c.req.method} ${c.req.path}.`, "not_found"), 404));
  app.onError((error, c) => {
    const known = isSttError(error);
    if (!known || isOurFault(error.code)) {
      context.log.error({ err: error, path: c.req.path, request: c.var.requestId }, "a request failed");
    }
    if (!known) return failed(c, problem("The server failed to answer this request.", "internal"), 500);
    for (const [name, value] of Object.entries(refusalHeaders(error))) c.header(name, value);
    const param = error instanceof FieldError ? error.param : null;
    return failed(c, problem(error.message, error.code, param), statusOf(error.code));
  });

  return app;
}
