import { Decimal } from './decimal.ts';
import { Moment } from './moment.ts';
import { decimalOf, Json, numericOf, textOf, type Value } from './value.ts';

/** How the application's driver gives values to it. */
export interface Driver {
  readonly decimals: 'string' | 'number';
  readonly dates: 'string' | 'Date';
  readonly bigNumbers: 'number' | 'safe' | 'string';
  readonly timeZone: string;
}

/** What a row of an answer holds. */
export type Presented = string | number | Buffer | Date | null | object;

/** Gives values as the driver would: one method a column type. */
export class Presenter {
  private readonly driver: Driver;

  constructor(driver: Driver) {
    this.driver = driver;
  }

  /** TINYINT … INT, YEAR. */
  int(value: Value): number | null {
    const numeric = numericOf(value);
    return numeric === null ? null : Number(numeric);
  }

  /** BIGINT, and the conditions and counts that MySQL gives as one. */
  bigint(value: Value): number | string | null {
    const exact = decimalOf(value);
    if (exact === null) return null;
    const integer = exact.round(0).units;
    if (this.driver.bigNumbers === 'string') return integer.toString();
    const safe = integer <= BigInt(Number.MAX_SAFE_INTEGER) && integer >= -BigInt(Number.MAX_SAFE_INTEGER);
    return safe || this.driver.bigNumbers === 'number' ? Number(integer) : integer.toString();
  }

  decimal(value: Value, scale: number): number | string | null {
    const numeric = numericOf(value);
    if (numeric === null) return null;
    const exact = decimalOf(value) ?? Decimal.of(0n);
    const text = exact.round(scale).toString();
    return this.driver.decimals === 'number' ? Number(text) : text;
  }

  double(value: Value): number | null {
    const numeric = numericOf(value);
    return numeric === null ? null : Number(numeric);
  }

  text(value: Value): string | null {
    return textOf(value);
  }

  /** DATE, DATETIME and TIMESTAMP, with so many digits of a second. */
  date(value: Value): string | Date | null {
    const moment = value instanceof Moment ? value : Moment.parse(textOf(value) ?? '');
    if (moment === null) return null;
    return this.moment(moment.date, `${moment.date}T00:00:00`);
  }

  datetime(value: Value, digits: number): string | Date | null {
    const moment = value instanceof Moment ? value : Moment.parse(textOf(value) ?? '');
    if (moment === null) return null;
    const { text } = moment.round(digits);
    return this.moment(text, text.slice(0, 23).replace(' ', 'T'));
  }

  private moment(text: string, iso: string): string | Date {
    if (this.driver.dates === 'string') return text;
    const zone = this.driver.timeZone;
    return new Date(zone === 'local' ? iso : `${iso}${zone === 'Z' ? 'Z' : zone}`);
  }

  json(value: Value): Presented {
    const text = value instanceof Json ? value.text : textOf(value);
    return text === null ? null : (JSON.parse(text) as Presented);
  }

  /** BIT of so many bits: its bytes. */
  bit(value: Value, bits: number): Buffer | null {
    const numeric = numericOf(value);
    if (numeric === null) return null;
    const bytes = Math.ceil(bits / 8);
    return Buffer.from(
      BigInt(String(numeric))
        .toString(16)
        .padStart(bytes * 2, '0')
        .slice(-bytes * 2),
      'hex',
    );
  }

  binary(value: Value): Buffer | null {
    if (value === null || value === undefined) return null;
    return Buffer.from(value instanceof Uint8Array ? value : (textOf(value) ?? ''));
  }
}
