/** JSON with what JSON has not, tagged, so that calls can go from the application's process to ours and back. */
export type Tagged = null | boolean | number | string | readonly Tagged[] | { readonly [name: string]: Tagged };

/** Source of `encode(value)`, to be put into a file of the application; the other side of {@link literal}. */
export const ENCODE = `function encode(value) {
  if (value === undefined) return { $: 'undefined' };
  if (typeof value === 'bigint') return { $: 'bigint', text: String(value) };
  if (value === null || typeof value !== 'object') return value;
  if (Buffer.isBuffer(value)) return { $: 'buffer', text: value.toString('hex') };
  if (value instanceof Date) return { $: 'date', text: value.toISOString() };
  if (Array.isArray(value)) return value.map(encode);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, encode(each)]));
}`;

/** A value as an expression of TypeScript; a formatter gives it its final look. */
export function literal(value: Tagged): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(literal).join(', ')}]`;
  const text = typeof value['text'] === 'string' ? value['text'] : '';
  switch (value['$']) {
    case 'undefined':
      return 'undefined';
    case 'bigint':
      return `${text}n`;
    case 'buffer':
      return `Buffer.from('${text}', 'hex')`;
    case 'date':
      return `new Date('${text}')`;
    default:
      return `{ ${Object.entries(value)
        .map(([name, each]) => `${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}: ${literal(each)}`)
        .join(', ')} }`;
  }
}

function isList(value: Tagged): value is readonly Tagged[] {
  return Array.isArray(value);
}
