import { Node, type CallExpression, type ClassDeclaration, type Decorator, type Project } from 'ts-morph';
import type { UnresolvedAccess } from '../../../core/data-access.ts';
import { eachOf, optionOf, pathsOf } from './constant-paths.ts';
import { functionOf } from './declared.ts';
import { importedName } from './imports.ts';
import { unresolvedAt } from './other-access.ts';
import { ownFiles } from './project.ts';
import { declarationOf, unwrap } from './syntax.ts';

/** A method of a NestJS controller that answers requests. */
export interface NestRoute {
  readonly node: Node;
  readonly method: string;
  readonly path: string;
  /** What stands in front, outermost first: middleware and guards of the application, the controller, the method. */
  readonly guards: readonly Node[];
  /** Code that runs: the handler, and the guards' own methods. */
  readonly runs: readonly Node[];
}

const VERBS: ReadonlyMap<string, string> = new Map(
  ['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options', 'All', 'Sse'].map((name) => [
    name,
    name === 'Sse' ? 'GET' : name.toUpperCase(),
  ]),
);

/** Routes by decorators, with the global prefix, versions, guards and middleware of modules. */
export function nestRoutes(
  project: Project,
  calls: readonly CallExpression[],
  root: string,
): { routes: NestRoute[]; unresolved: UnresolvedAccess[] } {
  const classes = ownFiles(project).flatMap((file) => file.getDescendants().filter(Node.isClassDeclaration));
  const controllers = classes.flatMap((each) => {
    const decorator = nestDecorator(each.getDecorators(), 'Controller');
    return decorator ? [{ owner: each, decorator }] : [];
  });
  const unresolved: UnresolvedAccess[] = [];
  if (controllers.length === 0) return { routes: [], unresolved };
  const everywhere = [...globalGuards(calls, classes)];
  const prefix = argumentOf(calls, 'setGlobalPrefix').flatMap((each) => pathsOf(each) ?? [])[0] ?? '';
  const isVersioned = calls.some((each) => calledName(each) === 'enableVersioning');
  const middleware = calls.flatMap(appliedMiddleware);
  const routes = controllers.flatMap(({ owner, decorator }) => {
    const [given] = decorator.getArguments();
    const place = optionOf(given, 'path') ?? (Node.isObjectLiteralExpression(given) ? undefined : given);
    const bases = place === undefined ? [''] : pathsOf(place);
    if (bases === undefined) {
      unresolved.push(unresolvedAt(decorator, 'the path of the controller is not a constant', root));
      return [];
    }
    const version = versionOf(owner.getDecorators()) ?? optionText(given, 'version');
    return owner.getMethods().flatMap((handler) =>
      handler.getDecorators().flatMap((each): NestRoute[] => {
        const verb = VERBS.get(nestName(each) ?? '');
        if (verb === undefined) return [];
        const [own] = each.getArguments();
        const paths = own === undefined ? [''] : pathsOf(own);
        if (paths === undefined) {
          unresolved.push(unresolvedAt(each, 'the path of the route is not a constant', root));
          return [];
        }
        const numbered = isVersioned ? (versionOf(handler.getDecorators()) ?? version) : undefined;
        const guards = [...guardsOf(owner.getDecorators()), ...guardsOf(handler.getDecorators())];
        return bases.flatMap((base) =>
          paths.map((path) => {
            const full = `/${[prefix, numbered === undefined ? '' : `v${numbered}`, base, path].join('/')}`;
            const standing = middleware.filter((one) => one.covers(full.replace(/\/{2,}/g, '/'), owner));
            const all = [...standing.flatMap((one) => one.nodes), ...everywhere, ...guards];
            return { node: each, method: verb, path: full, guards: all, runs: [handler, ...all.flatMap(methodsOf)] };
          }),
        );
      }),
    );
  });
  return { routes, unresolved };
}

function nestName(decorator: Decorator): string | undefined {
  const call = decorator.getCallExpression();
  const from = importedName(call ? call.getExpression() : decorator.getNameNode());
  return from?.module.startsWith('@nestjs/') === true ? from.name : undefined;
}

