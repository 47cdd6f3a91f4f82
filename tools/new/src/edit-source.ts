import ts from 'typescript';
import { Failure } from './failure.ts';

type Pick = (source: string) => boolean;

/**
 * Adds to a TypeScript file without a change of what is there. Each addition finds its place in the syntax tree; the
 * formatter sets line breaks and sorts imports afterwards.
 */
export class SourceEdit {
  #text: string;
  readonly #path: string;

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  get #file(): ts.SourceFile {
    return ts.createSourceFile(this.#path, this.#text, ts.ScriptTarget.Latest, true);
  }

  #insert(at: number, text: string): this {
    this.#text = this.#text.slice(0, at) + text + this.#text.slice(at);
    return this;
  }

  /** Imports a name: beside others from the same module, or by a line of its own. */
  import(name: string, module: string): this {
    const imports = this.#file.statements.filter(ts.isImportDeclaration);
    const found = imports.find(
      ({ moduleSpecifier, importClause }) =>
        ts.isStringLiteral(moduleSpecifier) &&
        moduleSpecifier.text === module &&
        importClause?.phaseModifier === undefined,
    );
    const bindings = found?.importClause?.namedBindings;
    if (bindings !== undefined && ts.isNamedImports(bindings)) {
      if (bindings.elements.some((element) => element.name.text === name.replace(/^type /, ''))) return this;
      return this.#addTo(bindings.elements, bindings, name);
    }
    return this.#insert(imports.at(-1)?.end ?? 0, `\nimport { ${name} } from '${module}';`);
  }

  /** Exports everything of a module, behind the other exports. */
  exportAll(module: string): this {
    const exports = this.#file.statements.filter(ts.isExportDeclaration);
    return this.#insert(exports.at(-1)?.end ?? this.#text.length, `\nexport * from '${module}';`);
  }

  /** Adds a member to a union of types. */
  addToUnion(type: string, member: string): this {
    const alias = this.#file.statements
      .filter(ts.isTypeAliasDeclaration)
      .find(({ name }) => name.text === type);
    return this.#insert(this.#found(alias, `the type ${type}`).type.end, ` | ${member}`);
  }

  /**
   * Adds an element to the array that a variable holds, or that a property somewhere in it holds: `known`, `api.routes`.
   *
   * @param after picks the elements, by their source, behind the last of which it goes; all by default
   */
  addToArray(path: string, element: string, after?: Pick): this {
    const array = this.#value(path);
    if (!ts.isArrayLiteralExpression(array)) throw this.#lacks(`the array ${path}`);
    return this.#addTo(array.elements, array, element, after);
  }

  /** Adds an element to the tuple type of a variable. @param after as in `addToArray` */
  addToTuple(variable: string, element: string, after?: Pick): this {
    const declared = this.#variable(variable).type;
    const tuple = declared && ts.isTypeOperatorNode(declared) ? declared.type : declared;
    if (tuple === undefined || !ts.isTupleTypeNode(tuple)) throw this.#lacks(`the tuple type of ${variable}`);
    return this.#addTo(tuple.elements, tuple, element, after);
  }

  /** Adds a property to the object that a variable holds, or that a property somewhere in it holds. */
  addToObject(path: string, property: string): this {
    const object = this.#value(path);
    if (!ts.isObjectLiteralExpression(object)) throw this.#lacks(`the object ${path}`);
    return this.#addTo(object.properties, object, property);
  }

  /** Adds to the object that is the first argument of the first call of a function. */
  addToArgument(callee: string, property: string): this {
    const [call] = this.calls(callee);
    const argument = call?.arguments[0];
    if (argument === undefined || !ts.isObjectLiteralExpression(argument))
      throw this.#lacks(`the call ${callee}({})`);
    return this.#addTo(argument.properties, argument, property);
  }

  /** Adds an element to the array that a property of that object holds; `false` where it has no such property. */
  addToArrayInArgument(callee: string, property: string, element: string): boolean {
    const argument = this.calls(callee)[0]?.arguments[0];
    const array = argument && propertyOf(argument, property);
    if (array === undefined || !ts.isArrayLiteralExpression(array)) return false;
    this.#addTo(array.elements, array, element);
    return true;
  }

  /** Adds text at the end, behind an empty line. */
  append(text: string): this {
    this.#text = `${this.#text.trimEnd()}\n\n${text.trim()}\n`;
    return this;
  }

  /** The calls of a function, in their order. */
  calls(callee: string): readonly ts.CallExpression[] {
    const found: ts.CallExpression[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText() === callee) found.push(node);
      node.forEachChild(visit);
    };
    this.#file.forEachChild(visit);
    return found;
  }

  /** The module that a name is imported from. */
  moduleOf(name: string): string | undefined {
    const found = this.#file.statements.filter(ts.isImportDeclaration).find(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      return (
        bindings && ts.isNamedImports(bindings) && bindings.elements.some((one) => one.name.text === name)
      );
    });
    return found && ts.isStringLiteral(found.moduleSpecifier) ? found.moduleSpecifier.text : undefined;
  }

  /** The elements of the array that a variable holds, or that a property somewhere in it holds. */
  elementsOf(path: string): readonly ts.Expression[] {
    const array = this.#value(path);
    if (!ts.isArrayLiteralExpression(array)) throw this.#lacks(`the array ${path}`);
    return array.elements;
  }

  /** The variables of the module with the expressions that they hold. */
  variables(): ReadonlyMap<string, ts.Expression> {
    const declarations = this.#declarations();
    return new Map(
      declarations.flatMap(({ name, initializer }) =>
        ts.isIdentifier(name) && initializer !== undefined ? [[name.text, initializer] as const] : [],
      ),
    );
  }

  #declarations(): readonly ts.VariableDeclaration[] {
    return this.#file.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => [...declarationList.declarations]);
  }

  #variable(variable: string): ts.VariableDeclaration {
    const declaration = this.#declarations().find(({ name }) => name.getText() === variable);
    return this.#found(declaration, `the variable ${variable}`);
  }

  #value(path: string): ts.Expression {
    const [variable = '', ...properties] = path.split('.');
    const whole = this.#found(this.#variable(variable).initializer, `the value of ${variable}`);
    return properties.reduce<ts.Expression>(
      (object, property) => this.#found(propertyOf(object, property), path),
      bare(whole),
    );
  }

  #addTo(list: ts.NodeArray<ts.Node>, whole: ts.Node, text: string, after: Pick = () => true): this {
    const last = list.findLast((element) => after(element.getText()));
    if (last !== undefined) return this.#insert(last.end, `, ${text}`);
    if (list.length > 0) throw this.#lacks(`an element for ${text} to follow`);
    return this.#insert(whole.getStart() + 1, text);
  }

  #found<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw this.#lacks(what);
    return value;
  }

  #lacks(what: string): Failure {
    return new Failure(`${this.#path} does not have ${what}, to which the generator would add`);
  }
}

/** The value of a property of an object literal; `undefined` for anything else. */
export function propertyOf(object: ts.Expression, property: string): ts.Expression | undefined {
  if (!ts.isObjectLiteralExpression(object)) return undefined;
  const member = object.properties
    .filter(ts.isPropertyAssignment)
    .find(({ name }) => nameOf(name) === property);
  return member && bare(member.initializer);
}

/** An expression without `as const` and `satisfies`. */
function bare(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)
    ? bare(expression.expression)
    : expression;
}

const nameOf = (name: ts.PropertyName): string =>
  ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : name.getText();
