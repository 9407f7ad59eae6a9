/** Kinds of personal data by the words of a column's name; what the values look like is told by personal-values.ts. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['e-mail address', /^e?mail|_e?mail\b|email/],
  ['telephone number', /phone|mobile|\bfax|msisdn/],
  [
    'name of a person',
    /^(?:(?:first|last|full|middle|sur|given|family|maiden|display|user|nick)_?name|name_(?:first|last))$/,
  ],
  ['date of birth', /birth|\bdob\b/],
  [
    'postal address',
    /^(?:address|street|line_?\d|city|post_?code|postal_?code|zip)|_(?:address|street|postcode|zip)\b/,
  ],
  ['official identifier', /\bssn\b|social_security|passport|national_id|tax_id|driving_licen/],
  ['payment data', /iban|\bbic\b|card_?(?:no|number)|\bcvv\b|account_?number/],
  ['credential', /passw|passphrase|secret|token|api_?key|\bsalt\b|\bpin\b/],
  ['network address', /\bip\b|ip_?addr|mac_?addr/],
  ['position', /^(?:lat|lng|lon|latitude|longitude)$|geo_?(?:point|location)/],
];

/** The kind of personal data that a column's name suggests, if any. */
export function looksPersonal(name: string): string | undefined {
  // `lastName` and `LastName` are read as `last_name`.
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();
  return KINDS.find(([, pattern]) => pattern.test(words))?.[0];
}
