/** How a MySQL collation compares, as far as the store has to know. */
export interface CollationRules {
  /** Compares code points (`_bin`, `binary`) instead of letters. */
  readonly binary: boolean;
  readonly ignoresCase: boolean;
  readonly ignoresAccents: boolean;
  /** Trailing spaces don't count (all but the `0900` and `binary` collations). */
  readonly padsSpace: boolean;
  /** `general_ci` weighs one character at a time: no `ß` = `ss`. */
  readonly singleLetters: boolean;
}

const rules = new Map<string, CollationRules>();

/** The rules that a collation's name states (MySQL manual, "Collation Naming Conventions"). */
export function collationRules(collation: string): CollationRules {
  const known = rules.get(collation);
  if (known) return known;
  const binary = collation === 'binary' || collation.endsWith('_bin');
  const ignoresCase = /_ci(_|$)/.test(collation);
  const made: CollationRules = {
    binary,
    ignoresCase,
    // Names without `_as` or `_ai` are accent-insensitive if case-insensitive, but for the 0900 family, which says it.
    ignoresAccents: !binary && (/_ai(_|$)/.test(collation) || (ignoresCase && !/_as(_|$)/.test(collation))),
    padsSpace: collation !== 'binary' && !collation.includes('_0900_'),
    singleLetters: collation.includes('_general_'),
  };
  rules.set(collation, made);
  return made;
}

/**
 * Letters that Unicode does not decompose and MySQL 8's collations (UCA 9.0) weigh as others; compared with
 * WEIGHT_STRING of a server, letter by letter.
 */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ſ: 's', ς: 'σ', ґ: 'г' },
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');
/** The older collations weigh fewer letters alike. */
const OLD_LETTERS = /[ßſς]/g;
const SMALL_KANA = 'ぁぃぅぇぉっゃゅょゎゕゖ';
const LARGE_KANA = 'あいうえおつやゆよわかけ';

/**
 * Text in the one form that all equal texts of a collation share, so that keys made of it are equal exactly when MySQL
 * says so. Keys, uniqueness and `=` all use this function, and so never contradict each other.
 */
export function foldText(text: string, collation: string): string {
  const { binary, ignoresCase, ignoresAccents, padsSpace, singleLetters } = collationRules(collation);
  let folded = padsSpace ? text.replace(/ +$/, '') : text;
  if (binary) return folded;
  if (isPlain(folded)) return ignoresCase ? folded.toLowerCase() : folded;
  // Compatible forms (¹ and 1) differ as the two cases of a letter do.
  folded = singleLetters || !ignoresCase ? folded.normalize('NFD') : folded.normalize('NFKD');
  // The short и is a letter of its own, unlike the other letters with a breve.
  folded = folded.replace(/и\u0306/g, 'й').replace(/И\u0306/g, 'Й');
  // European accents belong to no script; the marks that are vowels of some alphabet do, and have weights of their own.
  if (ignoresAccents) folded = folded.replace(/\p{Script=Inherited}/gu, '');
  if (ignoresCase) folded = folded.toLowerCase();
  if (ignoresCase && ignoresAccents) folded = foldLetters(folded, padsSpace, singleLetters);
  // Control characters and invisible ones have no weight in the 0900 and unicode collations.
  return singleLetters ? folded : folded.replace(/(?![\t-\r\u0085])[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '');
}

/** Letters that are equal without being one letter in two cases; `old` collations see no letter beyond 16 bits. */
function foldLetters(text: string, old: boolean, single: boolean): string {
  if (single) return text.replace(/ß/g, 's').replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd');
  const letters = text.replace(old ? OLD_LETTERS : LETTER, (letter) => LETTERS[letter] ?? letter);
  const hiragana = letters
    .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .replace(new RegExp(`[${SMALL_KANA}]`, 'g'), (kana) => LARGE_KANA[SMALL_KANA.indexOf(kana)] ?? kana);
  return old ? hiragana.replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd') : hiragana;
}

function isPlain(text: string): boolean {
  return /^[\t\n\r -~]*$/.test(text); // nothing but ASCII with weights
}

const collators = new Map<string, Intl.Collator>();

/** Order of two texts under a collation: negative, zero (exactly when their folded forms are equal) or positive. */
export function compareText(a: string, b: string, collation: string): number {
  const left = foldText(a, collation);
  const right = foldText(b, collation);
  if (left === right) return 0;
  const { binary, ignoresCase } = collationRules(collation);
  if (!binary) {
    const sensitivity = ignoresCase ? 'accent' : 'variant';
    let collator = collators.get(sensitivity);
    if (collator === undefined) {
      collator = new Intl.Collator('und', { sensitivity, caseFirst: 'lower' });
      collators.set(sensitivity, collator);
    }
    const order = collator.compare(left, right);
    if (order !== 0) return order;
  }
  return compareCodePoints(left, right);
}

/** By code points, which is the order of UTF-8 bytes; JavaScript's own `<` goes by UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
