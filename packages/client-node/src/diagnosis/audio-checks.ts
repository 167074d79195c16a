/** The way from a voice to this program. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { decodePcm, messageOf, rms } from "@stt/core";
import type { Environment } from "@stt/core/config";
import { RECORDING_COMMANDS } from "../command-recorder.js";
import { type MicrophoneSource, microphone } from "../microphone.js";
import { listMicrophones } from "../microphones.js";
import { pvDevices } from "../pv-recorder.js";
import { deviceHolders } from "./device-holders.js";
import type { DoctorTexts } from "./doctor-texts.js";
import { type Finding, fill } from "./finding.js";

/** How long a microphone is listened to. */
const LISTEN_MS = 400;
const BUSY = /\bbusy\b|EBUSY|in use|занят/i;

export async function checkRecorder(env: Environment, texts: DoctorTexts): Promise<Finding> {
  const programs = RECORDING_COMMANDS.map(({ program }) => program).filter((program) => isInstalled(program, env));
  try {
    await pvDevices();
    return {
      id: "recorder",
      status: "ok",
      finding: fill(texts.recorder, { ways: ["pvrecorder", ...programs].join(", ") }),
    };
  } catch (error) {
    const values = { reason: messageOf(error).replace(/\.$/, ""), ways: programs.join(", ") };
    if (programs.length > 0) {
      const finding = fill(texts.recorderFallback, values);
      return { id: "recorder", status: "warn", finding, remedy: texts.recorderFallbackRemedy };
    }
    return {
      id: "recorder",
      status: "broken",
      finding: fill(texts.noRecorder, values),
      remedy: texts.noRecorderRemedy,
    };
  }
}

export async function checkDevices(texts: DoctorTexts): Promise<Finding> {
  const devices = await listMicrophones().catch(() => []);
  if (devices.length === 0) {
    return { id: "devices", status: "broken", finding: texts.noDevices, remedy: texts.noDevicesRemedy };
  }
  const names = devices.map(({ index, name }) => (index === null ? name : `${index} ${name}`)).join(", ");
  return { id: "devices", status: "ok", finding: fill(texts.devices, { names }) };
}

/** Records for a moment. */
export async function checkMicrophone(device: number | string | undefined, texts: DoctorTexts): Promise<Finding> {
  let mic: MicrophoneSource;
  try {
    mic = await microphone(device === undefined ? {} : { device });
  } catch (error) {
    return explainMicrophone(error, texts);
  }
  const loudness = await loudnessOf(mic);
  if (loudness === 0) {
    const finding = fill(texts.silent, { device: mic.device });
    return { id: "microphone", status: "warn", finding, remedy: texts.silentRemedy };
  }
  const level = Math.round(20 * Math.log10(loudness));
  return { id: "microphone", status: "ok", finding: fill(texts.microphone, { device: mic.device, level }) };
}

/** Why a microphone did not open, and what to do. @param error what `microphone()` threw */
export async function explainMicrophone(error: unknown, texts: DoctorTexts): Promise<Finding> {
  const reasons = (error as { cause?: unknown }).cause;
  const all = Array.isArray(reasons) ? reasons.map(String) : [messageOf(error)];
  const holders = await deviceHolders();
  if (holders.length > 0 || all.some((reason) => BUSY.test(reason))) {
    const numbers = holders.map((holder) => /\((\d+)\)$/.exec(holder)?.[1]).join(" ");
    const values = {
      holders: holders.length > 0 ? `: ${holders.join(", ")}` : "",
      kill: holders.length > 0 ? ` (kill ${numbers})` : " (ps aux; fuser -v /dev/snd/*)",
    };
    const [finding, remedy] = [fill(texts.busy, values), fill(texts.busyRemedy, values)];
    return { id: "microphone", status: "broken", finding, remedy };
  }
  // What is not installed is not what keeps the microphone from opening.
  const telling = all.filter((reason) => !/not installed/.test(reason));
  const finding = fill(texts.noMicrophone, { reason: (telling.length > 0 ? telling : all).join("; ") });
  return { id: "microphone", status: "broken", finding, remedy: texts.noMicrophoneRemedy };
}

/** The loudest chunk's level, 0..1. */
async function loudnessOf(mic: MicrophoneSource): Promise<number> {
  const enough = AbortSignal.timeout(LISTEN_MS);
  let loudest = 0;
  try {
    for await (const chunk of mic.chunks(enough)) loudest = Math.max(loudest, rms(decodePcm(chunk, mic.format)));
  } finally {
    await mic.close();
  }
  return loudest;
}

function isInstalled(program: string, env: Environment): boolean {
  return (env.PATH ?? "").split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
