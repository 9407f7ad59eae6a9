import nodeSqlParser from 'node-sql-parser';
import { asNode, type Node } from './parse-node.ts';
import { Refusal } from './refusal.ts';

const parser = new nodeSqlParser.Parser();

/** The parser's tree of one statement. */
export function parseSql(sql: string): Node {
  try {
    const ast: unknown = parser.astify(sql, { database: 'MySQL' });
    const nodes = Array.isArray(ast) ? (ast as unknown[]) : [ast];
    if (nodes.length !== 1) throw new Refusal('Several statements in one text.', 'Send them one by one.');
    return asNode(nodes[0]);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new Refusal(`The parser can't read it: ${message.slice(0, 200)}`, 'Rewrite it in plainer SQL.');
  }
}
