/** A PulseAudio of our own in user space, with a null sink whose monitor is the microphone. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAMS = ["pulseaudio", "paplay", "pactl", "parec"];

/** Why there can be no sound server here; undefined when there can. */
export function soundServerMissing(): string | undefined {
  const missing = PROGRAMS.filter((program) => spawnSync(program, ["--version"]).error);
  return missing.length === 0
    ? undefined
    : `not installed: ${missing.join(", ")} (Debian and Ubuntu: apt-get install pulseaudio pulseaudio-utils)`;
}

export interface SoundServer {
  /** Environment for programs that should use it. */
  env: Record<string, string>;
  /** Plays a WAV file into the microphone; resolves when it is over. */
  play(path: string): Promise<void>;
  stop(): void;
}

export async function startSoundServer(): Promise<SoundServer> {
  const folder = mkdtempSync(join(tmpdir(), "stt-pulse-"));
  const socket = join(folder, "native");
  const env = {
    PULSE_SERVER: `unix:${socket}`,
    XDG_RUNTIME_DIR: folder,
    HOME: folder,
    PULSE_COOKIE: join(folder, "cookie"),
  };
  const child: ChildProcess = spawn(
    "pulseaudio",
    [
      ...["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--log-level=error"],
      ...["-L", `module-native-protocol-unix socket=${socket} auth-anonymous=1`],
      ...["-L", "module-null-sink sink_name=stt rate=16000 channels=1"],
    ],
    { env: { ...process.env, ...env }, stdio: "ignore" },
  );
  const stop = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 10_000;
  while (spawnSync("pactl", ["info"], { env: { ...process.env, ...env } }).status !== 0) {
    if (Date.now() > deadline || child.exitCode !== null) {
      stop();
      throw new Error("pulseaudio did not start");
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    env,
    play: (path) =>
      new Promise((resolve, reject) => {
        const player = spawn("paplay", ["--device=stt", path], { env: { ...process.env, ...env }, stdio: "ignore" });
        player.on("error", reject);
        player.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`paplay ended with ${code}`))));
      }),
    stop,
  };
}
