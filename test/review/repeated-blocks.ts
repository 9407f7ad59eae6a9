import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A line of code that counts, and where it stands. */
interface Line {
  readonly file: string;
  readonly number: number;
  readonly text: string;
}

/** Lines that two places must share to be told. */
const LINES = 6;

/**
 * Pairs of places below a folder that share six lines of code or more to the letter. Tests do not count, nor do blank
 * lines, comments, lists of imports and exports, and punctuation that stands alone. (jscpd compares tokens across lines instead: it tells the
 * frame of any two neighbouring methods as a block, and names lines that it is not on.)
 */
export async function repeatedBlocks(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter(isCode).sort();
  const files = await Promise.all(names.map(async (file) => linesOf(file, await readFile(join(folder, file), 'utf8'))));
  const first = new Map<string, readonly Line[]>();
  const found: { readonly one: readonly Line[]; readonly other: readonly Line[] }[] = [];
  for (const lines of files) {
    for (let start = 0; start + LINES <= lines.length; start += 1) {
      const block = lines.slice(start, start + LINES);
      const text = block.map((line) => line.text).join('\n');
      const known = first.get(text);
      if (known === undefined) first.set(text, block);
      else if (!overlaps(known, block)) found.push({ one: known, other: block });
    }
  }
  return merged(found);
}

function isCode(file: string): boolean {
  return /\.[cm]?[jt]s$/.test(file) && !/\.test\.[cm]?[jt]s$/.test(file) && !file.includes('node_modules');
}

function linesOf(file: string, content: string): Line[] {
  return content
    .replace(/^(import|export)( type)? \{[^}]*\}/gm, (names) => names.replace(/[^\n]/g, ''))
    .split('\n')
    .map((text, at) => ({ file, number: at + 1, text: text.trim() }))
    .filter(({ text }) => /\w/.test(text) && !/^(\/\/|\/\*|\*|import\b|from ')/.test(text));
}

function overlaps(one: readonly Line[], other: readonly Line[]): boolean {
  return one[0]?.file === other[0]?.file && (one.at(-1)?.number ?? 0) >= (other[0]?.number ?? 0);
}

/** Blocks that go on from one line to the next are one finding. */
function merged(found: readonly { readonly one: readonly Line[]; readonly other: readonly Line[] }[]): string[] {
  const places: { one: Line; other: Line; last: Line; lastOther: Line }[] = [];
  for (const { one, other } of found) {
    const [start, otherStart, end, otherEnd] = [one[0], other[0], one.at(-1), other.at(-1)];
    if (!start || !otherStart || !end || !otherEnd) continue;
    const before = places.find(
      ({ one: known, last, lastOther }) =>
        known.file === start.file &&
        lastOther.file === otherStart.file &&
        last.number >= start.number &&
        lastOther.number >= otherStart.number,
    );
    if (before === undefined) places.push({ one: start, other: otherStart, last: end, lastOther: otherEnd });
    else Object.assign(before, { last: end, lastOther: otherEnd });
  }
  return places.map(
    ({ one, other, last, lastOther }) =>
      `${one.file}:${one.number}-${last.number} and ${other.file}:${other.number}-${lastOther.number}`,
  );
}
