/** What a release consists of. */

/** Published packages in the order in which they depend on each other, as folders of `packages`. */
export const PUBLISHED = [
  "core",
  "client-web",
  "client-node",
  "react",
  "speech-recognition",
  "livekit-agents",
  "model-whisper-base",
  "model-smart-turn",
  "server",
];

/** Platforms with a prebuilt addon, each packed on a machine of its kind as `@stt/native-PLATFORM`. */
export const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64", "win32-x64"];

/**
 * Prebuilt as well, but no optional dependency of the server: every machine of the platform would download it, with a GPU or
 * without. Who has one installs it by name.
 */
export const OPT_IN_PLATFORMS = ["linux-x64-cuda"];

/** Name of a platform's tarball, as npm writes it. */
export function nativeTarball(platform, version) {
  return `stt-native-${platform}-${version}.tgz`;
}
