/** What to speak into, and in which language: chosen once, remembered. */
import { useMicrophones } from "@stt/react";
import { Icon } from "@stt/ui";
import { type ChangeEvent, useMemo } from "react";
import { languageNames } from "./language-names.js";
import { usePage } from "./page-context.js";

/** Names by which browsers list the system's choice a second time. */
const ALIASES = new Set(["default", "communications"]);

export interface SpeechSettingsProps {
  /** No language is to be told to the server any more. */
  onServerLanguage(): void;
  /** Something was chosen with the pointer: what is typed next is not for the list. */
  onChosen(): void;
}

export function SpeechSettings({ onServerLanguage, onChosen }: SpeechSettingsProps) {
  const { texts, preferences, prefer, locale } = usePage();
  const microphones = useMicrophones().filter(({ deviceId }) => !ALIASES.has(deviceId));
  const languages = useMemo(() => languageNames(locale), [locale]);
  const { deviceId, language } = preferences;
  const isThere = microphones.some((each) => each.deviceId === deviceId);
  const choose =
    (take: (value: string | undefined) => void) =>
    ({ target }: ChangeEvent<HTMLSelectElement>) => {
      take(target.value || undefined);
      if (!target.matches(":focus-visible")) onChosen();
    };
  return (
    <div className="settings">
      <label>
        <Icon name="microphone" />
        <span className="visually-hidden">{texts.microphone}</span>
        <select
          value={isThere ? deviceId : ""}
          onChange={choose((value) => prefer({ deviceId: value }))}
          title={texts.microphone}
        >
          <option value="">{texts.systemMicrophone}</option>
          {microphones.map((each) => (
            <option key={each.deviceId} value={each.deviceId}>
              {each.label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <Icon name="wave" />
        <span className="visually-hidden">{texts.language}</span>
        <select
          value={language ?? ""}
          onChange={choose((value) => {
            prefer({ language: value });
            if (value === undefined) onServerLanguage();
          })}
          title={texts.language}
        >
          <option value="">{texts.serverLanguage}</option>
          <option value="auto">{texts.detect}</option>
          {languages.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
