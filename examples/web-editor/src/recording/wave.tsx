/** The voice as a calm wave: flat in silence, higher with loudness. Drawn without React, for it moves with every frame. */
import type { MicrophoneSource } from "@stt/react";
import { useEffect, useRef } from "react";

const WIDTH = 240;
const HEIGHT = 48;
const STEP = 6;
/** How much of the way to the present loudness each frame goes. */
const RISE = 0.3;
const FALL = 0.08;
/** Radians that the wave moves in a millisecond. */
const SPEED = 0.004;
/** Without motion the wave stands, and its height is one of so many. */
const STEPS = 5;

export function Wave({ microphone }: { microphone: MicrophoneSource | null }) {
  const paths = [useRef<SVGPathElement>(null), useRef<SVGPathElement>(null)] as const;
  const [front, back] = paths;
  useEffect(() => {
    const draw = (height: number, phase: number) => {
      front.current?.setAttribute("d", waveOf(height, phase));
      back.current?.setAttribute("d", waveOf(height * 0.6, phase * 0.7 + 2));
    };
    draw(0, 0);
    if (!microphone) return;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)");
    let loudness = 0;
    let shown = 0;
    let frame = 0;
    const next = (now: number) => {
      frame = 0;
      shown += (loudness - shown) * (loudness > shown ? RISE : FALL);
      if (isStill.matches) draw(Math.round(loudness * STEPS) / STEPS, 0);
      else draw(shown, now * SPEED);
      if (shown > 0.01 || loudness > 0.01) frame = requestAnimationFrame(next);
    };
    const unlisten = microphone.on("level", ({ rms }) => {
      loudness = loudnessOf(rms);
      if (frame === 0) frame = requestAnimationFrame(next);
    });
    return () => {
      unlisten();
      cancelAnimationFrame(frame);
      draw(0, 0);
    };
  }, [microphone, front, back]);
  return (
    <svg className="wave" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path ref={back} className="wave-back" d="" />
      <path ref={front} d="" />
    </svg>
  );
}

/** 0..1: speech is quiet in linear terms. Below -50 dB there is only the room. */
export function loudnessOf(rms: number): number {
  return rms > 0 ? Math.min(1, Math.max(0, 1 + Math.log10(rms) / 2.5)) : 0;
}

/** @param height 0..1 */
function waveOf(height: number, phase: number): string {
  let path = "";
  for (let x = 0; x <= WIDTH; x += STEP) {
    const place = x / WIDTH;
    // Still at both ends.
    const envelope = Math.sin(Math.PI * place) ** 2;
    const y = Math.sin(place * 14 + phase) * 0.7 + Math.sin(place * 23 - phase * 1.3) * 0.3;
    path += `${path === "" ? "M" : "L"}${x} ${(HEIGHT / 2 + (y * envelope * height * HEIGHT) / 2).toFixed(1)}`;
  }
  return path;
}
