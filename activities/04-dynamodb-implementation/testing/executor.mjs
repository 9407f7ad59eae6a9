// An executor as tests need it: what it does with a method is said by the method's SQL.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const task = JSON.parse(readFileSync(0, 'utf8'));

/** The method, with one column computed. */
function source(column, expression, before = '') {
  return `import type { Notes } from '../../../notes.js';
import { arg, type Row, shaped, type Store } from '../../store/index.js';
${before}
export function ${task.method}(store: Store): Notes['${task.method}'] {
  return async ({ author }, unit) => {
    const equal = { author: arg(author) };
    const rows = await store.reader(unit).find('notes', { index: 'notes_by_author', equal });
    return shaped(rows, (row: Row) => ({ id: store.out.int(row['id']), ${column}: ${expression} }));
  };
}
`;
}

function write(text, file = task.file) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const CRC = `
function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}
`;
const right = () => write(source('checksum', "crc32(Buffer.from(store.out.text(row['text']) ?? ''))", CRC));

const known = Object.entries({
  CRC32: right,
  BIT_COUNT: () => write(source('bits', '7')),
  SOUNDEX: () => {
    right();
    appendFileSync('src/server.ts', '// mine\n');
    write('extra\n', 'EXTRA.md');
  },
  OCT: () => setInterval(() => undefined, 1000),
  ORD: () => {
    console.error('I give up');
    process.exit(3);
  },
  QUOTE: () => write(source('quoted', 'noSuchThing')),
  INET_NTOA: () => undefined,
});
console.log(`asked for ${task.method}; sees ${Object.keys(process.env).sort().join(' ')}`);
known.find(([name]) => task.sql.includes(`${name}(`))?.[1]();
