"""Word error rate of a model file, through the runtime's own command line tool, on what synth.py --heldout made."""
import argparse
import collections
import json
import re
import subprocess
import tempfile
import time
from pathlib import Path

FILES_PER_RUN = 200


def words_of(text):
    return re.sub(r"[^\w' ]", " ", text.lower().replace("ё", "е")).split()


def word_edits(reference, hypothesis):
    """Insertions, deletions and replacements from one list of words to another."""
    row = list(range(len(hypothesis) + 1))
    for i, expected in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, found in enumerate(hypothesis, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (expected != found))
    return row[-1]


def transcribe(command, model, files, options):
    """{file: (text, language)}; a file that fails has an empty text."""
    results = {}
    with tempfile.TemporaryDirectory() as temporary:
        for first in range(0, len(files), FILES_PER_RUN):
            part = files[first:first + FILES_PER_RUN]
            line = [command, "-m", str(model), "-oj", "-np", *options]
            for index, file in enumerate(part):
                line += ["-f", str(file), "-of", f"{temporary}/{first + index}"]
            subprocess.run(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            for index, file in enumerate(part):
                results[file] = _read_result(Path(temporary, f"{first + index}.json"))
    return results


def _read_result(path):
    try:
        result = json.loads(path.read_text(errors="replace"))
        text = "".join(segment["text"] for segment in result["transcription"]).strip()
        return text, result["result"]["language"]
    except (OSError, ValueError, KeyError):
        return "", "?"


def evaluate(command, model, directory, language, count, options, show_errors):
    """One line of figures for one language."""
    entries = [
        entry
        for path in sorted(directory.glob("*.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))
        if entry["language"] == language
    ][:count]
    files = [directory / f"{entry['id']}.wav" for entry in entries]
    began = time.time()
    results = transcribe(command, model, files, options if "-l" in options else [*options, "-l", language])
    seconds = (time.time() - began) / max(1, len(files))
    exact = detected = 0
    edits, words = collections.Counter(), collections.Counter()
    for entry, file in zip(entries, files):
        text, found_language = results[file]
        reference = words_of(entry["text"])
        wrong = word_edits(reference, words_of(text))
        engine = entry["voice"].split(":")[0]
        edits[engine] += wrong
        words[engine] += len(reference)
        exact += entry["text"] == text
        detected += found_language == language
        if show_errors and wrong:
            print("   ", entry["voice"], "|", entry["text"], "|", text)
    rates = ", ".join(f"{engine} {edits[engine] / words[engine]:.1%}" for engine in words)
    return (
        f"{language}: {len(files)} files, WER {edits.total() / words.total():.1%} ({rates}), "
        f"exact {exact / len(files):.0%}, language right {detected / len(files):.1%}, {seconds:.3f} s a file"
    )


def main():
    epilog = "Further options go to the command, for example: -bs 1 -bo 1 -ac 512"
    parser = argparse.ArgumentParser(description=__doc__, epilog=epilog)
    parser.add_argument("command", help="whisper-cli")
    parser.add_argument("model", type=Path)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=100, help="files of each language")
    parser.add_argument("--show-errors", action="store_true")
    args, options = parser.parse_known_args()
    for language in ("en", "ru"):
        figures = evaluate(
            args.command, args.model, args.directory, language, args.count, options, args.show_errors
        )
        print(figures, flush=True)


if __name__ == "__main__":
    main()
