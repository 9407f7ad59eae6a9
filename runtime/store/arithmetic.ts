import { Decimal } from './decimal.ts';
import { numberOutOfRange } from './sql-error.ts';
import { numericOf, type Value } from './value.ts';

type Numeric = bigint | Decimal | number;

/** Applies exact integers, exact decimals or doubles, whichever both sides allow; NULL with NULL. */
function apply(
  a: Value,
  b: Value,
  operations: {
    readonly integer?: (a: bigint, b: bigint) => Value;
    readonly decimal: (a: Decimal, b: Decimal) => Value;
    readonly double: (a: number, b: number) => number;
  },
): Value {
  const [left, right] = [numericOf(a), numericOf(b)];
  if (left === null || right === null) return null;
  if (typeof left === 'number' || typeof right === 'number') {
    const result = operations.double(Number(left), Number(right));
    return Number.isFinite(result) ? result : null;
  }
  if (operations.integer && typeof left === 'bigint' && typeof right === 'bigint')
    return operations.integer(left, right);
  return operations.decimal(toDecimal(left), toDecimal(right));
}

function toDecimal(value: Numeric): Decimal {
  if (value instanceof Decimal) return value;
  return typeof value === 'bigint' ? Decimal.of(value) : Decimal.parse(String(value));
}

/** An integer as MySQL computes them: with 64 bits. */
function integer(value: bigint, unsigned = false): bigint {
  const [low, high] = [unsigned ? 0n : -(1n << 63n), (1n << 64n) - 1n];
  if (value < low || value > high) throw numberOutOfRange(unsigned ? 'BIGINT UNSIGNED' : 'BIGINT');
  return value;
}

export function add(a: Value, b: Value): Value {
  return apply(a, b, { integer: (x, y) => integer(x + y), decimal: (x, y) => x.plus(y), double: (x, y) => x + y });
}

export function subtract(a: Value, b: Value): Value {
  return apply(a, b, { integer: (x, y) => integer(x - y), decimal: (x, y) => x.minus(y), double: (x, y) => x - y });
}

/** `-` where a side is UNSIGNED: then so is the difference, and below zero it is an error. */
export function subtractUnsigned(a: Value, b: Value): Value {
  const difference = subtract(a, b);
  return typeof difference === 'bigint' ? integer(difference, true) : difference;
}

export function multiply(a: Value, b: Value): Value {
  return apply(a, b, { integer: (x, y) => integer(x * y), decimal: (x, y) => x.times(y), double: (x, y) => x * y });
}

/** `/`: always a fraction, NULL by zero. */
export function divide(a: Value, b: Value): Value {
  return apply(a, b, { decimal: (x, y) => x.dividedBy(y), double: (x, y) => (y === 0 ? Number.NaN : x / y) });
}

/** `DIV` */
export function divideWhole(a: Value, b: Value): Value {
  const quotient = apply(a, b, {
    decimal: (x, y) => (y.units === 0n ? null : wholeQuotient(x, y)),
    double: (x, y) => (y === 0 ? Number.NaN : Math.trunc(x / y)),
  });
  return typeof quotient === 'number' ? BigInt(quotient) : quotient;
}

/** `%` and `MOD`: the sign is that of the dividend. */
export function remainder(a: Value, b: Value): Value {
  return apply(a, b, {
    integer: (x, y) => (y === 0n ? null : x % y),
    decimal: (x, y) => (y.units === 0n ? null : x.minus(Decimal.of(wholeQuotient(x, y)).times(y))),
    double: (x, y) => x % y,
  });
}

function wholeQuotient(a: Decimal, b: Decimal): bigint {
  const scale = Math.max(a.scale, b.scale);
  return a.round(scale).units / b.round(scale).units;
}

export function negate(value: Value): Value {
  return subtract(0n, value);
}

export function abs(value: Value): Value {
  const numeric = numericOf(value);
  return numeric !== null && Number(numeric) < 0 ? negate(numeric) : numeric;
}

/** `ROUND(x, digits)`: halves away from zero for exact numbers. */
export function round(value: Value, digits: Value = 0n): Value {
  const [numeric, places] = [numericOf(value), numericOf(digits)];
  if (numeric === null || places === null) return null;
  if (typeof numeric === 'number') {
    const factor = 10 ** Number(places);
    return Math.round(Math.abs(numeric) * factor) / factor / (numeric < 0 ? -1 : 1);
  }
  const decimal = toDecimal(numeric);
  const scale = Number(places);
  if (scale < 0) {
    const unit = 10n ** BigInt(-scale);
    return new Decimal(decimal.units, decimal.scale - scale).round(0).units * unit;
  }
  const rounded = decimal.round(Math.min(scale, decimal.scale));
  return typeof numeric === 'bigint' || scale === 0 ? rounded.round(0).units : rounded;
}

export function floor(value: Value): Value {
  const numeric = numericOf(value);
  if (numeric === null || typeof numeric === 'bigint') return numeric;
  if (typeof numeric === 'number') return Math.floor(numeric);
  const cut = numeric.truncate(0).units;
  return numeric.units < 0n && numeric.compare(Decimal.of(cut)) !== 0 ? cut - 1n : cut;
}

export function ceiling(value: Value): Value {
  return negate(floor(negate(value)));
}

/** The same number as an exact decimal with this scale, as MySQL gives columns of mixed exact numbers. */
export function toScale(value: Value, scale: number): Value {
  const numeric = numericOf(value);
  return numeric === null ? null : toDecimal(numeric).round(scale);
}
