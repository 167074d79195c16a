/** A terminal's screen as a picture: what `tmux capture-pane -e -p` prints, to SVG in the reader's own monospace font. */

const COLUMN = 8.4;
const ROW = 20;
const PADDING = 16;
const SIZE = 14;
/** The few colours that our programs use, by their SGR number. */
const COLOURS = { 31: "red", 32: "green", 33: "yellow", 36: "cyan" };
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this reads
const SGR = /\x1b\[([\d;]*)m/g;

/**
 * @param {string} screen rows with their styles as escape sequences
 * @param {{ columns: number, rows: number, title: string }} options `title` is read out to those who do not see the picture
 * @returns {string} the SVG document; it follows the reader's light or dark theme
 */
export function terminalSvg(screen, { columns, rows, title }) {
  const width = columns * COLUMN + 2 * PADDING;
  const height = rows * ROW + 2 * PADDING;
  const texts = screen.split("\n").slice(0, rows).flatMap(rowTexts);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<style>
:root { --back: #ffffff; --edge: #d5d8de; --ink: #1f2328; --cyan: #0b6f85; --red: #b3261e; --green: #1a7f37; --yellow: #7d5800; }
@media (prefers-color-scheme: dark) { :root { --back: #16191d; --edge: #343a42; --ink: #e3e6ea; --cyan: #59c6dd; --red: #ff8a80; --green: #6fdd8b; --yellow: #e3b341; } }
rect { fill: var(--back); stroke: var(--edge); }
text { font: ${SIZE}px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--ink); white-space: pre; }
.dim { opacity: .6; } .bold { font-weight: 600; } .cyan { fill: var(--cyan); } .red { fill: var(--red); } .green { fill: var(--green); } .yellow { fill: var(--yellow); }
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
${texts.join("\n")}
</svg>
`;
}

/** The pieces of a row, each where its column is, whatever the font's own widths are. */
function rowTexts(row, index) {
  const y = PADDING + index * ROW + SIZE;
  let column = 0;
  return pieces(row).flatMap(({ text, classes }) => {
    const from = column;
    const length = [...text].length;
    column += length;
    if (text.trim() === "") return [];
    const x = (PADDING + from * COLUMN).toFixed(1);
    const style = classes.length > 0 ? ` class="${classes.join(" ")}"` : "";
    const textLength = (length * COLUMN).toFixed(1);
    return `<text x="${x}" y="${y}" textLength="${textLength}" xml:space="preserve"${style}>${escaped(text)}</text>`;
  });
}

function pieces(row) {
  const found = [];
  let style = { dim: false, bold: false, colour: undefined };
  let from = 0;
  const take = (to) => {
    if (to === from) return;
    const classes = [style.dim && "dim", style.bold && "bold", style.colour].filter(Boolean);
    found.push({ text: row.slice(from, to), classes });
  };
  for (const match of row.matchAll(SGR)) {
    take(match.index);
    from = match.index + match[0].length;
    style = (match[1] || "0").split(";").reduce(styled, style);
  }
  take(row.length);
  return found;
}

function styled(style, code) {
  const number = Number(code);
  if (number === 0) return { dim: false, bold: false, colour: undefined };
  if (number === 1) return { ...style, bold: true };
  if (number === 2) return { ...style, dim: true };
  if (number === 22) return { ...style, dim: false, bold: false };
  if (number === 39) return { ...style, colour: undefined };
  return COLOURS[number] ? { ...style, colour: COLOURS[number] } : style;
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
