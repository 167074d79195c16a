/** A text as a file of Word. */
import { Document, HeadingLevel, Packer, Paragraph } from "docx";

export function wordFile(title: string, text: string): Promise<Blob> {
  const paragraphs = text
    .trimEnd()
    .split("\n")
    .map((line) => new Paragraph({ text: line, spacing: { after: 160 } }));
  const heading = new Paragraph({ text: title, heading: HeadingLevel.HEADING_1 });
  return Packer.toBlob(new Document({ title, sections: [{ children: [heading, ...paragraphs] }] }));
}
