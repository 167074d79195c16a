// Keeps the page for when the server cannot be reached: it opens, shows the text and the history, and connects by itself later.
// The build names them.
const FILES = [];
const CACHE = "stt-editor";
// A script is asked for with an origin and was kept without one, and the server's answers vary by it; these are the same for all.
const ANY = { ignoreVary: true };

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(["./", "./theme.js", "./icon.svg", ...FILES]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const kept = new Set(["./", "./theme.js", "./icon.svg", ...FILES].map((name) => new URL(name, self.location).href));
  event.waitUntil(
    caches
      .open(CACHE)
      .then(async (cache) => {
        for (const { url } of await cache.keys()) if (!kept.has(url)) await cache.delete(url);
      })
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  const base = new URL("./", self.location).pathname;
  if (request.method !== "GET" || origin !== self.location.origin || !pathname.startsWith(base)) return;
  // Names with a hash never change; everything else is the server's word first.
  if (pathname.startsWith(`${base}assets/`))
    event.respondWith(caches.match(request, ANY).then((kept) => kept ?? fetch(request)));
  else event.respondWith(fetch(request).catch(() => fromCache(request)));
});

async function fromCache(request) {
  const kept = await caches.match(request.mode === "navigate" ? new URL("./", self.location).href : request, ANY);
  return kept ?? Response.error();
}
