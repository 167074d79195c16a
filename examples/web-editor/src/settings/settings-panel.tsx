/** What is chosen once. */
import { useId, useState } from "react";
import { Panel } from "../panels/panel.js";
import { usePanel } from "../panels/use-panel.js";
import { mayBeTalkKey, talkKeyName } from "../recording/talk-key.js";
import { Switch } from "./switch.js";
import { WritingSettings } from "./writing-settings.js";

export default function SettingsPanel({ onClose }: { onClose(): void }) {
  const { texts } = usePanel();
  return (
    <Panel title={texts.settings} onClose={onClose}>
      <TalkKey />
      <Switch name="sound" label={texts.sound} />
      {"vibrate" in navigator && <Switch name="vibration" label={texts.vibration} />}
      <Switch name="spokenCommands" label={texts.spokenCommands} hint={texts.spokenCommandsHint} />
      <Switch name="autoCopy" label={texts.autoCopy} />
      <Switch name="marksDoubt" label={texts.marksDoubt} hint={texts.doubtHint} />
      <WritingSettings />
    </Panel>
  );
}

function TalkKey() {
  const { texts, preferences, prefer } = usePanel();
  const [isAsking, setAsking] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const labelId = useId();
  return (
    <div className="setting">
      <div className="setting-row">
        <span id={labelId}>{texts.talkKey}</span>
        <button
          type="button"
          aria-describedby={labelId}
          data-takes-keys={isAsking || undefined}
          onClick={() => setAsking(true)}
          onBlur={() => setAsking(false)}
          // Before the page's own keys, the present one among them.
          onKeyDownCapture={(event) => {
            if (!isAsking || event.key === "Tab") return;
            event.preventDefault();
            event.stopPropagation();
            const isTaken = mayBeTalkKey(event.code);
            setRefused(!isTaken && event.key !== "Escape");
            if (isTaken) prefer({ talkKey: event.code });
            if (isTaken || event.key === "Escape") setAsking(false);
          }}
        >
          {isAsking ? texts.talkKeyPress : <kbd>{talkKeyName(preferences.talkKey)}</kbd>}
        </button>
      </div>
      <p className="hint" role={isRefused ? "alert" : undefined}>
        {isRefused ? texts.talkKeyRefused : texts.talkKeyHint}
      </p>
    </div>
  );
}
