import { expect, test } from '@jest/globals';
import { testDatabase, testEndpoints } from './shared-stack.ts';

test('the shared stack is a real MySQL, and a test database is empty and its own', async () => {
  const database = await testDatabase('support');
  try {
    const [rows] = await database.connection.query('SELECT DATABASE() AS name, VERSION() AS version');
    expect(rows).toEqual([{ name: database.name, version: testEndpoints().mysql.version }]);
  } finally {
    await database.drop();
  }
});
