/** MySQL's limit for digits behind the point. */
const MAX_SCALE = 30;

/** An exact decimal number: `units / 10^scale`, as MySQL's DECIMAL computes. */
export class Decimal {
  readonly units: bigint;
  readonly scale: number;

  constructor(units: bigint, scale: number) {
    this.units = units;
    this.scale = scale;
  }

  /** Reads digits with an optional sign, point and exponent. */
  static parse(text: string): Decimal {
    const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text.trim());
    if (match === null) throw new TypeError(`Not a number: ${text}`);
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
    const scale = fraction.length - Number(exponent);
    const units = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
    return scale < 0 ? new Decimal(units * 10n ** BigInt(-scale), 0) : new Decimal(units, scale);
  }

  static of(value: bigint): Decimal {
    return new Decimal(value, 0);
  }

  /** With exactly so many digits behind the point; halves go away from zero. */
  round(scale: number): Decimal {
    if (scale >= this.scale) return new Decimal(this.units * 10n ** BigInt(scale - this.scale), scale);
    return new Decimal(divideRounded(this.units, 10n ** BigInt(this.scale - scale)), scale);
  }

  /** Cut off instead of rounded. */
  truncate(scale: number): Decimal {
    if (scale >= this.scale) return this.round(scale);
    return new Decimal(this.units / 10n ** BigInt(this.scale - scale), scale);
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.round(scale).units + other.round(scale).units, scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negated());
  }

  times(other: Decimal): Decimal {
    const product = new Decimal(this.units * other.units, this.scale + other.scale);
    return product.scale > MAX_SCALE ? product.round(MAX_SCALE) : product;
  }

  /** MySQL's `/`: four digits more than the dividend (`div_precision_increment`); null for a zero divisor. */
  dividedBy(other: Decimal): Decimal | null {
    if (other.units === 0n) return null;
    const scale = Math.min(this.scale + 4, MAX_SCALE);
    const numerator = this.units * 10n ** BigInt(scale - this.scale + other.scale);
    return new Decimal(divideRounded(numerator, other.units), scale);
  }

  negated(): Decimal {
    return new Decimal(-this.units, this.scale);
  }

  compare(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const [left, right] = [this.round(scale).units, other.round(scale).units];
    return left < right ? -1 : left > right ? 1 : 0;
  }

  toNumber(): number {
    return Number(this.toString());
  }

  toString(): string {
    const digits = (this.units < 0n ? -this.units : this.units).toString().padStart(this.scale + 1, '0');
    const point = digits.length - this.scale;
    const text = this.scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
    return this.units < 0n ? `-${text}` : text;
  }
}

function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const [top, bottom] = [numerator, denominator].map((value) => (value < 0n ? -value : value)) as [bigint, bigint];
  const quotient = (2n * top + bottom) / (2n * bottom);
  return negative ? -quotient : quotient;
}
