import { Node, type Expression } from 'ts-morph';
import { TRUE } from './conditions.ts';
import { handleOf, isDriverModule } from './driver.ts';
import { importedName } from './imports.ts';
import { exclusive } from './pieces.ts';
import { Untold } from './untold.ts';
import type { Code, Condition, Piece } from './values.ts';

/** SQL text with its places for values found, before anything is bound to them. */
export type Shape =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'slot'; readonly slot: Slot }
  | {
      readonly kind: 'choice';
      readonly alternatives: readonly { readonly when: Condition; readonly shapes: readonly Shape[] }[];
    }
  | {
      readonly kind: 'joined';
      readonly separator: string;
      readonly items: readonly { readonly when: Condition; readonly shapes: readonly Shape[] }[];
    };

/** One place for a value. */
export interface Slot {
  /** `mark`: a `?`; `marks`: one `?` for each element of `over`; `tuples`: a bracketed group for each; `inline`: no `?` at all. */
  readonly kind: 'mark' | 'marks' | 'tuples' | 'inline';
  /** What must hold for the place to be there. */
  readonly path: readonly Condition[];
  readonly over?: Code;
  /** Columns of one tuple. */
  readonly width?: number;
  /** SQL before the place, for naming what is bound to it. */
  readonly before: string;
  /** Key of a named placeholder. */
  readonly name?: string;
}

/** Finds the places for values in SQL pieces; text in quotes and comments has none. */
export class PlaceholderReader {
  readonly slots: Slot[] = [];
  private quote: string | undefined;
  private before = '';
  private readonly named: boolean;

  constructor(named: boolean) {
    this.named = named;
  }

  read(pieces: readonly Piece[], path: readonly Condition[] = []): Shape[] {
    return pieces.flatMap((piece): Shape[] => {
      switch (piece.kind) {
        case 'literal':
          return this.readText(piece.text, path);
        case 'hole':
          return [this.inline(piece.code, path)];
        case 'repeated':
          return this.repeated(piece, path);
        case 'choice': {
          const quote = this.quote;
          const alternatives = exclusive(piece.alternatives).map(([own, { when, pieces: each }]) => {
            this.quote = quote;
            return { when, shapes: this.read(each, [...path, ...own]) };
          });
          return [{ kind: 'choice', alternatives }];
        }
        case 'joined': {
          const items = piece.items.map((item, index) => {
            if (index > 0) this.before += piece.separator;
            const own = item.when === TRUE ? [] : item.when.kind === 'all' ? item.when.of : [item.when];
            return { when: item.when, shapes: this.read(item.pieces, [...path, ...own]) };
          });
          return [{ kind: 'joined', separator: piece.separator, items }];
        }
      }
    });
  }

  private slot(slot: Omit<Slot, 'before'>): Shape {
    const whole = { ...slot, before: this.before };
    this.slots.push(whole);
    this.before += '?';
    return { kind: 'slot', slot: whole };
  }

  private inline(code: Code, path: readonly Condition[]): Shape {
    const escaped = code.kind === 'source' && this.quote === undefined ? escapedValue(code.node) : undefined;
    if (escaped && code.kind === 'source') return this.slot({ kind: 'inline', path, over: { ...code, node: escaped } });
    const type = code.kind === 'source' ? code.node.getType() : undefined;
    const isNumber = type && (type.isNumber() || type.isBigInt() || type.isNumberLiteral());
    if (this.quote !== undefined || !isNumber) {
      const source = code.kind === 'source' ? code.node.getText() : 'a computed value';
      throw new Untold(`the SQL text contains \${${source.slice(0, 80)}}, whose possible values can't be told`);
    }
    return this.slot({ kind: 'inline', path, over: code });
  }

  private repeated(piece: Piece & { kind: 'repeated' }, path: readonly Condition[]): Shape[] {
    const isList = piece.text.trim() === '?' && piece.separator.trim() === ',';
    const tuple = /^\(\s*\?(\s*,\s*\?)*\s*\)$/.test(piece.text.trim()) && piece.separator.trim() === ',';
    if (isList) return [this.slot({ kind: 'marks', path, over: piece.over })];
    if (!tuple) throw new Untold(`the text ${JSON.stringify(piece.text)} is repeated over a list`);
    return [this.slot({ kind: 'tuples', path, over: piece.over, width: piece.text.split('?').length - 1 })];
  }

  private readText(text: string, path: readonly Condition[]): Shape[] {
    const shapes: Shape[] = [];
    let plain = '';
    const flush = (): void => {
      if (plain !== '') shapes.push({ kind: 'text', text: plain });
      plain = '';
    };
    for (let index = 0; index < text.length; index += 1) {
      const character = text.charAt(index);
      if (this.quote !== undefined) {
        plain += character;
        this.before += character;
        if (character === '\\' && this.quote !== '`' && index + 1 < text.length) plain += text.charAt((index += 1));
        else if (text.startsWith(this.quote, index)) {
          plain += this.quote.slice(1);
          index += this.quote.length - 1;
          this.quote = undefined;
        }
        continue;
      }
      const name = this.named && character === ':' ? /^:([A-Za-z_]\w*)/.exec(text.slice(index))?.[1] : undefined;
      if (character === '?' && text[index + 1] === '?') throw new Untold('an identifier is bound by ??');
      if ((character === '?' && !this.named) || name !== undefined) {
        flush();
        shapes.push(this.slot({ kind: 'mark', path, ...(name === undefined ? {} : { name }) }));
        index += name?.length ?? 0;
        continue;
      }
      if ('\'"`'.includes(character)) this.quote = character;
      else if (text.startsWith('/*', index)) this.quote = '*/';
      else if (text.startsWith('-- ', index) || character === '#') this.quote = '\n';
      plain += character;
      this.before += character;
    }
    flush();
    return shapes;
  }
}

/** `mysql.escape(value)`, `pool.escape(value)` put a value into the text as the driver itself would. */
function escapedValue(node: Expression): Expression | undefined {
  if (!Node.isCallExpression(node)) return undefined;
  const callee = node.getExpression();
  const from = importedName(callee);
  const isEscape = from
    ? isDriverModule(from.module) && from.name === 'escape'
    : Node.isPropertyAccessExpression(callee) &&
      callee.getName() === 'escape' &&
      handleOf(callee.getExpression()) !== undefined;
  const [value] = node.getArguments();
  return isEscape && Node.isExpression(value) ? value : undefined;
}

/** Conditions that say something new: those that others of the same path imply are left out. */
export function normalisedPath(path: readonly Condition[], write: (condition: Condition) => string): string[] {
  const flat = path.flatMap((each) => (each.kind === 'all' ? each.of : [each]));
  const keys = new Set(flat.filter((each) => each.kind !== 'any').map(write));
  for (const each of flat) {
    if (each.kind !== 'any') continue;
    const implied = each.of.some((member) =>
      (member.kind === 'all' ? member.of : [member]).every((one) => keys.has(write(one))),
    );
    if (!implied) keys.add(write(each));
  }
  return [...keys].sort();
}
