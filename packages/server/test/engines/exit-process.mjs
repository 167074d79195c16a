// Exits with code 3 while the engine decodes.
const [engineFile, modelPath, delayMs] = process.argv.slice(2);
const { WhisperEngine } = await import(engineFile);
const ignore = () => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const engine = await WhisperEngine.open({ modelPath, modelName: "micro", device: "cpu", log });
engine.transcribe(new Float32Array(60 * 16_000), { language: "en" }).catch(ignore);
setTimeout(() => process.exit(3), Number(delayMs));
