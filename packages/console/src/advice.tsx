/** One sentence of truth about the server, what to do about it, and the buttons or variables that do it. */
import { Button, fill, formatBytes, formatMs, formatPercent, type Look, Pill } from "@stt/ui";
import { useState } from "react";
import { CopyButton } from "./copy-button.js";
import { reasonText } from "./header.js";
import { pullPath, requestProblem } from "./model-problems.js";
import { type PageContext, usePage } from "./page-context.js";
import { fillPlural } from "./plural.js";
import type { Remedy, Status, Verdict } from "./server-types.js";

const CALM: Look = { icon: "check", tone: "live" };
const BUSY: Look = { icon: "warning", tone: "busy" };
const BAD: Look = { icon: "warning", tone: "bad" };
const LOOKS: Record<Verdict, Look> = {
  draining: { icon: "drain", tone: "busy" },
  not_ready: { icon: "dots", tone: "busy" },
  test_model: BUSY,
  refusing: BAD,
  refusing_by_limit: BAD,
  too_slow: BAD,
  over: BAD,
  gpu_unused: BUSY,
  gpu_missing: BUSY,
  near: BUSY,
  near_limit: BUSY,
  late: BUSY,
  comfortable: CALM,
  idle: CALM,
};

export function AdviceLine() {
  const page = usePage();
  const { texts, snapshot } = page;
  const [failure, setFailure] = useState<string | null>(null);
  const { status } = snapshot;
  if (!status) return null;
  const { advice } = status;
  return (
    <section className="panel advice" aria-label={texts.advice} data-verdict={advice.verdict}>
      {/* The word alone is announced: the figures beside it change all the time. */}
      <div role="status">
        <Pill {...LOOKS[advice.verdict]}>{texts.verdicts[advice.verdict]}</Pill>
      </div>
      <div className="words">
        <p className="truth tabular">{truthOf(status, page)}</p>
        <p className="todo">{todoOf(status, page)}</p>
        {failure && (
          <p className="problem" role="alert">
            {failure}
          </p>
        )}
      </div>
      <div className="remedies">
        {advice.remedies.map((remedy) => (
          <RemedyAction key={remedy.do} remedy={remedy} onFailure={setFailure} />
        ))}
      </div>
    </section>
  );
}

interface ActionProps {
  remedy: Remedy;
  onFailure(sentence: string | null): void;
}

/** What does it at a press, or is to be pasted elsewhere; nothing where only hands help. */
function RemedyAction({ remedy, onFailure }: ActionProps) {
  const { texts, locale, snapshot, ask } = usePage();
  const [isBusy, setBusy] = useState(false);
  const act = async (request: Promise<unknown>) => {
    onFailure(null);
    setBusy(true);
    try {
      await request;
    } catch (error) {
      onFailure(requestProblem(error, texts).sentence);
    } finally {
      setBusy(false);
    }
  };
  switch (remedy.do) {
    case "use_model": {
      const known = snapshot.models.find(({ name }) => name === remedy.model);
      const hint = fill(texts.keepsModel, { setting: `WHISPER_MODEL=${remedy.model}` });
      if (known?.installed)
        return (
          <Button
            className="primary"
            disabled={isBusy}
            title={hint}
            onClick={() => void act(ask("v1/models/active", "PUT", { final: remedy.model }))}
          >
            {isBusy ? texts.switching : fill(texts.useModel, { model: remedy.model })}
          </Button>
        );
      // How far it is stands with the models.
      const pull = known?.pull;
      const isComing = pull !== undefined && pull.state !== "failed";
      return (
        <Button disabled={isBusy || isComing} onClick={() => void act(ask(pullPath(remedy.model), "POST"))}>
          {fill(texts.downloadModel, { model: remedy.model })}
          {known?.bytes !== undefined && (
            <small>
              {isComing
                ? formatPercent(pull.receivedBytes / (pull.totalBytes ?? known.bytes), locale)
                : formatBytes(known.bytes, locale)}
            </small>
          )}
        </Button>
      );
    }
    case "change": {
      const setting = `${remedy.variable}=${remedy.value}`;
      return (
        <Button
          disabled={isBusy}
          onClick={() => void act(ask("v1/admin/config", "PATCH", { values: { [remedy.variable]: remedy.value } }))}
        >
          {fill(texts.setVariable, { setting })}
        </Button>
      );
    }
    case "restart_with":
      return <CopyButton text={`${remedy.variable}=${remedy.value}`} />;
    case "build_for_gpu":
      return <CopyButton text="npm run build:native -- --cuda" />;
    default:
      return null;
  }
}

