// Before the first paint, so that a dark room is not lit by a white page. A file, since the policy allows no inline scripts.
try {
  const { theme, locale } = JSON.parse(localStorage.getItem("stt-console.preferences") ?? "{}");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  if (locale === "en" || locale === "ru") document.documentElement.lang = locale;
} catch {
  // Preferences that cannot be read are none.
}
