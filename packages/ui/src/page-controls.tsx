/** How the page itself looks and speaks: colours and language. */
import { Button } from "./button.js";
import { Icon, type IconName } from "./icon.js";
import { LOCALES } from "./locales.js";
import { usePageSettings } from "./page-settings-context.js";
import type { Theme } from "./preferences.js";
import { UI_TEXTS } from "./texts.js";

const THEMES: Record<Theme, { next: Theme; icon: IconName }> = {
  system: { next: "light", icon: "system" },
  light: { next: "dark", icon: "sun" },
  dark: { next: "system", icon: "moon" },
};

export function PageControls() {
  const { preferences, prefer, locale } = usePageSettings();
  const texts = UI_TEXTS[locale];
  const { next, icon } = THEMES[preferences.theme];
  const label = texts.themes[preferences.theme];
  return (
    <div className="page-controls">
      <Button className="quiet" title={label} aria-label={label} onClick={() => prefer({ theme: next })}>
        <Icon name={icon} />
      </Button>
      <fieldset className="locales" aria-label={texts.pageLanguage}>
        {LOCALES.map(({ locale: each, name }) => (
          <Button
            key={each}
            lang={each}
            className="quiet"
            title={name}
            aria-label={`${each.toUpperCase()} ${name}`}
            aria-pressed={locale === each}
            onClick={() => prefer({ locale: each })}
          >
            {each.toUpperCase()}
          </Button>
        ))}
      </fieldset>
    </div>
  );
}
