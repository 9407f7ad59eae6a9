/** Kinds of personal data that a value's own form tells; `share` is how many of the sampled values must have it. */
export interface ValuePattern {
  readonly kind: string;
  readonly share: number;
  readonly matches: (value: string) => boolean;
}

/** Most telling first: a value counts for the first that it matches. */
export const VALUE_PATTERNS: readonly ValuePattern[] = [
  {
    kind: 'e-mail address',
    share: 0.1,
    matches: (value) => /[\w.%+-]+@[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}/i.test(value),
  },
  { kind: 'IBAN', share: 0.1, matches: isIban },
  // One of ten numbers passes Luhn's check by chance.
  { kind: 'payment card number', share: 0.5, matches: isCard },
  {
    kind: 'social security number',
    share: 0.5,
    matches: (value) => /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(value),
  },
  { kind: 'network address', share: 0.5, matches: isNetworkAddress },
  { kind: 'telephone number', share: 0.5, matches: isTelephone },
];

/** The kinds that enough of a column's values have, with how many have it. */
export function kindsOf(values: readonly string[]): { readonly kind: string; readonly count: number }[] {
  const present = values.map((value) => value.trim()).filter((value) => value !== '');
  const counts = new Map<ValuePattern, number>();
  for (const value of present) {
    const pattern = VALUE_PATTERNS.find((each) => each.matches(value));
    if (pattern) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  return VALUE_PATTERNS.flatMap((pattern) => {
    const count = counts.get(pattern) ?? 0;
    return count > 0 && count >= present.length * pattern.share ? [{ kind: pattern.kind, count }] : [];
  });
}

/** ISO 13616: the first four characters moved to the end, letters as numbers, rest 1 when divided by 97. */
export function isIban(value: string): boolean {
  const plain = value.replace(/[\s-]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(plain)) return false;
  let rest = 0;
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

/** 13 to 19 digits of an issuer's range that pass Luhn's check. */
export function isCard(value: string): boolean {
  const digits = value.replace(/[ -]/g, '');
  if (!/^[2-6]\d{12,18}$/.test(digits) || /^(\d)\1*$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function isNetworkAddress(value: string): boolean {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(value);
  if (four) return four.slice(1).every((each) => Number(each) <= 255);
  if (/^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$/i.test(value)) return true;
  const groups = value.split(':');
  const isHex = groups.every((each) => /^[\da-f]{0,4}$/i.test(each));
  return (
    isHex &&
    (groups.length === 8 ? groups.every((each) => each !== '') : groups.length > 2 && value.split('::').length === 2)
  );
}

/** Written as people write telephone numbers: an international prefix, or groups; bare digits may be anything. */
function isTelephone(value: string): boolean {
  const digits = value.replace(/\D/g, '').length;
  if (digits < 7 || digits > 15 || /^\d{4}-\d{2}-\d{2}/.test(value)) return false;
  return (
    /^(?:\+|00)[\d\s().-]+$/.test(value) ||
    /^\(?0\d{1,4}[)\s./-][\d\s.-]+$/.test(value) ||
    /^\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}$/.test(value)
  );
}
