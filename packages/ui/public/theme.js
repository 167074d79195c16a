// Before the first paint, so that a dark room is not lit by a white page. A file, since the policy allows no inline scripts.
try {
  const { theme, locale } = JSON.parse(localStorage.getItem(document.currentScript.dataset.preferences) ?? "{}");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  if (typeof locale === "string") document.documentElement.lang = locale;
} catch {
  // Preferences that cannot be read are none.
}
