/** The four numbers that matter, each with its last minutes and, when it is bad, with what to do. */
import { fill, formatMs, formatNumber, Icon, UNKNOWN } from "@stt/ui";
import { usePage } from "./page-context.js";
import type { History, Threshold } from "./server-types.js";
import { Sparkline } from "./sparkline.js";

type Tone = "calm" | "busy" | "bad";

function toneOf(value: number | null, { busy, bad }: Threshold): Tone {
  if (value === null || value < busy) return "calm";
  return value < bad ? "busy" : "bad";
}

export function Headline() {
  const { texts, locale, snapshot } = usePage();
  const { status, history } = snapshot;
  if (!status) return null;
  const { load, thresholds } = status;
  const factor = latest(history, "realtimeFactor");
  const finalMs = latest(history, "finalLatencyMs");
  const partialMs = latest(history, "firstPartialMs");
  const isMeasured = factor !== null || finalMs !== null || partialMs !== null;
  const unmeasured = isMeasured || history === null || history.at.length === 0 ? null : texts.nothingMeasured;
  const loadTone: Tone = status.full ? "bad" : load.load >= thresholds.load.busy ? "busy" : "calm";
  const factorTone = toneOf(factor, thresholds.realtimeFactor);
  const finalTone = toneOf(finalMs, thresholds.finalLatencyMs);
  const partialTone = toneOf(partialMs, thresholds.firstPartialMs);
  return (
    <section className="headline" aria-label={texts.figures}>
      <Tile
        name="sessions"
        label={texts.tileSessions}
        value={formatNumber(load.sessions, locale)}
        unit={
          load.capacity === null ? "" : fill(texts.tileSessionsOf, { capacity: formatNumber(load.capacity, locale) })
        }
        note={
          { calm: fill(texts.tileSpeaking, { n: load.speaking }), busy: texts.nearlyFull, bad: texts.full }[loadTone]
        }
        tone={loadTone}
        history={history}
        series="sessions"
        least={4}
      />
      <Tile
        name="factor"
        label={texts.tileFactor}
        value={factor === null ? UNKNOWN : `${formatNumber(factor, locale, 2)} ×`}
        note={{ calm: unmeasured ?? texts.tileFactorNote, busy: texts.rather, bad: texts.tooSlow }[factorTone]}
        tone={factorTone}
        history={history}
        series="realtimeFactor"
        least={0.2}
      />
      <Tile
        name="final"
        label={texts.tileFinal}
        value={formatMs(finalMs, locale)}
        note={{ calm: unmeasured ?? texts.tileFinalNote, busy: texts.rather, bad: texts.late }[finalTone]}
        tone={finalTone}
        history={history}
        series="finalLatencyMs"
        least={200}
      />
      <Tile
        name="partial"
        label={texts.tilePartial}
        value={formatMs(partialMs, locale)}
        note={{ calm: unmeasured ?? texts.tilePartialNote, busy: texts.rather, bad: texts.late }[partialTone]}
        tone={partialTone}
        history={history}
        series="firstPartialMs"
        least={400}
      />
    </section>
  );
}

function latest(history: History | null, series: keyof History["series"]): number | null {
  return history?.series[series].at(-1) ?? null;
}

interface TileProps {
  name: string;
  label: string;
  value: string;
  unit?: string;
  note: string;
  tone: Tone;
  history: History | null;
  series: keyof History["series"];
  least: number;
}

function Tile({ name, label, value, unit, note, tone, history, series, least }: TileProps) {
  return (
    <div className={`tile tone-${tone}`} data-tile={name}>
      <h2>{label}</h2>
      <p className="value tabular">
        {value} {unit && <small>{unit}</small>}
      </p>
      <p className="note">
        {tone !== "calm" && <Icon name="warning" />} {note}
      </p>
      <Sparkline values={history?.series[series] ?? []} capacity={history?.capacity ?? 1} least={least} />
    </div>
  );
}
