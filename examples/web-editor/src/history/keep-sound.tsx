/** Whether the sound of one's words stays on this device, how much of it, and how to be rid of it. */
import { Button, fill, formatBytes } from "@stt/ui";
import { usePanel } from "../panels/use-panel.js";
import type { HistoryStore } from "./history-store.js";

/** Megabytes; one is half a minute of sound. */
const LIMITS = [50, 200, 1000];

export interface KeepSoundProps {
  store: HistoryStore;
  soundBytes: number;
  hasEntries: boolean;
}

export function KeepSound({ store, soundBytes, hasEntries }: KeepSoundProps) {
  const { texts, locale, preferences, prefer } = usePanel();
  const { keepsSound, soundLimitMb } = preferences;
  return (
    <section className="keep-sound">
      <label className="switch">
        <input type="checkbox" checked={keepsSound} onChange={({ target }) => prefer({ keepsSound: target.checked })} />
        {texts.keepsSound}
      </label>
      <p className="hint">{texts.keepsSoundHint}</p>
      {(keepsSound || soundBytes > 0) && (
        <div className="setting-row">
          <label>
            {texts.soundLimit}{" "}
            <select
              value={soundLimitMb}
              onChange={({ target }) => {
                const soundLimit = Number(target.value);
                prefer({ soundLimitMb: soundLimit });
                void store.limitSound(soundLimit * 2 ** 20);
              }}
            >
              {LIMITS.map((mb) => (
                <option key={mb} value={mb}>
                  {formatBytes(mb * 2 ** 20, locale)}
                </option>
              ))}
            </select>
          </label>
          <span className="tabular">{fill(texts.soundUsed, { size: formatBytes(soundBytes, locale) })}</span>
        </div>
      )}
      <div className="history-ends">
        <Button disabled={soundBytes === 0} onClick={() => void store.limitSound(0)}>
          {texts.clearSound}
        </Button>
        <Button
          disabled={!hasEntries}
          onClick={() => {
            if (confirm(texts.clearHistorySure)) void store.clear();
          }}
        >
          {texts.clearHistory}
        </Button>
      </div>
    </section>
  );
}
