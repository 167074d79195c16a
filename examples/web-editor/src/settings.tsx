/** Microphone, languages and colours: chosen once, remembered. */
import { WHISPER_LANGUAGES } from "@stt/core";
import { useMicrophones } from "@stt/react";
import { useMemo } from "react";
import { Icon, type IconName } from "./icons.js";
import { usePage } from "./page-context.js";
import type { Theme } from "./preferences.js";
import type { Texts } from "./texts.js";

/** Names by which browsers list the system's choice a second time. */
const ALIASES = new Set(["default", "communications"]);

/** What to speak into, and in which language. */
export function SpeechSettings({ onServerLanguage }: { onServerLanguage(): void }) {
  const { texts, preferences, prefer, locale } = usePage();
  const microphones = useMicrophones().filter(({ deviceId }) => !ALIASES.has(deviceId));
  const languages = useMemo(() => namedLanguages(locale), [locale]);
  const { deviceId, language } = preferences;
  const isThere = microphones.some((each) => each.deviceId === deviceId);
  return (
    <div className="settings">
      <label>
        <Icon name="microphone" />
        <span className="visually-hidden">{texts.microphone}</span>
        <select
          value={isThere ? deviceId : ""}
          onChange={({ target }) => prefer({ deviceId: target.value || undefined })}
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
          onChange={({ target }) => {
            prefer({ language: target.value || undefined });
            if (target.value === "") onServerLanguage();
          }}
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

const THEMES: Record<Theme, { next: Theme; icon: IconName; label: keyof Texts }> = {
  system: { next: "light", icon: "system", label: "themeSystem" },
  light: { next: "dark", icon: "sun", label: "themeLight" },
  dark: { next: "system", icon: "moon", label: "themeDark" },
};

/** How the page itself looks and speaks. */
export function PageSettings() {
  const { texts, preferences, prefer, locale } = usePage();
  const { next, icon, label } = THEMES[preferences.theme];
  return (
    <div className="page-settings">
      <button
        type="button"
        className="quiet"
        title={texts[label]}
        aria-label={texts[label]}
        onClick={() => prefer({ theme: next })}
      >
        <Icon name={icon} />
      </button>
      <fieldset className="locales">
        <legend className="visually-hidden">{texts.pageLanguage}</legend>
        {(["en", "ru"] as const).map((each) => (
          <button
            key={each}
            type="button"
            lang={each}
            className="quiet"
            aria-pressed={locale === each}
            onClick={() => prefer({ locale: each })}
          >
            <abbr title={each === "en" ? "English" : "Русский"}>{each.toUpperCase()}</abbr>
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** Languages by their names, those of the page first. */
function namedLanguages(locale: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames([locale], { type: "language", fallback: "code" });
  const first = new Set(["en", "ru"]);
  const all = WHISPER_LANGUAGES.map((code) => {
    const name = names.of(code === "jw" ? "jv" : code) ?? code;
    return { code, name: name.charAt(0).toLocaleUpperCase(locale) + name.slice(1) };
  }).sort((a, b) => a.name.localeCompare(b.name, locale));
  return [...all.filter(({ code }) => first.has(code)), ...all.filter(({ code }) => !first.has(code))];
}
