// Subtitles as Bazarr asks for them: node examples/wires/subtitles.mjs film.mkv > film.srt
import { openAsBlob } from "node:fs";

const form = new FormData();
form.set("audio_file", await openAsBlob(process.argv[2]), "film");
const answer = await fetch("http://localhost:8011/asr?output=srt", { method: "POST", body: form });
if (!answer.ok) throw new Error(await answer.text());
process.stdout.write(await answer.text());
