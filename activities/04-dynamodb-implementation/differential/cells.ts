import fc from 'fast-check';
import type { ColumnFacts } from '../../../core/analysis.ts';

/** A value of a column as a connection sends and gives it: text, bytes, or NULL. */
export type Cell = string | Buffer | null;

const TEXT = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext']);
const BYTES = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob', 'bit']);
const INTEGER_BITS: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
};

/** Differ in case, accent, trailing space, width or length, so that collations and patterns have something to decide. */
const WORDS = [
  '',
  'a',
  'A',
  'ä',
  'a ',
  'B',
  'b',
  'Straße',
  'STRASSE',
  'é',
  'e',
  'E',
  '0',
  '10',
  '9',
  '%',
  '_',
  'Ω',
  '😀',
];

/** Whether the column holds bytes and not text. */
export function holdsBytes({ dataType }: ColumnFacts): boolean {
  return BYTES.has(dataType) || isSpatial(dataType);
}

/** Whether the column holds text of whatever form. */
export function holdsText({ dataType }: ColumnFacts): boolean {
  return TEXT.has(dataType);
}

/** Whether the column holds numbers. */
export function holdsNumbers({ dataType }: ColumnFacts): boolean {
  return dataType in INTEGER_BITS || ['decimal', 'float', 'double', 'year'].includes(dataType);
}

/**
 * Values that a column may be given: ordinary ones, few of each kind so that rows tie, and the boundaries of the type.
 * Undefined where none is known to be valid, such as geometries: those are taken from rows that are there.
 */
export function cellsOf(column: ColumnFacts): fc.Arbitrary<Cell> | undefined {
  const { dataType, columnType } = column;
  const bits = INTEGER_BITS[dataType];
  // The highest id of all would leave no next one.
  if (column.autoIncrement) return fc.integer({ min: 1, max: 30 }).map(String);
  if (bits !== undefined) return integers(bits, columnType.includes('unsigned'));
  if (TEXT.has(dataType)) return texts(column.maxLength ?? 255);
  switch (dataType) {
    case 'decimal':
      return decimals(column.precision ?? 10, column.scale ?? 0, columnType.includes('unsigned'));
    case 'float':
    case 'double':
      return fc.constantFrom('0', '1', '0.5', '-1.25', '1e10', '3');
    case 'year':
      return fc.constantFrom('1901', '1999', '2024', '2155');
    case 'date':
      return fc.constantFrom('2024-02-29', '2024-03-01', '1999-12-31', '1000-01-01', '9999-12-31');
    case 'datetime':
      return moments(
        ['2024-02-29 23:59:59', '2024-03-01 00:00:00', '1000-01-01 00:00:00', '9999-12-31 23:59:59'],
        column,
      );
    case 'timestamp':
      return moments(
        ['2024-02-29 23:59:59', '2024-03-01 00:00:00', '1970-01-01 00:00:01', '2038-01-19 03:14:06'],
        column,
      );
    case 'time':
      return fc.constantFrom('00:00:00', '-00:00:01', '12:30:00', '838:59:59', '-838:59:59');
    case 'enum':
      return fc.constantFrom(...(column.labels ?? ['']));
    case 'set':
      return fc.subarray([...(column.labels ?? [])]).map((labels) => labels.join(','));
    case 'json':
      return fc.constantFrom('{}', '[]', 'null', '{"a": 1}', '{"a": "x", "b": [1, 2.5, null]}', '"text"', '0');
    case 'bit':
      return fc.constantFrom(Buffer.from([0]), Buffer.from([1]));
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return fc.uint8Array({ maxLength: Math.min(column.maxLength ?? 8, 8) }).map((bytes) => Buffer.from(bytes));
    default:
      return undefined;
  }
}

function integers(bits: bigint, unsigned: boolean): fc.Arbitrary<string> {
  const [least, most] = unsigned ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  return fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 12 }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom(least, most, most - 1n).map(String) },
  );
}

function decimals(precision: number, scale: number, unsigned: boolean): fc.Arbitrary<string> {
  const most = 10n ** BigInt(precision) - 1n;
  const point = (units: bigint): string => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
    const whole = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    return units < 0n ? `-${whole}` : whole;
  };
  const small = fc.bigInt({ min: unsigned ? 0n : -2n, max: most < 400n ? most : 400n });
  return fc.oneof({ weight: 8, arbitrary: small.map(point) }, { weight: 1, arbitrary: fc.constant(point(most)) });
}

function texts(most: number): fc.Arbitrary<string> {
  const words = fc.constantFrom(...WORDS);
  return fc
    .oneof(
      { weight: 6, arbitrary: words },
      { weight: 3, arbitrary: fc.array(words, { minLength: 2, maxLength: 3 }).map((list) => list.join(' ')) },
      { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }) },
    )
    .map((text) => [...text].slice(0, most).join(''));
}

function moments(list: readonly string[], { datetimePrecision }: ColumnFacts): fc.Arbitrary<string> {
  const digits = datetimePrecision ?? 0;
  const fractions = digits === 0 ? [''] : ['', '.000000', '.5', '.999999'].map((text) => text.slice(0, digits + 1));
  return fc
    .tuple(fc.constantFrom(...list), fc.constantFrom(...fractions))
    .map(([moment, fraction]) => moment + fraction);
}

function isSpatial(dataType: string): boolean {
  return /^(geometry|point|linestring|polygon|multi\w+|geomcollection|geometrycollection)$/.test(dataType);
}
