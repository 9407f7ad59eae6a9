import { expect, test } from '@jest/globals';
import { grantFor, hiddenObjects, parseGrants, requirePrivileges } from './privileges.ts';

const NINE = { version: '9.7.0', flavour: 'mysql', sqlMode: '', timeZone: 'UTC', lowerCaseTableNames: 0 } as const;

test.each([
  [['GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION']],
  [['GRANT USAGE ON *.* TO `a`@`%`', 'GRANT SELECT, EVENT, TRIGGER, SHOW VIEW ON `shop\\_1`.* TO `a`@`%`']],
  [['GRANT SELECT, SHOW VIEW ON *.* TO `a`@`%`', 'GRANT EVENT, TRIGGER ON `shop%`.* TO `a`@`%`']],
  [["GRANT ALL PRIVILEGES ON `shop_1`.* TO 'a'@'%' IDENTIFIED BY PASSWORD '*0'"]],
])('%j suffices', (lines) => {
  expect(() => requirePrivileges(parseGrants('a@%', 'shop_1', lines), 'here')).not.toThrow();
});

test('says the statement that gives what is missing, for the account as the server knows it', () => {
  const privileges = parseGrants("o'neil@10.0.0.%", 'shop_1', [
    "GRANT USAGE ON *.* TO `o'neil`@`10.0.0.%`",
    "GRANT SELECT ON `shop\\_1`.* TO `o'neil`@`10.0.0.%`",
    "GRANT ALL PRIVILEGES ON `shopx1`.* TO `o'neil`@`10.0.0.%`",
  ]);
  expect(() => requirePrivileges(privileges, 'here')).toThrow(
    "lacks SHOW VIEW, TRIGGER, EVENT. As an administrator: GRANT SHOW VIEW, TRIGGER, EVENT ON `shop\\_1`.* TO 'o''neil'@'10.0.0.%';",
  );
  expect(grantFor(privileges, ['SELECT'])).toContain('GRANT SELECT ON');
});

test('routines of others are hidden unless all of them may be seen', () => {
  const own = parseGrants('a@%', 'shop', ['GRANT SELECT ON `shop`.* TO `a`@`%`']);
  expect(hiddenObjects(own, NINE)[0]?.grant).toBe("GRANT SHOW_ROUTINE ON *.* TO 'a'@'%';");
  expect(hiddenObjects(own, { ...NINE, version: '5.6.14' })[0]?.grant).toContain('`mysql`.`proc`');
  expect(hiddenObjects(parseGrants('a@%', 'shop', ['GRANT SHOW_ROUTINE ON *.* TO `a`@`%`']), NINE)).toEqual([]);
});