function nestDecorator(decorators: readonly Decorator[], name: string): Decorator | undefined {
  return decorators.find((each) => nestName(each) === name);
}

/** `@UseGuards(A, B)`, also inside a decorator of the application: `const Auth = () => applyDecorators(UseGuards(A))`. */
function guardsOf(decorators: readonly Decorator[]): Node[] {
  return decorators.flatMap((each) => {
    if (nestName(each) === 'UseGuards') return each.getArguments();
    const call = each.getCallExpression();
    const target =
      nestName(each) === undefined ? functionOf(call ? call.getExpression() : each.getNameNode()) : undefined;
    return (target?.getDescendants().filter(Node.isCallExpression) ?? []).flatMap((inner) =>
      importedName(inner.getExpression())?.name === 'UseGuards' ? inner.getArguments() : [],
    );
  });
}

/** `app.useGlobalGuards(new A())`, and providers of `APP_GUARD`. */
function globalGuards(calls: readonly CallExpression[], classes: readonly ClassDeclaration[]): Node[] {
  const provided = classes
    .flatMap((each) => nestDecorator(each.getDecorators(), 'Module')?.getArguments() ?? [])
    .flatMap((each) => eachOf(optionOf(each, 'providers')))
    .flatMap((each) => {
      const token = optionOf(each, 'provide');
      const given = optionOf(each, 'useClass') ?? optionOf(each, 'useExisting');
      return token?.getText() === 'APP_GUARD' && given ? [given] : [];
    });
  return [...argumentOf(calls, 'useGlobalGuards'), ...provided];
}

function argumentOf(calls: readonly CallExpression[], name: string): Node[] {
  return calls.filter((each) => calledName(each) === name).flatMap((each) => each.getArguments());
}

function calledName(call: CallExpression): string | undefined {
  const callee = call.getExpression();
  return Node.isPropertyAccessExpression(callee) ? callee.getName() : undefined;
}

interface Applied {
  readonly nodes: readonly Node[];
  readonly covers: (path: string, controller: ClassDeclaration) => boolean;
}

/** `consumer.apply(A).forRoutes('cats', CatsController, { path, method })`. */
function appliedMiddleware(call: CallExpression): Applied[] {
  if (calledName(call) !== 'forRoutes') return [];
  const chain = call.getDescendants().filter(Node.isCallExpression);
  const applied = chain.find((each) => calledName(each) === 'apply');
  if (applied === undefined) return [];
  const targets = call.getArguments().map((each) => {
    const paths = pathsOf(optionOf(each, 'path') ?? each);
    return paths
      ? { path: `/${paths[0] ?? ''}`.replace(/\/{2,}/g, '/').replace(/\/?(\{?\*\w*\}?|\(\.\*\))$/, '') }
      : { owner: classOf(each) };
  });
  return [
    {
      nodes: applied.getArguments(),
      covers: (path, controller) =>
        targets.some((each) =>
          each.path === undefined
            ? each.owner === controller
            : each.path === '' ||
              path === each.path ||
              path.startsWith(`${each.path}/`) ||
              path.includes(`${each.path}/`),
        ),
    },
  ];
}

function versionOf(decorators: readonly Decorator[]): string | undefined {
  const [given] = nestDecorator(decorators, 'Version')?.getArguments() ?? [];
  return given && pathsOf(given)?.[0];
}

function optionText(options: Node | undefined, name: string): string | undefined {
  const value = optionOf(options, name);
  return value && pathsOf(value)?.[0];
}

function classOf(node: Node): ClassDeclaration | undefined {
  const bare = unwrap(node);
  const made = Node.isNewExpression(bare) ? bare.getExpression() : bare;
  const declaration = Node.isIdentifier(made) ? declarationOf(made) : undefined;
  return Node.isClassDeclaration(declaration) ? declaration : undefined;
}

/** What of a guard or middleware class runs, or the function itself. */
function methodsOf(node: Node): Node[] {
  const owner = classOf(node);
  if (owner) return owner.getMethods().filter((each) => ['canActivate', 'use'].includes(each.getName()));
  const target = functionOf(node);
  return target ? [target] : [];
}