function truthOf({ advice, models, load }: Status, { texts, locale }: PageContext): string {
  const { verdict, speaking, speakers, finalWorstMs, refused, maxSessions, gpu = "" } = advice;
  const model = models?.final.model ?? "";
  const who = speaking === 0 ? texts.nobodySpeaks : fillPlural(texts.peopleSpeak, speaking, locale);
  const holds =
    speakers === null
      ? fill(texts.machineUnknown, { model })
      : speakers === 0
        ? fill(texts.machineHoldsNone, { model })
        : fillPlural(texts.machineHolds, speakers, locale, { model });
  const waits = finalWorstMs === null ? [] : [fill(texts.finalsWait, { worst: formatMs(finalWorstMs, locale) })];
  const turnedAway = fillPlural(texts.sessionsRefused, refused, locale);
  const pieces = (): string[] => {
    switch (verdict) {
      case "draining":
        return [texts.isDraining];
      case "not_ready":
        return [fill(texts.notReady, { reason: reasonText(load.reason ?? "", texts) })];
      case "test_model":
        return [texts.runsTestModel];
      case "refusing":
        return [turnedAway, who, holds, ...waits];
      case "refusing_by_limit":
        return [`${turnedAway} ${fill(texts.refusedByLimit, { max: maxSessions })}`];
      case "near_limit":
        return [fill(texts.nearLimit, { sessions: load.sessions, max: maxSessions })];
      case "gpu_unused":
        return [fill(texts.gpuIdle, { gpu, model }), who, holds];
      case "gpu_missing":
        return [fill(texts.gpuMissing, { model }), who, holds];
      default:
        return [who, holds, ...waits];
    }
  };
  return sentence(pieces().join("; "));
}

function todoOf({ advice, load }: Status, page: PageContext): string {
  const { texts, locale } = page;
  const { verdict, speaking, speakers, remedies } = advice;
  if (verdict === "draining") return texts.todoDraining;
  if (verdict === "not_ready") return load.reason === "models are loading" ? texts.todoWait : texts.todoLog;
  if (remedies.length > 0) {
    const choice = new Intl.ListFormat(locale, { type: "disjunction" });
    const todo = choice.format(remedies.map((remedy) => remedyWords(remedy, page)));
    return sentence(verdict === "near" ? fill(texts.todoBeforeMore, { todo }) : todo);
  }
  if (verdict === "too_slow" || verdict === "late") return texts.todoCores;
  const room = (speakers ?? 0) - speaking;
  return verdict === "comfortable" && room > 0 ? fillPlural(texts.todoRoom, room, locale) : texts.todoNothing;
}

function remedyWords(remedy: Remedy, { texts, locale }: PageContext): string {
  switch (remedy.do) {
    case "use_model": {
      const { model, speakers } = remedy;
      return speakers === null
        ? fill(texts.remedyModelPlain, { model })
        : fillPlural(texts.remedyModel, speakers, locale, { model });
    }
    case "change":
      return texts.remedyLimit;
    case "restart_with":
      return fill(texts.remedyRestart, { setting: `${remedy.variable}=${remedy.value}` });
    case "build_for_gpu":
      return texts.remedyBuild;
    default:
      return texts.remedyServer;
  }
}

/** A capital and a full stop, where there is none yet. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith(".") ? "" : ".");
}
